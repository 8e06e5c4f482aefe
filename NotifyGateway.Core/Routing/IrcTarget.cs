using System.Text;

namespace NotifyGateway.Core.Routing;

/// <summary>What may stand as a target of PRIVMSG and as a channel key, so that one word in a line stays one word.</summary>
internal static class IrcTarget
{
    /// <summary>Channel types that a name is recognized by before any server has told its own (RFC 2811, section 2.1).</summary>
    public const string ChannelPrefixes = "#&+!";

    /// <summary>
    /// The longest target and the longest key, in UTF-8 bytes. Above every CHANNELLEN in use, and low enough that a line of 512 bytes
    /// keeps room for text behind the target and the prefix that the server adds.
    /// </summary>
    public const int MaxBytes = 200;

    public static bool IsChannel(string name) => name.Length > 0 && ChannelPrefixes.Contains(name[0], StringComparison.Ordinal);

    /// <summary>Folds to the name of a lane: ASCII letters only.</summary>
    /// <remarks>
    /// A server may fold more (<c>CASEMAPPING=rfc1459</c> makes <c>{|}^</c> the lower case of <c>[\]~</c>). It is not connected yet when a
    /// name is resolved, so <c>#a[</c> and <c>#a{</c> are two lanes even where the server has them as one channel.
    /// </remarks>
    public static string Fold(string name) => string.Create(name.Length, name, static (folded, source) =>
    {
        for (var i = 0; i < folded.Length; i++)
        {
            folded[i] = char.IsAsciiLetterUpper(source[i]) ? (char)(source[i] | 0x20) : source[i];
        }
    });

    /// <summary>A destination's address: the target, and behind one space the key, if there is one.</summary>
    public static string Address(string target, string? key) => string.IsNullOrEmpty(key) ? target : string.Concat(target, " ", key);

    /// <summary>Undoes <see cref="Address"/>.</summary>
    public static (string Target, string? Key) Split(string address)
    {
        var space = address.IndexOf(' ', StringComparison.Ordinal);
        return space < 0 ? (address, null) : (address[..space], address[(space + 1)..]);
    }

    /// <summary>Null, or why <paramref name="name"/> can be no channel, in words for its sender.</summary>
    public static string? ChannelFault(string name) =>
        !IsChannel(name) ? $"a channel begins with one of {ChannelPrefixes}"
        : name.Contains(',', StringComparison.Ordinal) ? "a channel name holds no comma; give each channel as a destination of its own"
        : WordFault(name, "channel name");

    /// <summary>Null, or why <paramref name="name"/> can be no nick, in words for its sender.</summary>
    /// <remarks>Looser than RFC 2812, since services and bouncers use more, but masks (<c>$*.net</c>), <c>nick!user@host</c> and STATUSMSG prefixes are none.</remarks>
    public static string? NickFault(string name) =>
        name.Length == 0 ? "the nick is empty"
        : "#&+!@%~$:".Contains(name[0], StringComparison.Ordinal) ? $"a nick does not begin with {name[0]}"
        : name.AsSpan().IndexOfAny(",*?!@") is >= 0 and var at ? $"a nick holds no {name[at]}"
        : WordFault(name, "nick");

    /// <summary>Null, or why <paramref name="key"/> can be no channel key. Does not quote it.</summary>
    public static string? KeyFault(string key) =>
        key.Contains(',', StringComparison.Ordinal) ? "a channel key holds no comma"
        : key.StartsWith(':') ? "a channel key does not begin with a colon"
        : WordFault(key, "channel key");

    private static string? WordFault(string word, string what)
    {
        foreach (var rune in word.EnumerateRunes())
        {
            if (rune.Value == ' ')
            {
                return $"a {what} holds no space";
            }

            if (Rune.IsControl(rune))
            {
                return $"a {what} holds no control character";
            }

            if (rune == Rune.ReplacementChar)
            {
                return $"the {what} is no valid Unicode";
            }
        }

        return Encoding.UTF8.GetByteCount(word) > MaxBytes ? $"a {what} has at most {MaxBytes} bytes" : null;
    }
}
