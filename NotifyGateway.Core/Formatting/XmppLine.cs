using System.Text;

namespace NotifyGateway.Core.Formatting;

/// <summary>One line with the directives of XEP-0393 in place of its format codes.</summary>
/// <remarks>
/// A directive is read as such (XEP-0393, 6.2) at the start of the line, behind a space, or behind another that begins there; never before a space. It ends at the next of its kind that stands
/// behind no space. So a span is written only if its text holds none of its kind, and nothing that the sender wrote before it could be taken for a beginning.
/// </remarks>
internal static class XmppLine
{
    private const string Directives = "*_~`";

    /// <summary>From outside to inside, where they begin together.</summary>
    private const string Codes = "\x02\x1D\x1E\x11";

    private readonly record struct Span(int Start, int End, int Kind)
    {
        public char Directive => Directives[Kind];
    }

    /// <summary>Writes it.</summary>
    public static void Append(StringBuilder output, string line)
    {
        var plain = RichText.WithoutCodes(line);
        var spans = Spans(line, plain);
        spans.Sort((a, b) => a.Start != b.Start ? a.Start.CompareTo(b.Start) : a.End != b.End ? b.End.CompareTo(a.End) : a.Kind.CompareTo(b.Kind));
        var open = new Stack<Span>();
        var taken = new TakenMarks(plain);
        var written = 0;
        var started = -1;
        foreach (var span in spans)
        {
            CloseUntil(span.Start);
            var begins = span.Start == 0 || char.IsWhiteSpace(plain[span.Start - 1]) || started == span.Start;
            var fits = !open.TryPeek(out var around) || (around.End >= span.End && around.Directive != '`' && open.All(o => o.Kind != span.Kind));
            if (begins && fits && taken.Allows(span.Start, span.End, span.Directive))
            {
                output.Append(plain.AsSpan(written, span.Start - written)).Append(span.Directive);
                written = started = span.Start;
                open.Push(span);
                taken.Skip(span.Directive == '`' ? span.End : span.Start);
            }
        }

        CloseUntil(int.MaxValue);
        output.Append(plain.AsSpan(written));

        void CloseUntil(int position)
        {
            while (open.TryPeek(out var last) && last.End <= position)
            {
                output.Append(plain.AsSpan(written, last.End - written)).Append(last.Directive);
                written = last.End;
                open.Pop();
            }
        }
    }

    /// <summary>Where each format is on, without the spaces at its edges.</summary>
    private static List<Span> Spans(string line, string plain)
    {
        var spans = new List<Span>();
        Span<int> on = [-1, -1, -1, -1];
        var length = 0;
        for (var i = 0; i < line.Length;)
        {
            var code = IrcFormat.CodeLength(line.AsSpan(i));
            var kind = code == 0 ? -1 : Codes.IndexOf(line[i], StringComparison.Ordinal);
            if (kind >= 0 && on[kind] < 0)
            {
                on[kind] = length;
            }
            else if (kind >= 0)
            {
                End(kind, on, length);
            }
            else if (code > 0 && line[i] == IrcFormat.Reset)
            {
                EndAll(on, length);
            }

            length += code == 0 ? 1 : 0;
            i += Math.Max(code, 1);
        }

        EndAll(on, length);
        return spans;

        void EndAll(Span<int> on, int end)
        {
            for (var kind = 0; kind < on.Length; kind++)
            {
                End(kind, on, end);
            }
        }

        void End(int kind, Span<int> on, int end)
        {
            var start = on[kind];
            on[kind] = -1;
            if (start < 0)
            {
                return;
            }

            while (start < end && char.IsWhiteSpace(plain[start]))
            {
                start++;
            }

            while (end > start && char.IsWhiteSpace(plain[end - 1]))
            {
                end--;
            }

            if (start < end)
            {
                spans.Add(new Span(start, end, kind));
            }
        }
    }

    /// <summary>The directives that the sender's own text holds, as far as they stand in the way of ours.</summary>
    private sealed class TakenMarks(string plain)
    {
        private readonly int[] _last = [.. Directives.Select(d => plain.LastIndexOf(d))];
        private readonly bool[] _begun = new bool[Directives.Length];
        private int _read;
        private bool _isBlocked;

        /// <summary>Reads on behind code, in which nothing is a directive.</summary>
        public void Skip(int position) => _read = Math.Max(_read, position);

        public bool Allows(int start, int end, char directive)
        {
            ReadTo(directive == '`' ? start : end);
            return !_isBlocked && !_begun[Directives.IndexOf(directive, StringComparison.Ordinal)] && !plain.AsSpan(start, end - start).Contains(directive);
        }

        /// <summary>Whatever may begin a span of the sender's, and has a second of its kind, could end somewhere in ours: from there on there are none.</summary>
        private void ReadTo(int end)
        {
            for (; _read < end; _read++)
            {
                var kind = Directives.IndexOf(plain[_read], StringComparison.Ordinal);
                if (kind >= 0 && (_read == 0 || char.IsWhiteSpace(plain[_read - 1]) || Directives.Contains(plain[_read - 1], StringComparison.Ordinal)))
                {
                    _begun[kind] = true;
                    _isBlocked |= _last[kind] > _read;
                }
            }
        }
    }
}
