using System.Text;

namespace NotifyGateway.Core.Formatting;

/// <summary>Which format code a pair of marks becomes, by the mark and by how many of it are on each side (1 or 2).</summary>
internal delegate char MarkCode(char mark, int count);

/// <summary>
/// A line or a paragraph while its marks are paired: texts, with runs of marks between them. What finds no partner stays as text. The pairing is that of CommonMark 0.31,
/// "process emphasis", whose work grows with the text and not with its square.
/// </summary>
/// <param name="code">The meaning of a pair.</param>
internal sealed class InlinePieces(MarkCode code)
{
    private readonly List<Piece> _pieces = [];
    private readonly List<int> _runs = [];

    /// <summary>How many pieces there are: the place of the next one.</summary>
    public int Count => _pieces.Count;

    /// <summary>Text as it is; it may hold codes of its own.</summary>
    public void Add(ReadOnlySpan<char> text)
    {
        if (!text.IsEmpty)
        {
            _pieces.Add(new Piece { Text = text.ToString() });
        }
    }

    /// <summary>A text that can be taken back: it keeps its place even if it is empty.</summary>
    public int Place(string text)
    {
        _pieces.Add(new Piece { Text = text });
        return _pieces.Count - 1;
    }

    /// <summary>Puts another text at a place.</summary>
    public void Replace(int place, string text) => _pieces[place].Text = text;

    /// <summary>Begins a format here, whatever the marks say; <see cref="End"/> ends it.</summary>
    public void Begin(char format) => _pieces.Add(new Piece { Begun = [format] });

    public void End(char format) => _pieces.Add(new Piece { Ended = [format] });

    /// <summary>A run of one mark.</summary>
    public void AddRun(char mark, int count, bool opens, bool closes)
    {
        _runs.Add(_pieces.Count);
        _pieces.Add(new Piece { Mark = mark, Count = count, Left = count, Opens = opens, Closes = closes });
    }

    /// <summary>Pairs the runs from a place on; they find no further partner after that.</summary>
    public void Pair(int from = 0)
    {
        var first = _runs.FindLastIndex(r => r < from) + 1;
        var open = new List<int>();
        // Up to these places there is no partner for a closing run of the same kind: they are not searched again.
        var searched = new Dictionary<(char, bool, int), int>();
        foreach (var place in _runs.Skip(first))
        {
            var run = _pieces[place];
            while (run is { Closes: true, Left: > 0 } && FindOpener(open, run, searched.GetValueOrDefault(run.Kind, -1)) is >= 0 and var at)
            {
                open.RemoveRange(at + 1, open.Count - at - 1);
                if (Join(_pieces[open[at]], run) == 0)
                {
                    open.RemoveAt(at);
                }
            }

            if (run is { Closes: true, Left: > 0 })
            {
                searched[run.Kind] = place - 1;
            }

            if (run is { Opens: true, Left: > 0 })
            {
                open.Add(place);
            }
        }

        _runs.RemoveRange(first, _runs.Count - first);
    }

    /// <summary>Writes everything. A format that is on ends with each line and begins again on the next.</summary>
    public void WriteTo(StringBuilder output)
    {
        var on = new OpenFormats();
        foreach (var piece in _pieces)
        {
            piece.Ended?.ForEach(format => on.End(format, output));
            on.Write(piece.Mark == '\0' ? piece.Text : new string(piece.Mark, piece.Left), output);
            // The last pair that was made is the outermost.
            for (var i = (piece.Begun?.Count ?? 0) - 1; i >= 0; i--)
            {
                on.Begin(piece.Begun![i], output);
            }
        }
    }

    private int FindOpener(List<int> open, Piece closer, int bottom)
    {
        for (var i = open.Count - 1; i >= 0 && open[i] > bottom; i--)
        {
            if (_pieces[open[i]].Suits(closer))
            {
                return i;
            }
        }

        return -1;
    }

    /// <summary>Makes a pair of as many marks as both have, at most two. Returns what is left of the opening run.</summary>
    private int Join(Piece opener, Piece closer)
    {
        var count = opener.Left >= 2 && closer.Left >= 2 ? 2 : 1;
        opener.Left -= count;
        closer.Left -= count;
        (opener.Begun ??= []).Add(code(opener.Mark, count));
        (closer.Ended ??= []).Add(code(opener.Mark, count));
        return opener.Left;
    }

    private sealed class Piece
    {
        public string Text { get; set; } = "";

        public char Mark { get; init; }

        public int Count { get; init; }

        public int Left { get; set; }

        public bool Opens { get; init; }

        public bool Closes { get; init; }

        public List<char>? Begun { get; set; }

        public List<char>? Ended { get; set; }

        /// <summary>Closing runs of one kind have the same partners.</summary>
        public (char, bool, int) Kind => (Mark, Opens, Mark == '~' ? Count : Count % 3);

        /// <summary>The rule of three keeps <c>**a*b**</c> whole; tildes pair only with as many (GFM).</summary>
        public bool Suits(Piece closer) => Mark == closer.Mark && (Mark == '~'
            ? Count == closer.Count
            : !(Closes || closer.Opens) || (Count + closer.Count) % 3 != 0 || (Count % 3 == 0 && closer.Count % 3 == 0));
    }

    /// <summary>Codes switch on and off: inside of bold, bold again must not end it.</summary>
    private sealed class OpenFormats
    {
        private readonly List<(char Format, int Depth)> _on = [];

        public void Begin(char format, StringBuilder output)
        {
            var at = _on.FindIndex(f => f.Format == format);
            if (at < 0)
            {
                output.Append(format);
                _on.Add((format, 1));
            }
            else
            {
                _on[at] = (format, _on[at].Depth + 1);
            }
        }

        public void End(char format, StringBuilder output)
        {
            var at = _on.FindIndex(f => f.Format == format);
            if (_on[at].Depth > 1)
            {
                _on[at] = (format, _on[at].Depth - 1);
                return;
            }

            output.Append(format);
            _on.RemoveAt(at);
        }

        public void Write(string text, StringBuilder output)
        {
            if (_on.Count == 0 || !text.Contains('\n', StringComparison.Ordinal))
            {
                output.Append(text);
                return;
            }

            var codes = string.Concat(_on.Select(f => f.Format));
            output.Append(text.Replace("\n", $"{codes}\n{codes}", StringComparison.Ordinal));
        }
    }
}
