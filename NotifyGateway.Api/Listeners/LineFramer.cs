using System.Buffers;

namespace NotifyGateway.Api.Listeners;

/// <summary>What <see cref="LineFramer"/> found.</summary>
internal enum Framed
{
    /// <summary>No complete line yet.</summary>
    None,

    /// <summary>A line.</summary>
    Line,

    /// <summary>A line over the limit; said once, and its bytes are skipped as they come.</summary>
    TooLong,
}

/// <summary>Cuts a stream into lines that end with LF or CRLF. Never holds more than one line of the largest size.</summary>
/// <param name="maxBytes">The longest line, without its end.</param>
internal sealed class LineFramer(int maxBytes)
{
    private const int StartLength = 16;

    private readonly byte[] _start = new byte[StartLength];
    private int _startLength;
    private bool _skipping;

    /// <summary>Bytes at the buffer's start that are known to hold no LF: a slow line is not searched again from its beginning.</summary>
    private long _searched;

    /// <summary>The first bytes of the line that was too long last.</summary>
    public ReadOnlySpan<byte> Start => _start.AsSpan(0, _startLength);

    /// <summary>Takes the next line off the buffer's front.</summary>
    public Framed Next(ref ReadOnlySequence<byte> buffer, out ReadOnlySequence<byte> line)
    {
        while (true)
        {
            if (buffer.Slice(_searched).PositionOf((byte)'\n') is not { } end)
            {
                line = default;
                return Rest(ref buffer);
            }

            line = buffer.Slice(0, end);
            buffer = buffer.Slice(buffer.GetPosition(1, end));
            _searched = 0;
            if (!_skipping)
            {
                return Complete(ref line);
            }

            _skipping = false;
        }
    }

    /// <summary>Takes what is left at the end of the stream: the last line needs no end.</summary>
    public Framed Last(ref ReadOnlySequence<byte> buffer, out ReadOnlySequence<byte> line)
    {
        line = buffer;
        buffer = buffer.Slice(buffer.End);
        _searched = 0;
        return line.IsEmpty || _skipping ? Framed.None : Complete(ref line);
    }

    private Framed Rest(ref ReadOnlySequence<byte> buffer)
    {
        _searched = buffer.Length;

        // One byte more may be the CR of the line's end.
        if (!_skipping && buffer.Length <= maxBytes + 1L)
        {
            return Framed.None;
        }

        if (!_skipping)
        {
            Keep(buffer);
        }

        buffer = buffer.Slice(buffer.End);
        _searched = 0;
        var said = _skipping;
        _skipping = true;
        return said ? Framed.None : Framed.TooLong;
    }

    private Framed Complete(ref ReadOnlySequence<byte> line)
    {
        if (!line.IsEmpty && LastByte(line) == (byte)'\r')
        {
            line = line.Slice(0, line.Length - 1);
        }

        if (line.Length <= maxBytes)
        {
            return Framed.Line;
        }

        Keep(line);
        return Framed.TooLong;
    }

    private void Keep(in ReadOnlySequence<byte> line)
    {
        var start = line.Slice(0, Math.Min(line.Length, StartLength));
        start.CopyTo(_start);
        _startLength = (int)start.Length;
    }

    private static byte LastByte(in ReadOnlySequence<byte> line)
    {
        // A slice may begin at the very end of a segment: its first span is empty then.
        Span<byte> last = stackalloc byte[1];
        line.Slice(line.Length - 1).CopyTo(last);
        return last[0];
    }
}
