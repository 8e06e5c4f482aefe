using System.Globalization;

namespace NotifyGateway.Core.Templates;

/// <summary>A moment as people read it: <c>2026-03-01 12:00 UTC</c>.</summary>
internal static class ShortDate
{
    /// <summary>More digits than this are milliseconds: the year 5138 in seconds, 1973 in milliseconds.</summary>
    private const int MostSecondDigits = 11;

    /// <summary>Of ISO 8601, or of seconds or milliseconds since 1970. What is no moment stays as it is; the year 1, with which some programs say that there is none, is nothing.</summary>
    public static string Of(string text)
    {
        if (Moment(text) is not { } moment)
        {
            return text;
        }

        return moment.Year == 1 ? "" : moment.ToUniversalTime().ToString("yyyy-MM-dd HH:mm' UTC'", CultureInfo.InvariantCulture);
    }

    private static DateTimeOffset? Moment(string text)
    {
        if (long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number))
        {
            var milliseconds = text.Length > MostSecondDigits ? number : number * 1000;
            return milliseconds <= DateTimeOffset.MaxValue.ToUnixTimeMilliseconds() ? DateTimeOffset.FromUnixTimeMilliseconds(milliseconds) : null;
        }

        // The format's date comes first: the parser would take a lone "5" for a day, too.
        return text.Length >= "2026-03-01".Length && char.IsAsciiDigit(text[0])
            && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var moment) ? moment : null;
    }
}
