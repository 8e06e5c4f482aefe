using System.Globalization;

namespace NotifyGateway.Core.Formatting;

/// <summary>The colours that senders name, as those of IRC's 16 that can be read on black and on white.</summary>
internal static class IrcColour
{
    private const string Red = "04", Orange = "07", Green = "03", Cyan = "10", Blue = "12", Purple = "06", Grey = "14";

    /// <summary>Less than this between the strongest and the weakest part of a colour (0 to 255), and it is a grey.</summary>
    private const int LeastChroma = 40;

    /// <summary>The two digits for <c>good</c>, <c>warning</c>, <c>danger</c>, <c>#rrggbb</c> or <c>#rgb</c>; null for anything else.</summary>
    /// <remarks>By hue, not by distance: what a sender means by a pale or a dark red is red.</remarks>
    public static string? Nearest(string? colour) => colour?.Trim() switch
    {
        "good" => Green,
        "warning" => Orange,
        "danger" => Red,
        ['#', .. { Length: 6 } hex] => OfHex(hex),
        ['#', var r, var g, var b] => OfHex($"{r}{r}{g}{g}{b}{b}"),
        _ => null,
    };

    private static string? OfHex(string hex)
    {
        if (!int.TryParse(hex, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var colour))
        {
            return null;
        }

        int r = colour >> 16, g = (colour >> 8) & 0xFF, b = colour & 0xFF;
        var strongest = Math.Max(r, Math.Max(g, b));
        double chroma = strongest - Math.Min(r, Math.Min(g, b));
        if (chroma < LeastChroma)
        {
            return Grey;
        }

        var hue = 60 * (strongest == r ? (g - b) / chroma : strongest == g ? 2 + ((b - r) / chroma) : 4 + ((r - g) / chroma));
        return (hue < 0 ? hue + 360 : hue) switch
        {
            < 20 or >= 335 => Red,
            < 65 => Orange,
            < 170 => Green,
            < 200 => Cyan,
            < 255 => Blue,
            _ => Purple,
        };
    }
}
