using System.Buffers.Text;
using System.CommandLine;
using System.Security.Cryptography;
using System.Text;

namespace NotifyGateway.Api.Cli;

/// <summary>Makes a secret for a client.</summary>
internal static class TokenCommand
{
    private const int SecretBytes = 32;

    public static Command Make()
    {
        var command = new Command("token", "Prints a fresh random secret and its SHA-256. The sender gets the first; the second may stand in the configuration as SecretSha256.");
        command.SetAction(parsed =>
        {
            var secret = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(SecretBytes));
            var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(secret)));
            parsed.InvocationConfiguration.Output.WriteLine($"secret: {secret}");
            parsed.InvocationConfiguration.Output.WriteLine($"sha256: {hash}");
            return ExitCode.Done;
        });
        return command;
    }
}
