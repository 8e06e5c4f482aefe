using System.Buffers.Binary;
using System.Globalization;
using System.Text;

namespace NotifyGateway.Core.Sessions.Srv;

/// <summary>Walks through a DNS message. Whatever the bytes are, nothing throws and nothing runs for ever: what cannot be read is false.</summary>
internal ref struct DnsReader(ReadOnlySpan<byte> message)
{
    private const int MaxNameBytes = 255;
    private const int Pointer = 0xC0;

    private readonly ReadOnlySpan<byte> _message = message;

    public int Position { get; set; }

    public bool TryNumber(out ushort number)
    {
        number = 0;
        if (_message.Length - Position < 2)
        {
            return false;
        }

        number = BinaryPrimitives.ReadUInt16BigEndian(_message[Position..]);
        Position += 2;
        return true;
    }

    public bool TryNumber(out uint number)
    {
        number = 0;
        if (_message.Length - Position < 4)
        {
            return false;
        }

        number = BinaryPrimitives.ReadUInt32BigEndian(_message[Position..]);
        Position += 4;
        return true;
    }

    public bool TrySkip(int bytes)
    {
        Position += bytes;
        return Position <= _message.Length;
    }

    /// <summary>
    /// Reads a name, compressed or not (RFC 1035, section 4.1.4): lower case, without a final dot; the root is empty. A byte that no
    /// host name has stands as <c>\DDD</c>.
    /// </summary>
    public bool TryName(out string name)
    {
        var text = new StringBuilder();
        var bytes = 1;
        var at = Position;
        var limit = at;
        var jumped = false;
        name = "";
        while (at < _message.Length)
        {
            int length = _message[at];
            if (length == 0)
            {
                Position = jumped ? Position : at + 1;
                name = text.ToString();
                return true;
            }

            if (length >= Pointer)
            {
                // A pointer leads back, before everything that this name has been read from: no chain of them comes round.
                var target = at + 1 < _message.Length ? ((length & ~Pointer) << 8) | _message[at + 1] : limit;
                if (target >= limit)
                {
                    return false;
                }

                Position = jumped ? Position : at + 2;
                jumped = true;
                at = limit = target;
                continue;
            }

            bytes += length + 1;
            if (length > 63 || bytes > MaxNameBytes || at + 1 + length > _message.Length)
            {
                return false;
            }

            AddLabel(text, _message.Slice(at + 1, length));
            at += length + 1;
        }

        return false;
    }

    private static void AddLabel(StringBuilder text, ReadOnlySpan<byte> label)
    {
        if (text.Length > 0)
        {
            text.Append('.');
        }

        foreach (var b in label)
        {
            if (char.IsAsciiLetterOrDigit((char)b) || b is (byte)'-' or (byte)'_')
            {
                text.Append(char.ToLowerInvariant((char)b));
            }
            else
            {
                text.Append('\\').Append(b.ToString("D3", CultureInfo.InvariantCulture));
            }
        }
    }
}
