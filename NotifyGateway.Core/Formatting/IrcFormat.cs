using System.Buffers;

namespace NotifyGateway.Core.Formatting;

/// <summary>The format codes that IRC clients know inside a text (modern.ircdocs.horse/formatting).</summary>
internal static class IrcFormat
{
    public const char Bold = '\x02';
    public const char Colour = '\x03';
    public const char HexColour = '\x04';
    public const char Reset = '\x0F';
    public const char Code = '\x11';
    public const char Italic = '\x1D';
    public const char Strike = '\x1E';

    /// <summary>The characters that begin a format code.</summary>
    public static readonly SearchValues<char> Codes = SearchValues.Create("\x02\x03\x04\x0F\x11\x16\x1D\x1E\x1F");

    /// <summary>How many UTF-16 units the format code at the start of <paramref name="text"/> takes, with its colours; 0 if there is none.</summary>
    public static int CodeLength(ReadOnlySpan<char> text)
    {
        if (text.IsEmpty || text[0] >= ' ')
        {
            return 0;
        }

        return text[0] switch
        {
            '\x02' or '\x0F' or '\x11' or '\x16' or '\x1D' or '\x1E' or '\x1F' => 1,
            '\x03' => 1 + Colours(text[1..], Digits),
            '\x04' => 1 + Colours(text[1..], Hex),
            _ => 0,
        };
    }

    /// <summary>A foreground and, behind a comma, a background; the comma belongs to the text if no colour follows it.</summary>
    private static int Colours(ReadOnlySpan<char> text, Func<ReadOnlySpan<char>, int> colour)
    {
        var foreground = colour(text);
        if (foreground == 0 || foreground == text.Length || text[foreground] != ',')
        {
            return foreground;
        }

        var background = colour(text[(foreground + 1)..]);
        return background == 0 ? foreground : foreground + 1 + background;
    }

    private static int Digits(ReadOnlySpan<char> text)
    {
        var length = 0;
        while (length < 2 && length < text.Length && char.IsAsciiDigit(text[length]))
        {
            length++;
        }

        return length;
    }

    private static int Hex(ReadOnlySpan<char> text)
    {
        const int Length = 6;
        if (text.Length < Length)
        {
            return 0;
        }

        foreach (var c in text[..Length])
        {
            if (!char.IsAsciiHexDigit(c))
            {
                return 0;
            }
        }

        return Length;
    }
}
