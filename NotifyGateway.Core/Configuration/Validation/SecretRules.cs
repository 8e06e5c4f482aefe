using System.Security.Cryptography;
using System.Text;
using FluentValidation;

namespace NotifyGateway.Core.Configuration.Validation;

/// <summary>Rules about the secrets of clients and the tokens of hooks. A message never repeats one.</summary>
internal static class SecretRules
{
    /// <summary>The shortest secret, in characters.</summary>
    public const int Shortest = 8;

    public static string? WrongSecret(string secret) =>
        secret.Any(c => char.IsControl(c) || char.IsWhiteSpace(c)) ? "must not hold spaces or control characters"
        : secret.Length < Shortest ? $"must not be shorter than {Shortest} characters (the command token prints a good one)"
        : null;

    /// <summary>One secret for two would make the second never seen.</summary>
    public static void SecretsAreUnique(GatewayOptions options, ValidationContext<GatewayOptions> context)
    {
        var owners = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        Claim(nameof(GatewayOptions.Admin), nameof(AdminOptions.Secret), options.Admin.Secret, options.Admin.SecretSha256);
        foreach (var (name, client) in options.Clients)
        {
            Claim($"{nameof(GatewayOptions.Clients)}:{name}", nameof(ClientOptions.Secret), client.Secret, client.SecretSha256);
        }

        foreach (var (name, hook) in options.Hooks)
        {
            Claim($"{nameof(GatewayOptions.Hooks)}:{name}", nameof(HookOptions.Token), hook.Token, hook.TokenSha256);
        }

        void Claim(string owner, string key, string? secret, string? sha256)
        {
            if ((sha256 ?? (secret is null ? null : Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(secret))))) is { } hash && !owners.TryAdd(hash, owner))
            {
                context.Fail($"{owner}:{key}{(sha256 is null ? "" : "Sha256")}", $"is the same secret as that of {owners[hash]}; each needs its own");
            }
        }
    }
}
