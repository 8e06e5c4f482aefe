using System.Buffers;
using System.Text;

namespace NotifyGateway.Core.Formatting;

/// <summary>
/// The text of one paragraph, list item or heading of Markdown: strong, emphasis, strike, code, links as <c>label (url)</c>, images as their description and address, escapes, entities.
/// Slack's references are read as well, as Mattermost does.
/// </summary>
/// <remarks>
/// Marks inside of a word stay: <c>2*3*4</c> and <c>snake_case</c> are meant so in messages, although CommonMark lets <c>*</c> stand there. Other HTML than comments is text.
/// </remarks>
internal sealed class MarkdownInline
{
    private static readonly SearchValues<char> Special = SearchValues.Create("\\`*_~<&[]!:");

    private readonly InlinePieces _pieces = new(Code);
    private readonly string _text;
    private readonly MarkdownLinks _links;
    private int _at;
    private Dictionary<int, int>? _lastTicks;
    private int? _lastCommentEnd;

    private MarkdownInline(string text)
    {
        _text = text;
        _links = new MarkdownLinks(text, _pieces);
    }

    /// <summary>Writes a paragraph with format codes.</summary>
    /// <param name="bold">All of it is.</param>
    public static void Append(StringBuilder output, string text, bool bold)
    {
        var inline = new MarkdownInline(text);
        if (bold)
        {
            inline._pieces.Begin(IrcFormat.Bold);
        }

        inline.Read();
        if (bold)
        {
            inline._pieces.End(IrcFormat.Bold);
        }

        inline._pieces.Pair();
        inline._pieces.WriteTo(output);
    }

    private ReadOnlySpan<char> Rest => _text.AsSpan(_at);

    private char Before => _at == 0 ? ' ' : _text[_at - 1];

    private void Read()
    {
        while (_at < _text.Length)
        {
            var length = _text[_at] switch
            {
                '\\' => ReadEscape(),
                '`' => ReadCode(),
                '*' or '_' or '~' => ReadMarks(),
                '<' => ReadAngle(),
                '&' => ReadEntity(),
                ':' => ReadBareLink(),
                '!' when Rest is ['!', '[', ..] => _links.Open(_at, isImage: true),
                '[' => _links.Open(_at, isImage: false),
                ']' => _links.Close(_at),
                _ => 0,
            };
            if (length == 0)
            {
                length = Rest[1..].IndexOfAny(Special) is >= 0 and var next ? next + 1 : _text.Length - _at;
                _pieces.Add(Rest[..length]);
            }

            _at += length;
        }
    }

    private int ReadEscape()
    {
        if (Rest.Length < 2 || !(Rest[1] == '\n' || IsAsciiPunctuation(Rest[1])))
        {
            return 0;
        }

        _pieces.Add(Rest.Slice(1, 1));
        return 2;
    }

    /// <summary>As many backticks end it as began it. Where the last run of each length stands is looked up once: no run is searched for in vain.</summary>
    private int ReadCode()
    {
        var ticks = RunLength(Rest);
        _lastTicks ??= LastTicks();
        if (_lastTicks.GetValueOrDefault(ticks, -1) <= _at)
        {
            _pieces.Add(Rest[..ticks]);
            return ticks;
        }

        var end = _at + ticks;
        while (true)
        {
            end += _text.AsSpan(end).IndexOf('`');
            var closing = RunLength(_text.AsSpan(end));
            if (closing == ticks)
            {
                break;
            }

            end += closing;
        }

        var code = RichText.WithoutCodes(_text[(_at + ticks)..end].Replace('\n', ' '));
        code = code is [' ', .. var inner, ' '] && !string.IsNullOrWhiteSpace(code) ? inner : code;
        _pieces.Add($"{IrcFormat.Code}{code}{IrcFormat.Code}");
        return end + ticks - _at;
    }

    private Dictionary<int, int> LastTicks()
    {
        var last = new Dictionary<int, int>();
        for (var at = _text.IndexOf('`', StringComparison.Ordinal); at >= 0;)
        {
            var run = RunLength(_text.AsSpan(at));
            last[run] = at;
            at = _text.IndexOf('`', at + run);
        }

        return last;
    }

    /// <summary>Flanking as in CommonMark 6.2; inside of words one mark is never one, and two only beside letters of scripts without spaces.</summary>
    private int ReadMarks()
    {
        var mark = Rest[0];
        var count = RunLength(Rest);
        char before = Before, after = count < Rest.Length ? Rest[count] : ' ';
        if (mark == '~' && count > 2)
        {
            _pieces.Add(Rest[..count]);
            return count;
        }

        bool spaceBefore = char.IsWhiteSpace(before), spaceAfter = char.IsWhiteSpace(after), pointBefore = IsPoint(before), pointAfter = IsPoint(after);
        var left = !spaceAfter && (!pointAfter || spaceBefore || pointBefore);
        var right = !spaceBefore && (!pointBefore || spaceAfter || pointAfter);
        var strict = mark == '_' || count == 1;
        var opens = left && (strict ? !right || pointBefore : !(char.IsAsciiLetterOrDigit(before) && char.IsAsciiLetterOrDigit(after)));
        _pieces.AddRun(mark, count, opens, right && (!strict || !left || pointAfter));
        return count;
    }

    private int ReadAngle()
    {
        if (Rest.StartsWith("<!--", StringComparison.Ordinal))
        {
            // Searched for once from the end: a thousand beginnings without an end must not be a thousand searches.
            _lastCommentEnd ??= _text.LastIndexOf("-->", StringComparison.Ordinal);
            return _lastCommentEnd < _at + 4 ? 0 : Rest[4..].IndexOf("-->", StringComparison.Ordinal) + 4 + 3;
        }

        var plain = new StringBuilder();
        var length = SlackReferences.Read(Rest, plain);
        _pieces.Add(plain.ToString());
        return length;
    }

    private int ReadEntity()
    {
        var (character, length) = MarkdownEntity.Read(Rest);
        if (length > 0)
        {
            _pieces.Add([character]);
        }

        return length;
    }

    private int ReadBareLink()
    {
        var length = BareLink.Length(Rest);
        _pieces.Add(Rest[..length]);
        return length;
    }

    private static int RunLength(ReadOnlySpan<char> text) => text.IndexOfAnyExcept(text[0]) is >= 0 and var end ? end : text.Length;

    private static bool IsPoint(char c) => char.IsPunctuation(c) || char.IsSymbol(c);

    internal static bool IsAsciiPunctuation(char c) => c is > ' ' and < '\x7F' && !char.IsAsciiLetterOrDigit(c);

    private static char Code(char mark, int count) => mark == '~' ? IrcFormat.Strike : count == 2 ? IrcFormat.Bold : IrcFormat.Italic;
}
