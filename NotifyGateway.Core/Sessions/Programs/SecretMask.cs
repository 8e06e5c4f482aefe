using System.Text;
using NotifyGateway.Core.Formatting;

namespace NotifyGateway.Core.Sessions.Programs;

/// <summary>Makes a program's output fit to be shown: the first 4 KiB as one line, without the secrets of the configuration.</summary>
internal sealed class SecretMask
{
    /// <summary>How much of an output is shown, in bytes.</summary>
    public const int MaxBytes = 4096;

    private const string Masked = "***";

    /// <summary>A shorter secret is masked only where it stands alone: it would be found in half of all words.</summary>
    private const int ShortestInside = 4;

    private volatile string[] _secrets;

    /// <param name="secrets">In clear.</param>
    public SecretMask(IEnumerable<string> secrets) => _secrets = InOrder(secrets);

    /// <summary>There are further secrets. Those of before are not shown either: a program that runs may still know them.</summary>
    public void Learn(IEnumerable<string> secrets) => _secrets = InOrder(_secrets.Union(secrets, StringComparer.Ordinal));

    /// <summary>Fit to be shown.</summary>
    /// <param name="isCut">There was more: what stands at the end may be the beginning of a secret.</param>
    public string Show(ReadOnlySpan<byte> output, bool isCut)
    {
        var text = Mask(Encoding.UTF8.GetString(output), isCut);
        return OneLine.Of(Encoding.UTF8.GetByteCount(text) <= MaxBytes ? text : First(text), MaxBytes);
    }

    /// <summary>The longest first: one may be a part of another.</summary>
    private static string[] InOrder(IEnumerable<string> secrets) => [.. secrets.OrderByDescending(s => s.Length).ThenBy(s => s, StringComparer.Ordinal)];

    private string Mask(string text, bool isCut)
    {
        if (isCut)
        {
            text = WithoutBeginningOfASecret(text.TrimEnd('\uFFFD'));
        }

        foreach (var secret in _secrets)
        {
            text = secret.Length >= ShortestInside ? text.Replace(secret, Masked, StringComparison.Ordinal) : MaskAlone(text, secret);
        }

        return text;
    }

    private string WithoutBeginningOfASecret(string text)
    {
        foreach (var secret in _secrets)
        {
            for (var length = Math.Min(secret.Length - 1, text.Length); length >= ShortestInside; length--)
            {
                if (text.AsSpan().EndsWith(secret.AsSpan(0, length), StringComparison.Ordinal))
                {
                    return string.Concat(text.AsSpan(0, text.Length - length), Masked);
                }
            }
        }

        return text;
    }

    private static string MaskAlone(string text, string secret)
    {
        var masked = new StringBuilder(text.Length);
        var copied = 0;
        for (var next = 0; text.IndexOf(secret, next, StringComparison.Ordinal) is >= 0 and var at;)
        {
            var end = at + secret.Length;
            next = at + 1;
            if ((at == copied || !char.IsLetterOrDigit(text[at - 1])) && (end == text.Length || !char.IsLetterOrDigit(text[end])))
            {
                masked.Append(text, copied, at - copied).Append(Masked);
                copied = next = end;
            }
        }

        return masked.Append(text, copied, text.Length - copied).ToString();
    }

    private static string First(string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        return Encoding.UTF8.GetString(bytes, 0, MaxBytes).TrimEnd('\uFFFD') + "…";
    }
}
