using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace NotifyGateway.Core.Protocols.Sasl;

/// <summary>
/// SCRAM (RFC 5802; with SHA-256 RFC 7677): both sides show that they know the password, and neither says it. Messages are checked as
/// strictly as the RFC writes them: what cannot be understood aborts the exchange.
/// </summary>
/// <param name="hash">SHA-1, SHA-256 …; gives the mechanism its name.</param>
/// <param name="nonce">Ours: printable ASCII without commas, at least 16 characters, from a source that nobody can guess.</param>
/// <param name="binding">What is said of the channel below.</param>
internal sealed class SaslScram(HashAlgorithmName hash, string account, string password, string nonce, ChannelBinding binding) : ISaslMechanism
{
    /// <summary>
    /// Deriving the key keeps the caller busy: at this count for about a second. RFC 7677 asks for 4,096; the highest that is
    /// recommended today is 600,000 (OWASP). A server that wants more is broken, or wants to keep us busy.
    /// </summary>
    internal const int MostIterations = 1_000_000;

    private enum Stage { Initial, AwaitsSalt, AwaitsProof, Done }

    private Stage _stage;
    private string _firstBare = "";
    private byte[] _serverSignature = [];

    public string Name => $"SCRAM-{(hash == HashAlgorithmName.SHA1 ? "SHA-1" : hash.Name!.Insert(3, "-"))}{(binding.Binds ? "-PLUS" : "")}";

    public bool ByPassword => true;

    public bool Proved => _stage >= Stage.AwaitsProof;

    public bool Complete => _stage == Stage.Done;

    public SaslStep Begin()
    {
        if (SaslPrep.Prepare(account) is not { Length: > 0 } name)
        {
            return SaslStep.Aborted("the account's name holds characters that SASLprep (RFC 4013) forbids");
        }

        _stage = Stage.AwaitsSalt;
        _firstBare = $"n={name.Replace("=", "=3D", StringComparison.Ordinal).Replace(",", "=2C", StringComparison.Ordinal)},r={nonce}";
        return new SaslStep(Encoding.UTF8.GetBytes(binding.Header + _firstBare));
    }

    public SaslStep Answer(ReadOnlySpan<byte> challenge)
    {
        var fields = Encoding.UTF8.GetString(challenge);
        return fields.StartsWith("e=", StringComparison.Ordinal) ? SaslStep.Aborted($"{Name}: {Shown(fields[2..].Split(',')[0])}")
            : _stage switch
            {
                Stage.AwaitsSalt => Prove(fields),
                Stage.AwaitsProof => Verify(fields),
                _ => SaslStep.Aborted($"the server asks for more than {Name} has"),
            };
    }

    /// <summary>server-first-message: <c>r=nonce,s=salt,i=iterations[,extensions]</c>. An <c>m=</c> before it must be understood, and nobody has defined one.</summary>
    private SaslStep Prove(string serverFirst)
    {
        var fields = serverFirst.Split(',');
        if (fields.Length < 3 || Value(fields[0], "r=") is not { } shared || Value(fields[1], "s=") is not { } salt || Value(fields[2], "i=") is not { } count)
        {
            return SaslStep.Aborted($"{Name}: the server's first message is none");
        }

        if (!shared.StartsWith(nonce, StringComparison.Ordinal) || shared.Length == nonce.Length)
        {
            return SaslStep.Aborted($"{Name}: the server's nonce does not extend ours");
        }

        if (!int.TryParse(count, NumberStyles.None, CultureInfo.InvariantCulture, out var iterations) || iterations is < 1 or > MostIterations)
        {
            return SaslStep.Aborted($"{Name}: the server wants an iteration count that is not from 1 to {MostIterations}");
        }

        var saltBytes = new byte[salt.Length];
        if (!Convert.TryFromBase64String(salt, saltBytes, out var saltLength) || saltLength == 0)
        {
            return SaslStep.Aborted($"{Name}: the server's salt is none");
        }

        return SaslPrep.Prepare(password) is { Length: > 0 } prepared
            ? Prove(prepared, saltBytes.AsSpan(0, saltLength), iterations, serverFirst, shared)
            : SaslStep.Aborted("the password holds characters that SASLprep (RFC 4013) forbids");
    }

    private SaslStep Prove(string prepared, ReadOnlySpan<byte> salt, int iterations, string serverFirst, string shared)
    {
        var salted = Rfc2898DeriveBytes.Pbkdf2(Encoding.UTF8.GetBytes(prepared), salt, iterations, hash, CryptographicOperations.HashData(hash, []).Length);
        var clientKey = Hmac(salted, "Client Key");
        var withoutProof = $"c={binding.Encoded},r={shared}";
        var authMessage = $"{_firstBare},{serverFirst},{withoutProof}";
        var proof = Hmac(CryptographicOperations.HashData(hash, clientKey), authMessage);
        for (var i = 0; i < proof.Length; i++)
        {
            proof[i] ^= clientKey[i];
        }

        _serverSignature = Hmac(Hmac(salted, "Server Key"), authMessage);
        CryptographicOperations.ZeroMemory(salted);
        _stage = Stage.AwaitsProof;
        return new SaslStep(Encoding.UTF8.GetBytes($"{withoutProof},p={Convert.ToBase64String(proof)}"));
    }

    /// <summary>server-final-message: <c>v=signature[,extensions]</c>. Only who knows the password, or its derived keys, can make it.</summary>
    private SaslStep Verify(string serverFinal)
    {
        var signature = new byte[serverFinal.Length];
        if (Value(serverFinal.Split(',')[0], "v=") is not { } encoded || !Convert.TryFromBase64String(encoded, signature, out var length)
            || !CryptographicOperations.FixedTimeEquals(signature.AsSpan(0, length), _serverSignature))
        {
            return SaslStep.Aborted($"{Name}: the server has not shown that it knows the password", impostor: true);
        }

        _stage = Stage.Done;
        return new SaslStep([]);
    }

    private byte[] Hmac(byte[] key, string text) => CryptographicOperations.HmacData(hash, key, Encoding.UTF8.GetBytes(text));

    private static string? Value(string field, string name) => field.StartsWith(name, StringComparison.Ordinal) && field.Length > name.Length ? field[name.Length..] : null;

    /// <summary>RFC 5802 lists words like <c>invalid-proof</c>; whatever comes instead must be fit to be shown.</summary>
    private static string Shown(string error) => string.Concat(error.Where(c => !char.IsControl(c)).Take(100));
}
