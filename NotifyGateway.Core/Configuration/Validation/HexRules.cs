namespace NotifyGateway.Core.Configuration.Validation;

/// <summary>SHA-256 in hex.</summary>
internal static class HexRules
{
    private const int Digits = 64;

    public static string? WrongHash(string text) => IsHash(text) ? null : $"must be a SHA-256 in hex, {Digits} digits (the command token prints one)";

    /// <summary>As <c>openssl x509 -fingerprint -sha256</c> prints it, or without the colons.</summary>
    public static string? WrongFingerprint(string text) =>
        IsHash(text.Replace(":", "", StringComparison.Ordinal)) ? null : $"must be the certificate's SHA-256 in hex, {Digits} digits, colons allowed";

    public static bool IsHash(string text) => text.Length == Digits && text.All(char.IsAsciiHexDigit);
}
