using System.Globalization;
using System.Text.RegularExpressions;

namespace NotifyGateway.Core.Protocols.Irc;

/// <summary>
/// The nicks to try, in order: the wanted one, the fallback template with numbers, the wanted one with underscores; and, once a
/// server calls one erroneous (432, also for a nick that is too long), the same cut to nine characters, which RFC 1459 guarantees.
/// </summary>
public sealed partial class NickCandidates
{
    private const int TemplateAttempts = 20;
    private const int UnderscoreAttempts = 5;
    private const int GuaranteedLength = 9;

    private readonly string _wanted;
    private readonly string _template;
    private readonly int _first;
    private bool _short;
    private int _taken;

    /// <param name="wanted">The nick; a <c>%03d</c> in it stands for <paramref name="first"/>.</param>
    /// <param name="fallback">The template for a taken nick; null: <paramref name="wanted"/> itself if it holds a number, else it and a number.</param>
    /// <param name="first">The first number for the template.</param>
    public NickCandidates(string wanted, string? fallback, int first)
    {
        _first = first;
        var numbered = Placeholder().IsMatch(wanted);
        _template = fallback ?? (numbered ? wanted : wanted + "%d");
        _wanted = numbered ? Fill(wanted, first) : wanted;
        _taken = numbered ? 1 : 0;
        Current = _wanted;
    }

    /// <summary>The nick to ask for now.</summary>
    public string Current { get; private set; }

    /// <summary>The current one is in use: moves to the next. False when all were tried.</summary>
    public bool Taken()
    {
        if (_taken >= TemplateAttempts + UnderscoreAttempts)
        {
            return false;
        }

        var suffix = _taken < TemplateAttempts ? null : new string('_', _taken - TemplateAttempts + 1);
        Current = suffix is null ? Shorten(Fill(_template, _first + _taken), GuaranteedLength) : Shorten(_wanted, GuaranteedLength - suffix.Length) + suffix;
        _taken++;
        return true;
    }

    /// <summary>The server does not take the current one as a nick: tries it shorter. False when that was tried.</summary>
    public bool Erroneous()
    {
        if (_short || Current.Length <= GuaranteedLength)
        {
            return false;
        }

        _short = true;
        Current = Shorten(Current, GuaranteedLength);
        return true;
    }

    // A number must survive the cut, else every candidate would be the same: the letters before it are cut instead.
    private string Shorten(string nick, int length)
    {
        if (!_short || nick.Length <= length)
        {
            return nick;
        }

        var digits = nick.Length - nick.AsSpan().TrimEnd("0123456789").Length;
        return digits >= length ? nick[..length] : string.Concat(nick.AsSpan(0, length - digits), nick.AsSpan(nick.Length - digits));
    }

    private static string Fill(string template, int number) => Placeholder().Replace(template, match =>
        number.ToString("D" + (match.Groups["width"].Length > 0 ? match.Groups["width"].Value : "1"), CultureInfo.InvariantCulture), 1);

    [GeneratedRegex("%0?(?<width>[0-9]?)d", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Placeholder();
}
