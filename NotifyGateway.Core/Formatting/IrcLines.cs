using System.Buffers;
using System.Globalization;
using System.Text;

namespace NotifyGateway.Core.Formatting;

/// <summary>What bounds the lines of a message on one link.</summary>
/// <param name="Command"><c>PRIVMSG</c> or <c>NOTICE</c>.</param>
/// <param name="PrefixBytes">The bytes of <c>:nick!user@host </c>, colon and space included, that the server puts before what it relays from us.</param>
/// <param name="LineLength">The server's LINELEN, CR LF included and tags not: 512 where it says nothing.</param>
/// <param name="MaxLines">The most lines of one message; at least 1.</param>
/// <param name="Colors">False strips the sender's format codes.</param>
/// <param name="PublicUrl">Where the whole message can be read; null: no link.</param>
internal readonly record struct IrcLineLimits(string Command, int PrefixBytes, int LineLength, int MaxLines, bool Colors, Uri? PublicUrl)
{
    /// <summary>Stands before the first line; empty: nothing.</summary>
    public string Lead { get; init; } = "";

    /// <summary>Takes one entry for each line of a message that may have several; then each line leaves room for a space at its end. Null: not wanted.</summary>
    public List<LineJoint>? Joints { get; init; }
}

/// <summary>Writes a message as the IRC lines of one delivery.</summary>
internal static class IrcLines
{
    /// <summary>
    /// Writes <c>COMMAND target :text CR LF</c> for each line, without tags, so that no line is longer than <see cref="IrcLineLimits.LineLength"/> when the
    /// server relays it. What is beyond <see cref="IrcLineLimits.MaxLines"/> becomes a last line that says how much it is and where to read it.
    /// </summary>
    /// <returns>The number of lines; 0 for a message without visible text.</returns>
    /// <exception cref="ArgumentException">The target is no single word: the router lets none through.</exception>
    public static int Write(IBufferWriter<byte> output, Notification notification, string target, in IrcLineLimits limits)
    {
        if (target.Length == 0 || target[0] == ':' || target.AsSpan().IndexOfAny(" \r\n\0") >= 0)
        {
            throw new ArgumentException("a target is one word", nameof(target));
        }

        var room = Room(target, limits);
        if (limits.Lead.Length == 0 && notification is { Title: null, Severity: null, Markup: Markup.Plain } && TryWriteWhole(output, notification.Text, target, room, limits.Command))
        {
            return 1;
        }

        return WritePieces(output, notification, target, Math.Max(room - (limits.Joints is null ? 0 : 1), LineSplitter.MinBytes), limits);
    }

    /// <summary>The bytes of text in one line. A LINELEN too small for the target is the server's fault, and leaves what the splitter needs.</summary>
    private static int Room(string target, in IrcLineLimits limits)
    {
        var around = limits.PrefixBytes + limits.Command.Length + Encoding.UTF8.GetByteCount(target) + " ".Length + " :".Length + "\r\n".Length;
        return Math.Max(limits.LineLength - around, LineSplitter.MinBytes);
    }

    /// <summary>Nearly every message is one short line that needs nothing: it goes from the string into the buffer.</summary>
    private static bool TryWriteWhole(IBufferWriter<byte> output, string text, string target, int room, string command)
    {
        if (text.Length > room || !IrcText.IsPlainLine(text) || Encoding.UTF8.GetByteCount(text) > room || string.IsNullOrWhiteSpace(text))
        {
            return false;
        }

        WriteLine(output, text, target, command);
        return true;
    }

    /// <summary>A piece shorter than this is not worth the codes before it.</summary>
    private const int LeastBesideCodes = 40;

    private static int WritePieces(IBufferWriter<byte> output, Notification notification, string target, int room, in IrcLineLimits limits)
    {
        var kept = new List<string>();
        var total = 0;
        var lines = IrcText.Lines(notification, limits.Colors);
        for (var i = 0; i < lines.Count; i++)
        {
            var line = i == 0 ? limits.Lead + lines[i] : lines[i];
            var format = new OpenFormat();
            var again = "";
            var joint = LineJoint.Break;
            for (var start = 0; LineSplitter.Next(line, ref start, room - again.Length) is { IsEmpty: false } piece;)
            {
                // Beyond the last line that may be written, pieces are only counted.
                if (total++ < limits.MaxLines)
                {
                    kept.Add(again.Length == 0 ? piece.ToString() : again + piece.ToString());
                    limits.Joints?.Add(joint);
                }

                format.Read(piece);
                again = format.Again(line.AsSpan(start));
                again = room - again.Length < LeastBesideCodes ? "" : again;
                joint = again.Length > 0 ? LineJoint.Break : line[start - 1] == ' ' ? LineJoint.Space : LineJoint.Inside;
            }
        }

        var whole = total <= limits.MaxLines ? total : limits.MaxLines - 1;
        foreach (var piece in kept.Take(whole))
        {
            WriteLine(output, piece, target, limits.Command);
        }

        if (whole == total)
        {
            return total;
        }

        limits.Joints?[whole] = LineJoint.Break;
        WriteLine(output, Rest(total - whole, notification.Id, room, limits.PublicUrl), target, limits.Command);
        return whole + 1;
    }

    /// <summary>The line that stands for all further ones: with the link if it fits, since half a link is none.</summary>
    private static string Rest(int lines, Guid id, int room, Uri? publicUrl)
    {
        var count = string.Create(CultureInfo.InvariantCulture, $"… {lines} more lines");
        var linked = publicUrl is { IsAbsoluteUri: true } ? $"{count}: {publicUrl.AbsoluteUri.TrimEnd('/')}/m/{id:D}" : count;
        return Encoding.UTF8.GetByteCount(linked) <= room ? linked : Encoding.UTF8.GetByteCount(count) <= room ? count : "…";
    }

    private static void WriteLine(IBufferWriter<byte> output, ReadOnlySpan<char> text, string target, string command)
    {
        var line = output.GetSpan(Encoding.UTF8.GetMaxByteCount(command.Length + target.Length + text.Length + " ".Length + " :\r\n".Length));
        var length = Encoding.UTF8.GetBytes(command, line);
        line[length++] = (byte)' ';
        length += Encoding.UTF8.GetBytes(target, line[length..]);
        " :"u8.CopyTo(line[length..]);
        length += 2;
        length += Encoding.UTF8.GetBytes(text, line[length..]);
        "\r\n"u8.CopyTo(line[length..]);
        output.Advance(length + 2);
    }
}
