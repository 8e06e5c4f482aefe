namespace NotifyGateway.Core.Protocols.Irc;

/// <summary>
/// Cuts a byte stream into lines that end with LF or CRLF (RFC 1459 section 2.3; servers exist that send a bare LF).
/// Lines longer than the cap are skipped up to their end and counted, so that no peer can make the buffer grow.
/// </summary>
public sealed class IrcFramer
{
    /// <summary>A receiver of one line, without its end. The span is valid during the call only.</summary>
    public delegate void LineHandler(ReadOnlySpan<byte> line);

    /// <summary>IRCv3 allows 8191 bytes of tags before the 512 bytes of the message.</summary>
    public const int MaxLineLength = 8191 + 512;

    private byte[] _partial = [];
    private int _length;
    private bool _skipping;

    /// <summary>How many lines were too long and were dropped.</summary>
    public long Overlong { get; private set; }

    /// <summary>Takes in bytes as they come and hands over each line that they complete. Empty lines are dropped.</summary>
    public void Feed(ReadOnlySpan<byte> bytes, LineHandler handler)
    {
        while (!bytes.IsEmpty)
        {
            var end = bytes.IndexOf((byte)'\n');
            if (end < 0)
            {
                Keep(bytes);
                return;
            }

            var head = bytes[..end];
            bytes = bytes[(end + 1)..];
            if (_skipping)
            {
                _skipping = false;
            }
            else if (_length == 0 && head.Length <= MaxLineLength)
            {
                Hand(head, handler);
            }
            else
            {
                Keep(head);
                if (!_skipping)
                {
                    Hand(_partial.AsSpan(0, _length), handler);
                }

                _skipping = false;
            }

            _length = 0;
        }
    }

    private void Keep(ReadOnlySpan<byte> bytes)
    {
        if (_skipping)
        {
            return;
        }

        if (_length + bytes.Length > MaxLineLength)
        {
            Overlong++;
            _skipping = true;
            _length = 0;
            return;
        }

        if (_partial.Length < _length + bytes.Length)
        {
            Array.Resize(ref _partial, Math.Min(MaxLineLength, Math.Max(256, (_length + bytes.Length) * 2)));
        }

        bytes.CopyTo(_partial.AsSpan(_length));
        _length += bytes.Length;
    }

    private static void Hand(ReadOnlySpan<byte> line, LineHandler handler)
    {
        line = line.TrimEnd((byte)'\r');
        if (!line.IsEmpty)
        {
            handler(line);
        }
    }
}
