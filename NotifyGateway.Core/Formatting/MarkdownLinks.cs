using System.Text;

namespace NotifyGateway.Core.Formatting;

/// <summary>The brackets of one paragraph: <c>[label](url "title")</c> becomes <c>label (url)</c>; of an image inside of a link only the description is shown. A title is left out.</summary>
internal sealed class MarkdownLinks(string text, InlinePieces pieces)
{
    /// <summary>As deep as parentheses may stand in an address, as in the reference implementation: this bounds the search for its end.</summary>
    private const int MostParentheses = 32;

    private const int LongestTitle = 1000;

    private readonly Stack<(int Place, int At, bool IsImage)> _open = [];
    private readonly List<int> _images = [];

    /// <summary>Brackets before this place hold a link already, and a link holds no other.</summary>
    private int _linked = -1;

    /// <summary>A <c>[</c> or <c>![</c>. Returns its length.</summary>
    public int Open(int at, bool isImage)
    {
        _open.Push((pieces.Place(isImage ? "![" : "["), at, isImage));
        return isImage ? 2 : 1;
    }

    /// <summary>A <c>]</c>. Returns the length of what ends the link with it; 0 if it is only text.</summary>
    public int Close(int at)
    {
        if (!_open.TryPop(out var open) || (!open.IsImage && open.Place < _linked) || Target(at + 1) is not { } target)
        {
            return 0;
        }

        var label = text.AsSpan(open.At + (open.IsImage ? 2 : 1), at - open.At - (open.IsImage ? 2 : 1));
        pieces.Pair(open.Place);
        pieces.Replace(open.Place, "");
        var shown = target.Link.Length == 0 || label.SequenceEqual(target.Link) ? "" : label.IsWhiteSpace() ? target.Link : $" ({target.Link})";
        var place = pieces.Place(shown);
        if (!open.IsImage)
        {
            foreach (var image in _images.Where(i => i > open.Place))
            {
                pieces.Replace(image, "");
            }

            _images.Clear();
            _linked = place;
        }
        else if (!label.IsWhiteSpace())
        {
            _images.Add(place);
        }

        return target.End - at;
    }

    /// <summary>The address in parentheses and where they end; null if none stand here.</summary>
    private (string Link, int End)? Target(int at)
    {
        if (at >= text.Length || text[at] != '(')
        {
            return null;
        }

        var start = SkipSpace(at + 1);
        var end = start < text.Length && text[start] == '<' ? Bracketed(start) : Bare(start);
        if (end < 0)
        {
            return null;
        }

        var link = text[start] == '<' ? text[(start + 1)..(end - 1)] : text[start..end];
        var next = SkipSpace(end);
        var close = next > end ? SkipSpace(SkipTitle(next)) : next;
        return close < text.Length && text[close] == ')' ? (Unescape(link), close + 1) : null;
    }

    private int Bracketed(int start)
    {
        var end = text.AsSpan(start + 1).IndexOfAny("<>\n");
        return end >= 0 && text[start + 1 + end] == '>' ? start + 1 + end + 1 : -1;
    }

    private int Bare(int at)
    {
        var depth = 0;
        for (; at < text.Length; at++)
        {
            var c = text[at];
            if (c == '\\' && at + 1 < text.Length && MarkdownInline.IsAsciiPunctuation(text[at + 1]))
            {
                at++;
            }
            else if (c <= ' ' || (c == ')' && depth-- == 0))
            {
                return at;
            }
            else if (c == '(' && ++depth > MostParentheses)
            {
                return -1;
            }
        }

        return -1;
    }

    /// <summary>Behind the title that begins here, or here if none does.</summary>
    private int SkipTitle(int at)
    {
        var close = at < text.Length ? text[at] switch { '"' => '"', '\'' => '\'', '(' => ')', _ => '\0' } : '\0';
        if (close == '\0')
        {
            return at;
        }

        var window = text.AsSpan(at + 1, Math.Min(LongestTitle, text.Length - at - 1));
        return window.IndexOf(close) is >= 0 and var end ? at + 1 + end + 1 : at;
    }

    private int SkipSpace(int at)
    {
        while (at < text.Length && text[at] is ' ' or '\t' or '\n')
        {
            at++;
        }

        return at;
    }

    private static string Unescape(string link)
    {
        if (link.AsSpan().IndexOfAny('\\', '&') < 0)
        {
            return link;
        }

        var plain = new StringBuilder(link.Length);
        for (var i = 0; i < link.Length; i++)
        {
            var (character, length) = MarkdownEntity.Read(link.AsSpan(i));
            i += link[i] == '\\' && i + 1 < link.Length && MarkdownInline.IsAsciiPunctuation(link[i + 1]) ? 1 : Math.Max(length - 1, 0);
            plain.Append(length > 0 ? character : link[i]);
        }

        return plain.ToString();
    }
}
