using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace NotifyGateway.Core.Dialects.Hooks;

/// <summary>
/// Whether a request was signed with a hook's secret. Every scheme is over the body's bytes as they came; comparisons take constant time.
/// A request is genuine when one of its signatures is right: GitLab sends a token beside its signature, and only one of them can be this secret.
/// </summary>
public static class HookSignature
{
    /// <summary>How far a sender's timestamp may be from our clock, either way.</summary>
    public static readonly TimeSpan Window = TimeSpan.FromMinutes(5);

    private const string StandardPrefix = "whsec_";
    private const string GrafanaSignature = "X-Grafana-Alerting-Signature";

    /// <summary>HMAC-SHA256 of the body, in hex: Gitea, Forgejo and Sentry. GitHub's has the algorithm in front.</summary>
    private static readonly string[] OfTheBody = ["X-Gitea-Signature", "X-Forgejo-Signature", "Sentry-Hook-Signature", "X-Hub-Signature-256", GrafanaSignature];

    /// <summary>Grafana leaves the name of this header to its user; these are the names of its documents.</summary>
    private static readonly string[] GrafanaTimestamps = ["X-Grafana-Alerting-Signature-Timestamp", "X-Grafana-Alerting-Timestamp"];

    /// <param name="secret">The hook's; <c>whsec_…</c> holds a key in base64, as Standard Webhooks has it.</param>
    /// <param name="header">A header's value by its name; null when it is absent.</param>
    /// <param name="body">As it came.</param>
    /// <param name="now">For senders that sign their time.</param>
    public static bool IsRight(string secret, Func<string, string?> header, ReadOnlySpan<byte> body, DateTimeOffset now)
    {
        var key = Encoding.UTF8.GetBytes(secret);
        var sum = HMACSHA256.HashData(key, body);
        var isRight = header("X-Gitlab-Token") is { } token && CryptographicOperations.FixedTimeEquals(SHA256.HashData(Encoding.UTF8.GetBytes(token)), SHA256.HashData(key));
        foreach (var name in OfTheBody)
        {
            // Where Grafana signs its time too, the body alone is not what it has signed.
            isRight |= header(name) is { } signature && IsHex(signature, sum);
        }

        foreach (var name in GrafanaTimestamps)
        {
            isRight |= header(GrafanaSignature) is { } signature && header(name) is { } time && IsRecent(time, now) && IsHex(signature, Sum(key, $"{time}:", body));
        }

        return isRight | IsStandard(secret, header, body, now);
    }

    /// <summary>Standard Webhooks, which GitLab's signing token is: <c>v1,</c> and base64, any number of them with spaces between.</summary>
    private static bool IsStandard(string secret, Func<string, string?> header, ReadOnlySpan<byte> body, DateTimeOffset now)
    {
        if (header("webhook-id") is not { Length: > 0 } id || header("webhook-timestamp") is not { } time || header("webhook-signature") is not { } signatures || !IsRecent(time, now))
        {
            return false;
        }

        var isRight = false;
        foreach (var key in StandardKeys(secret))
        {
            var sum = Sum(key, $"{id}.{time}.", body);
            foreach (var signature in signatures.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            {
                var given = new byte[signature.Length];
                isRight |= signature.StartsWith("v1,", StringComparison.Ordinal) && Convert.TryFromBase64String(signature[3..], given, out var length)
                    && CryptographicOperations.FixedTimeEquals(given.AsSpan(0, length), sum);
            }
        }

        return isRight;
    }

    /// <summary>The key in base64 behind its prefix; without the prefix it may also be the text itself.</summary>
    private static IEnumerable<byte[]> StandardKeys(string secret)
    {
        var hasPrefix = secret.StartsWith(StandardPrefix, StringComparison.Ordinal);
        var encoded = hasPrefix ? secret[StandardPrefix.Length..] : secret;
        var bytes = new byte[encoded.Length];
        if (Convert.TryFromBase64String(encoded, bytes, out var length) && length > 0)
        {
            yield return bytes[..length];
        }

        if (!hasPrefix)
        {
            yield return Encoding.UTF8.GetBytes(secret);
        }
    }

    private static byte[] Sum(byte[] key, string before, ReadOnlySpan<byte> body)
    {
        using var hash = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, key);
        hash.AppendData(Encoding.UTF8.GetBytes(before));
        hash.AppendData(body);
        return hash.GetHashAndReset();
    }

    private static bool IsHex(string signature, ReadOnlySpan<byte> sum)
    {
        const string Algorithm = "sha256=";
        var digits = signature.StartsWith(Algorithm, StringComparison.OrdinalIgnoreCase) ? signature.AsSpan(Algorithm.Length) : signature;
        Span<byte> given = stackalloc byte[HMACSHA256.HashSizeInBytes];
        return digits.Length == 2 * given.Length
            && Convert.FromHexString(digits, given, out _, out _) == System.Buffers.OperationStatus.Done
            && CryptographicOperations.FixedTimeEquals(given, sum);
    }

    private static bool IsRecent(string time, DateTimeOffset now) =>
        long.TryParse(time, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds)
        && seconds >= (now - Window).ToUnixTimeSeconds() && seconds <= (now + Window).ToUnixTimeSeconds();
}
