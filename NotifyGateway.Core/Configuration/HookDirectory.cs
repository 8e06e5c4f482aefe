using System.Security.Cryptography;
using System.Text;

namespace NotifyGateway.Core.Configuration;

/// <summary>A hook and its name.</summary>
public readonly record struct NamedHook(string Name, HookOptions Options);

/// <summary>Which hook a token belongs to. Compares in constant time: every token's SHA-256 is looked at, whatever the answer.</summary>
public sealed class HookDirectory
{
    private readonly (byte[] Hash, NamedHook Hook)[] _entries;

    public HookDirectory(GatewayOptions options) => _entries =
    [
        .. options.Hooks.Select(h => (
            h.Value.TokenSha256 is { } hash ? Convert.FromHexString(hash) : SHA256.HashData(Encoding.UTF8.GetBytes(h.Value.Token ?? "")),
            new NamedHook(h.Key, h.Value))),
    ];

    /// <summary>The hook whose token this is; null for any other.</summary>
    public NamedHook? Identify(string token)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.UTF8.GetBytes(token), hash);
        NamedHook? found = null;
        foreach (var (expected, hook) in _entries)
        {
            if (CryptographicOperations.FixedTimeEquals(hash, expected) && token.Length > 0)
            {
                found ??= hook;
            }
        }

        return found;
    }
}
