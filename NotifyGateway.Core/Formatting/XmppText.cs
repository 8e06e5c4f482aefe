using System.Buffers;
using System.Globalization;
using System.Text;

namespace NotifyGateway.Core.Formatting;

/// <summary>A message as the bodies of XMPP stanzas: text with the styling of XEP-0393 (<see cref="XmppStyling"/>), in which the sender's own stands as it is.</summary>
internal static class XmppText
{
    /// <summary>The least room for one body: below it nothing readable fits.</summary>
    public const int MinBytes = 100;

    private const int LongestEscape = 6;

    private static readonly SearchValues<char> Special = SearchValues.Create(
        [.. Enumerable.Range(0, 0x20).Concat(Enumerable.Range(0x7F, 0x21)).Concat([0x2028, 0x2029, 0xFFFE, 0xFFFF]).Select(c => (char)c).Where(c => c is not '\t' and not '\n'),
            .. Enumerable.Range(0xD800, 0x800).Select(c => (char)c)]);

    /// <summary>
    /// The title, then the text, in pieces that each fit into a stanza; none for a message without visible text. What is beyond the last piece
    /// is told as a number of lines, and where to read them. A text that has to be cut has no styling, as a cut would part what belongs together.
    /// </summary>
    /// <param name="maxBytes">The most bytes of one piece, as escaped in XML; at least <see cref="MinBytes"/>.</param>
    /// <param name="maxPieces">At least 1.</param>
    /// <param name="publicUrl">Where the whole message can be read; null: no link.</param>
    /// <param name="lead">Stands before it all; empty: nothing.</param>
    public static IReadOnlyList<string> Pieces(Notification notification, int maxBytes, int maxPieces, Uri? publicUrl, string lead = "")
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(maxBytes, MinBytes);
        var rich = Led(lead, Rich(notification));
        var body = End(XmppStyling.Write(rich));
        if (body.Length == 0 || EscapedBytes(body) <= maxBytes)
        {
            return body.Length == 0 ? [] : [body];
        }

        var pieces = Pack(End(RichText.WithoutCodes(rich)), maxBytes);
        if (pieces.Count <= maxPieces)
        {
            return pieces;
        }

        var lines = pieces.Skip(maxPieces - 1).Sum(p => p.Count(c => c == '\n') + 1);
        return [.. pieces.Take(maxPieces - 1), Rest(lines, notification.Id, maxBytes, publicUrl)];
    }

    /// <summary>The title, then the text. Newlines of any kind are kept, as one kind; format codes become styling; what XML 1.0 forbids is left out.</summary>
    public static string Body(Notification notification) => End(XmppStyling.Write(Rich(notification)));

    private static string Rich(Notification notification)
    {
        var text = RichText.Of(notification);
        return Clean(string.IsNullOrWhiteSpace(notification.Title) ? text : $"{notification.Title}\n{text}");
    }

    /// <summary>A block (code, a quotation) begins a line: the lead stands above it, or there would be no block.</summary>
    private static string Led(string lead, string rich)
    {
        var text = rich.TrimStart('\n');
        return lead.Length == 0 || End(RichText.WithoutCodes(text)).Length == 0 ? rich
            : text[0] is '>' or IrcFormat.Code || text.StartsWith("```", StringComparison.Ordinal) ? $"{lead.TrimEnd()}\n{text}"
            : lead + text;
    }

    private static string End(string body) => body.Trim('\n').TrimEnd();

    /// <summary>The bytes of a text in UTF-8 once it is escaped for XML.</summary>
    public static int EscapedBytes(ReadOnlySpan<char> text)
    {
        var bytes = Encoding.UTF8.GetByteCount(text);
        foreach (var c in text)
        {
            bytes += c switch { '&' or '\n' => 4, '<' or '>' or '\t' => 3, '"' or '\'' => 5, _ => 0 };
        }

        return bytes;
    }

    /// <summary>What XML can hold, and format codes without colours.</summary>
    private static string Clean(string text)
    {
        if (!text.AsSpan().ContainsAny(Special))
        {
            return text;
        }

        var clean = new StringBuilder(text.Length);
        for (var i = 0; i < text.Length; i++)
        {
            var c = text[i];
            if (IrcFormat.CodeLength(text.AsSpan(i)) is > 0 and var length)
            {
                // A colour's digits must not grow by what is left out behind it; and nothing shows colours here.
                clean.Append(c is IrcFormat.Colour or IrcFormat.HexColour ? default : text.AsSpan(i, length));
                i += length - 1;
            }
            else if (c is '\r' or '\u0085' or '\u2028' or '\u2029')
            {
                clean.Append(c == '\r' && i + 1 < text.Length && text[i + 1] == '\n' ? "" : "\n");
            }
            else if (char.IsHighSurrogate(c) && i + 1 < text.Length && char.IsLowSurrogate(text[i + 1]))
            {
                clean.Append(c).Append(text[++i]);
            }
            else if (c is '\t' or '\n' || (!char.IsControl(c) && c is not ('\uFFFE' or '\uFFFF')))
            {
                clean.Append(char.IsSurrogate(c) ? '\uFFFD' : c);
            }
        }

        return clean.ToString();
    }

    /// <summary>As many lines to a piece as fit; a line that is too long is cut at words.</summary>
    private static List<string> Pack(string body, int maxBytes)
    {
        var pieces = new List<string>();
        var piece = new StringBuilder();
        var size = 0;
        foreach (var line in body.Split('\n'))
        {
            var parts = Parts(line, maxBytes);
            for (var i = 0; i < parts.Count; i++)
            {
                var bytes = EscapedBytes(parts[i]) + EscapedBytes("\n");
                if (i > 0 || size + bytes > maxBytes)
                {
                    End();
                }

                piece.Append(size > 0 ? "\n" : "").Append(parts[i]);
                size += bytes;
            }
        }

        End();
        return pieces;

        void End()
        {
            var text = piece.ToString().Trim('\n').TrimEnd();
            if (text.Length > 0)
            {
                pieces.Add(text);
            }

            piece.Clear();
            size = 0;
        }
    }

    private static List<string> Parts(string line, int maxBytes)
    {
        var room = maxBytes - EscapedBytes("\n");
        return EscapedBytes(line) <= room ? [line]
            // A piece that escaping makes too long is cut as if all of it were escaped.
            : [.. LineSplitter.Split(line, room).SelectMany(p => EscapedBytes(p) <= room ? [p] : LineSplitter.Split(p, room / LongestEscape))];
    }

    /// <summary>With the link if it fits, since half a link is none.</summary>
    private static string Rest(int lines, Guid id, int maxBytes, Uri? publicUrl)
    {
        var count = string.Create(CultureInfo.InvariantCulture, $"… {lines} more lines");
        var linked = publicUrl is { IsAbsoluteUri: true } ? $"{count}: {publicUrl.AbsoluteUri.TrimEnd('/')}/m/{id:D}" : count;
        return EscapedBytes(linked) <= maxBytes ? linked : count;
    }
}
