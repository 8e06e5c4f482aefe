using System.Security.Cryptography;
using System.Text;

namespace NotifyGateway.Core.Configuration;

/// <summary>Who a secret belongs to. Compares in constant time: every secret's SHA-256 is looked at, whatever the answer.</summary>
public sealed class ClientDirectory
{
    /// <summary>The client that a request without a secret acts as, where that is allowed.</summary>
    public const string Anonymous = "anonymous";

    /// <summary>The client that holds the administrator's secret.</summary>
    public const string Admin = "admin";

    /// <summary>The client as whom the gateway itself tells of what did not arrive (<c>Gateway:Escalate</c>).</summary>
    public const string Escalation = "escalation";

    /// <summary>Names that no configured client has.</summary>
    internal static readonly IReadOnlyList<string> Reserved = [Anonymous, Admin, Escalation];

    private readonly AnonymousAccess _anonymous;
    private readonly TimeProvider _time;
    private readonly (string Name, byte[] Hash, ClientOptions? Options)[] _entries;

    public ClientDirectory(GatewayOptions options, TimeProvider time)
    {
        _anonymous = options.Anonymous;
        _time = time;
        var entries = new List<(string, byte[], ClientOptions?)>();
        if (Hash(options.Admin.Secret, options.Admin.SecretSha256) is { } admin)
        {
            entries.Add((Admin, admin, null));
        }

        foreach (var (name, client) in options.Clients)
        {
            if (Hash(client.Secret, client.SecretSha256) is { } hash)
            {
                entries.Add((name, hash, client));
            }
        }

        _entries = [.. entries];
    }

    /// <summary>Whether a request without a secret is served, as client <see cref="Anonymous"/>.</summary>
    public bool AllowsAnonymous(bool loopback) => _anonymous == AnonymousAccess.Any || (_anonymous == AnonymousAccess.Loopback && loopback);

    /// <summary>Whether anybody could be let in as this client now.</summary>
    public bool Has(string client) => string.Equals(client, Anonymous, StringComparison.Ordinal)
        ? _anonymous != AnonymousAccess.None
        : Array.Exists(_entries, e => string.Equals(e.Name, client, StringComparison.OrdinalIgnoreCase) && IsUsable(e.Options));

    /// <summary>The client whose secret this is; null for a wrong secret, a disabled or an expired client.</summary>
    /// <param name="secret">The secret's bytes, UTF-8.</param>
    /// <param name="client">The name the sender gave with it, if any: then it must be that client's.</param>
    public string? Identify(ReadOnlySpan<byte> secret, string? client = null)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(secret, hash);
        string? found = null;
        foreach (var (name, expected, options) in _entries)
        {
            var equal = CryptographicOperations.FixedTimeEquals(hash, expected);
            var named = client is null || string.Equals(client, name, StringComparison.OrdinalIgnoreCase);
            if (equal && named && IsUsable(options))
            {
                found ??= name;
            }
        }

        return found;
    }

    /// <inheritdoc cref="Identify(ReadOnlySpan{byte}, string?)"/>
    public string? Identify(string secret, string? client = null) => Identify(Encoding.UTF8.GetBytes(secret), client);

    private bool IsUsable(ClientOptions? options) => options is null || (!options.Disabled && !(options.Expires <= _time.GetUtcNow()));

    private static byte[]? Hash(string? secret, string? sha256) =>
        !string.IsNullOrEmpty(sha256) ? Convert.FromHexString(sha256)
        : !string.IsNullOrEmpty(secret) ? SHA256.HashData(Encoding.UTF8.GetBytes(secret))
        : null;
}
