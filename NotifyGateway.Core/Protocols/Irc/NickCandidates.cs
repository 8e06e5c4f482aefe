using System.Globalization;
using System.Text.RegularExpressions;

namespace NotifyGateway.Core.Protocols.Irc;

/// <summary>
/// The nicks to try, in order: the wanted one, the fallback template with numbers, the wanted one with underscores; and, once a
/// server calls one erroneous (432, also for a nick that is too long), the same cut to nine characters, which RFC 1459 guarantees.
/// </summary>
public sealed partial class NickCandidates
{
    /// <summary>The nick length that every server has (RFC 1459, section 1.2).</summary>
    public const int GuaranteedLength = 9;

    /// <summary>A server calls a nick erroneous too that services keep for its owner. Where it calls so many so, something else is wrong with them.</summary>
    private const int MostErroneous = 4;

    private const int TemplateAttempts = 20;
    private const int UnderscoreAttempts = 5;

    private readonly string _wanted;
    private readonly string _template;
    private readonly int _first;
    private int _length = int.MaxValue;
    private int _taken;
    private int _erroneous;

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

    /// <summary>The first choice, as long as this server lets it be.</summary>
    /// <param name="length">What the server says of it; null: what its refusals have shown.</param>
    public string Wanted(int? length) => Shorten(_wanted, Math.Max(1, length ?? _length));

    /// <summary>The nick to ask for now.</summary>
    public string Current { get; private set; }

    /// <summary>The current one is in use: moves to the next. False when all were tried.</summary>
    public bool Taken()
    {
        if (_taken >= TemplateAttempts + UnderscoreAttempts)
        {
            return false;
        }

        var refused = Current;
        Current = _taken < TemplateAttempts ? Shorten(Fill(_template, _first + _taken), _length) : Underscored(_taken - TemplateAttempts + 1);
        _taken++;
        // A template without a number, or cut to nothing but its number, gives the same again: not asked for twice.
        return !string.Equals(Current, refused, StringComparison.Ordinal) || Taken();
    }

    /// <summary>The server cuts nicks to this many characters, as what it calls taken shows.</summary>
    public void Cut(int length) => _length = Math.Clamp(length, 1, _length);

    /// <summary>The server does not take the current one as a nick: tries it shorter, then the next. False when enough were tried.</summary>
    public bool Erroneous()
    {
        if (++_erroneous > MostErroneous)
        {
            return false;
        }

        if (_length <= GuaranteedLength || Current.Length <= GuaranteedLength)
        {
            return Taken();
        }

        _length = GuaranteedLength;
        Current = Shorten(Current, GuaranteedLength);
        return true;
    }

    private string Underscored(int count) => Shorten(_wanted, Math.Max(1, _length - count)) + new string('_', count);

    // A number must survive the cut, else every candidate would be the same: the letters before it are cut instead.
    private static string Shorten(string nick, int length)
    {
        if (nick.Length <= length)
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
