using System.Globalization;
using System.Text;

namespace NotifyGateway.Core.Formatting;

/// <summary>Puts indicators and scalars into lines, and folds them, where PyYAML's emitter does.</summary>
internal sealed class YamlLines
{
    private const int Width = 80;
    private readonly StringBuilder _text = new();
    private int _column;
    private bool _isWhite = true;

    /// <summary>Whether nothing but indentation and its indicators stands in the line.</summary>
    public bool IsIndention { get; private set; } = true;

    /// <summary>Characters so far.</summary>
    public int Length => _text.Length;

    public string Finish(string end) => _text.Append(end).ToString();

    /// <summary>Goes to a column, in a new line unless only indentation stands in this one.</summary>
    public void Begin(int indent)
    {
        if (!IsIndention || _column > indent || (_column == indent && !_isWhite))
        {
            Break('\n');
        }

        if (_column < indent)
        {
            _isWhite = true;
            _text.Append(' ', indent - _column);
            _column = indent;
        }
    }

    public void Indicator(string indicator, bool needsSpace, bool indention = false)
    {
        var space = needsSpace && !_isWhite ? " " : "";
        _text.Append(space).Append(indicator);
        _column += space.Length + indicator.Length;
        _isWhite = false;
        IsIndention &= indention;
    }

    /// <param name="text">Code points; no line breaks.</param>
    /// <param name="indent">Of the lines behind a fold.</param>
    public void Plain(ReadOnlySpan<int> text, int indent, bool mayFold)
    {
        Indicator("", needsSpace: text.Length > 0);
        for (var at = 0; at < text.Length;)
        {
            if (mayFold && _column > Width && IsLoneSpace(text, at))
            {
                Begin(indent);
                (_isWhite, IsIndention) = (false, false);
                at++;
                continue;
            }

            at = AppendRun(text, at, quoted: false);
        }
    }

    /// <inheritdoc cref="Plain"/>
    public void SingleQuoted(ReadOnlySpan<int> text, int indent, bool mayFold)
    {
        Indicator("'", needsSpace: true);
        for (var at = 0; at < text.Length;)
        {
            if (YamlScalar.IsBreak(text[at]))
            {
                at = Breaks(text, at, indent);
            }
            else if (mayFold && at > 0 && at < text.Length - 1 && _column > Width && IsLoneSpace(text, at))
            {
                Begin(indent);
                at++;
            }
            else
            {
                at = AppendRun(text, at, quoted: true);
            }
        }

        Indicator("'", needsSpace: false);
    }

    /// <inheritdoc cref="Plain"/>
    public void DoubleQuoted(ReadOnlySpan<int> text, int indent, bool mayFold)
    {
        Indicator("\"", needsSpace: true);
        var start = 0;
        for (var end = 0; end <= text.Length; end++)
        {
            if (end == text.Length || NeedsEscape(text[end]))
            {
                Append(text[start..end]);
                start = end;
                if (end < text.Length)
                {
                    AppendAscii(Escape(text[end]));
                    start = end + 1;
                }
            }

            if (mayFold && end > 0 && end < text.Length - 1 && (text[end] == ' ' || start >= end) && _column + end - start > Width)
            {
                Append(start < end ? text[start..end] : []);
                AppendAscii("\\");
                start = Math.Max(start, end);
                Begin(indent);
                (_isWhite, IsIndention) = (false, false);
                if (text[start] == ' ')
                {
                    AppendAscii("\\");
                }
            }
        }

        Indicator("\"", needsSpace: false);
    }

    /// <summary>A line break is doubled, since a single one would be read as a space.</summary>
    private int Breaks(ReadOnlySpan<int> text, int at, int indent)
    {
        if (text[at] == '\n')
        {
            Break('\n');
        }

        for (; at < text.Length && YamlScalar.IsBreak(text[at]); at++)
        {
            Break((char)text[at]);
        }

        Begin(indent);
        return at;
    }

    private void Break(char with)
    {
        _text.Append(with);
        (_isWhite, IsIndention, _column) = (true, true, 0);
    }

    private static bool IsLoneSpace(ReadOnlySpan<int> text, int at) =>
        text[at] == ' ' && (at == 0 || text[at - 1] != ' ') && (at == text.Length - 1 || text[at + 1] != ' ');

    /// <summary>Appends spaces, or what stands up to the next space or line break.</summary>
    private int AppendRun(ReadOnlySpan<int> text, int at, bool quoted)
    {
        var end = at;
        while (end < text.Length && (text[end] == ' ') == (text[at] == ' ') && !YamlScalar.IsBreak(text[end]))
        {
            end++;
        }

        foreach (var c in text[at..end])
        {
            Append(quoted && c == '\'' ? "''" : new Rune(c).ToString(), columns: quoted && c == '\'' ? 2 : 1);
        }

        return end;
    }

    private void Append(string text, int columns)
    {
        _text.Append(text);
        _column += columns;
    }

    private void Append(ReadOnlySpan<int> text)
    {
        foreach (var c in text)
        {
            Append(new Rune(c).ToString(), columns: 1);
        }
    }

    private void AppendAscii(string text) => Append(text, text.Length);

    private static bool NeedsEscape(int c) => c is '"' or '\\' or 0x85 or 0x2028 or 0x2029 or 0xFEFF or not ((>= 0x20 and <= 0x7E) or (>= 0xA0 and <= 0xD7FF) or (>= 0xE000 and <= 0xFFFD));

    private static string Escape(int c) => c switch
    {
        0 => "\\0",
        7 => "\\a",
        8 => "\\b",
        9 => "\\t",
        10 => "\\n",
        11 => "\\v",
        12 => "\\f",
        13 => "\\r",
        27 => "\\e",
        '"' => "\\\"",
        '\\' => "\\\\",
        0x85 => "\\N",
        0x2028 => "\\L",
        0x2029 => "\\P",
        <= 0xFF => "\\x" + c.ToString("X2", CultureInfo.InvariantCulture),
        <= 0xFFFF => "\\u" + c.ToString("X4", CultureInfo.InvariantCulture),
        _ => "\\U" + c.ToString("X8", CultureInfo.InvariantCulture),
    };
}
