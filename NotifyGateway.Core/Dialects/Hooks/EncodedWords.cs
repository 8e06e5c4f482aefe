using System.Text;
using System.Text.RegularExpressions;

namespace NotifyGateway.Core.Dialects.Hooks;

/// <summary>Encoded words of RFC 2047 in a header's value, such as <c>=?UTF-8?B?w6Q=?=</c>.</summary>
internal static partial class EncodedWords
{
    /// <summary>The value with its encoded words decoded, and no space between two of them. A word that is badly encoded stays as it is.</summary>
    public static string Decode(string value)
    {
        try
        {
            return !value.Contains("=?", StringComparison.Ordinal) ? value
                : Word().Replace(Between().Replace(value, "?="), w => Text(w.Groups["charset"].Value, w.Groups["encoding"].Value, w.Groups["text"].Value) ?? w.Value);
        }
        catch (RegexMatchTimeoutException)
        {
            return value;
        }
    }

    private static string? Text(string charset, string encoding, string text)
    {
        try
        {
            return Encoding.GetEncoding(charset).GetString(encoding is "b" or "B" ? Convert.FromBase64String(text) : Quoted(text));
        }
        catch (Exception e) when (e is ArgumentException or FormatException or NotSupportedException)
        {
            return null; // an unknown charset, UTF-7, or no Base64
        }
    }

    private static byte[] Quoted(string text)
    {
        var bytes = new List<byte>(text.Length);
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == '=' && i + 2 < text.Length)
            {
                bytes.AddRange(Convert.FromHexString(text.AsSpan(i + 1, 2)));
                i += 2;
            }
            else
            {
                bytes.AddRange(text[i] == '_' ? " "u8 : Encoding.UTF8.GetBytes(text, i, 1));
            }
        }

        return [.. bytes];
    }

    [GeneratedRegex(@"=\?(?<charset>[A-Za-z0-9_-]{1,40})(\*[^?]*)?\?(?<encoding>[BbQq])\?(?<text>[^?\s]*)\?=", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Word();

    [GeneratedRegex(@"\?=\s+(?==\?)", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Between();
}
