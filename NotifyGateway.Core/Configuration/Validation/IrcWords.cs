using System.Text;
using System.Text.RegularExpressions;

namespace NotifyGateway.Core.Configuration.Validation;

/// <summary>What words of an IRC line may look like (RFC 2812 section 2.3.1, as loosely as today's servers take them). Each says what is wrong, or null.</summary>
internal static partial class IrcWords
{
    /// <summary>The longest line without its CR LF, in bytes (RFC 2812 section 2.3).</summary>
    private const int LineBytes = 510;

    private const int ChannelBytes = 200;
    private const int NickBytes = 64;

    public static string? WrongNick(string nick) =>
        nick.Length == 0 ? "must not be empty"
        : HasSpaceOrControl(nick) ? "a nick must not hold spaces or control characters"
        : char.IsAsciiDigit(nick[0]) || "-#&+~:@%$".Contains(nick[0], StringComparison.Ordinal) ? $"a nick must not begin with '{nick[0]}'"
        : nick.AsSpan().IndexOfAny("!@,*?") >= 0 ? "a nick must not hold any of ! @ , * ?"
        : Encoding.UTF8.GetByteCount(nick) > NickBytes ? $"a nick must not be longer than {NickBytes} bytes"
        : null;

    /// <summary>A nick, or one with a place for a number: <c>bot%d</c>, <c>bot%03d</c>.</summary>
    public static string? WrongNickTemplate(string template)
    {
        var filled = NumberPlace().Replace(template, "0", count: 1);
        return filled.Contains('%', StringComparison.Ordinal) ? "may hold one place for a number, %d or %03d, and no other %" : WrongNick(filled);
    }

    public static string? WrongChannel(string channel) =>
        channel.Length < 2 || !"#&+!".Contains(channel[0], StringComparison.Ordinal) ? "a channel must begin with #, &, + or !, and have a name"
        : HasSpaceOrControl(channel) || channel.Contains(',', StringComparison.Ordinal) ? "a channel must not hold spaces, commas or control characters"
        : Encoding.UTF8.GetByteCount(channel) > ChannelBytes ? $"a channel must not be longer than {ChannelBytes} bytes"
        : null;

    public static string? WrongKey(string key) =>
        HasSpaceOrControl(key) || key.Contains(',', StringComparison.Ordinal) ? "a channel's key must not hold spaces, commas or control characters"
        : key.StartsWith(':') ? "a channel's key must not begin with a colon"
        : null;

    public static string? WrongUser(string user) =>
        HasSpaceOrControl(user) || user.Contains('@', StringComparison.Ordinal) ? "must not hold spaces, @ or control characters" : null;

    /// <summary>One word of what is said to services, or a name of SASL's.</summary>
    public static string? WrongAccount(string account) => HasSpaceOrControl(account) ? "must not hold spaces or control characters" : null;

    /// <summary>A last parameter, or a whole line: what could end the line early must not be in it.</summary>
    public static string? WrongLine(string line) =>
        line.AsSpan().IndexOfAny('\r', '\n', '\0') >= 0 ? "must not hold a line break or NUL: it is one line"
        : Encoding.UTF8.GetByteCount(line) > LineBytes ? $"must not be longer than {LineBytes} bytes"
        : null;

    private static bool HasSpaceOrControl(string text) => text.Any(c => char.IsControl(c) || char.IsWhiteSpace(c));

    [GeneratedRegex("%(0[1-9])?d", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex NumberPlace();
}
