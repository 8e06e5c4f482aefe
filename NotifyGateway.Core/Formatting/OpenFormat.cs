using System.Text;

namespace NotifyGateway.Core.Formatting;

/// <summary>The format that is on at the end of a piece of a line: clients end it with the line, so the next piece has to begin it again.</summary>
internal sealed class OpenFormat
{
    /// <summary>Codes without colours: each switches on and off.</summary>
    private const string Switches = "\x02\x11\x16\x1D\x1E\x1F";

    private int _on;
    private string _colour = "";

    /// <summary>Takes in a piece.</summary>
    public void Read(ReadOnlySpan<char> piece)
    {
        while (piece.IndexOfAny(IrcFormat.Codes) is >= 0 and var at)
        {
            var code = piece.Slice(at, IrcFormat.CodeLength(piece[at..]));
            if (code[0] == IrcFormat.Reset)
            {
                _on = 0;
                _colour = "";
            }
            else if (code[0] is IrcFormat.Colour or IrcFormat.HexColour)
            {
                // Without a number it ends all colour.
                _colour = code.Length == 1 ? "" : Normal(code);
            }
            else
            {
                _on ^= 1 << Switches.IndexOf(code[0], StringComparison.Ordinal);
            }

            piece = piece[(at + code.Length)..];
        }
    }

    /// <summary>The codes that begin it again in front of what follows; empty when nothing is on.</summary>
    public string Again(ReadOnlySpan<char> next)
    {
        if (_on == 0 && _colour.Length == 0)
        {
            return "";
        }

        var codes = new StringBuilder(_colour);
        for (var i = 0; i < Switches.Length; i++)
        {
            if ((_on & (1 << i)) != 0)
            {
                codes.Append(Switches[i]);
            }
        }

        // A comma behind a colour would begin a background: bold, on and off, parts them.
        return _on == 0 && next is [',', ..] ? codes.Append(IrcFormat.Bold).Append(IrcFormat.Bold).ToString() : codes.ToString();
    }

    /// <summary>With two digits for each colour, so that a digit of the text that follows is none of its.</summary>
    private static string Normal(ReadOnlySpan<char> code)
    {
        if (code[0] == IrcFormat.HexColour)
        {
            return code.ToString();
        }

        var comma = code.IndexOf(',');
        var foreground = comma < 0 ? code[1..] : code[1..comma];
        var background = comma < 0 ? default : code[(comma + 1)..];
        return $"{IrcFormat.Colour}{(foreground.Length < 2 ? "0" : "")}{foreground}{(comma < 0 ? "" : background.Length < 2 ? ",0" : ",")}{background}";
    }
}
