using System.Text;

namespace NotifyGateway.Core.Outbox.Sqlite;

/// <summary>A growing buffer of numbers (LEB128), text (UTF-8 with its length before it) and bytes. Reused: <see cref="Clear"/> keeps the memory.</summary>
internal sealed class ByteWriter
{
    /// <summary>A buffer that one huge message has made larger than this is given back.</summary>
    private const int KeptCapacity = 1 << 20;

    private byte[] _buffer = new byte[4096];

    public int Length { get; private set; }

    public ReadOnlySpan<byte> Written => _buffer.AsSpan(0, Length);

    public void Clear()
    {
        Length = 0;
        if (_buffer.Length > KeptCapacity)
        {
            _buffer = new byte[4096];
        }
    }

    public void Byte(byte value)
    {
        Room(1)[0] = value;
        Length++;
    }

    public void Bytes(ReadOnlySpan<byte> value)
    {
        value.CopyTo(Room(value.Length));
        Length += value.Length;
    }

    public void Number(ulong value)
    {
        var room = Room(10);
        var n = 0;
        while (value >= 0x80)
        {
            room[n++] = (byte)(value | 0x80);
            value >>= 7;
        }

        room[n++] = (byte)value;
        Length += n;
    }

    public void Number(int value) => Number((ulong)value);

    /// <summary>A number that may be negative; small ones are short.</summary>
    public void Signed(long value) => Number((ulong)((value << 1) ^ (value >> 63)));

    public void Text(string value)
    {
        if (value.Length < 0x80 / 3)
        {
            // So short that its length is one byte, whatever it encodes to.
            var room = Room(0x80);
            var written = Encoding.UTF8.GetBytes(value, room[1..]);
            room[0] = (byte)written;
            Length += written + 1;
            return;
        }

        var bytes = Encoding.UTF8.GetByteCount(value);
        Number(bytes);
        Encoding.UTF8.GetBytes(value, Room(bytes));
        Length += bytes;
    }

    public void Id(Guid value)
    {
        // Big-endian: ids then compare as bytes in the order of their time.
        value.TryWriteBytes(Room(16), bigEndian: true, out _);
        Length += 16;
    }

    private Span<byte> Room(int bytes)
    {
        if (_buffer.Length - Length < bytes)
        {
            Array.Resize(ref _buffer, Math.Max(_buffer.Length * 2, Length + bytes));
        }

        return _buffer.AsSpan(Length);
    }
}

/// <summary>Reads what <see cref="ByteWriter"/> wrote.</summary>
internal ref struct ByteReader(ReadOnlySpan<byte> bytes)
{
    private readonly ReadOnlySpan<byte> _bytes = bytes;

    public int Position { get; set; }

    public readonly bool AtEnd => Position >= _bytes.Length;

    public byte Byte() => _bytes[Position++];

    public ulong Number()
    {
        ulong value = 0;
        for (var shift = 0; ; shift += 7)
        {
            var next = _bytes[Position++];
            value |= (ulong)(next & 0x7F) << shift;
            if (next < 0x80)
            {
                return value;
            }
        }
    }

    public int Int() => checked((int)Number());

    public long Signed()
    {
        var value = Number();
        return (long)(value >> 1) ^ -(long)(value & 1);
    }

    public string Text() => Encoding.UTF8.GetString(TextBytes());

    /// <summary>A text as it is stored.</summary>
    public ReadOnlySpan<byte> TextBytes()
    {
        var length = Int();
        var value = _bytes.Slice(Position, length);
        Position += length;
        return value;
    }

    /// <summary>Passes over a text.</summary>
    public void Skip() => TextBytes();

    public Guid Id()
    {
        var value = new Guid(_bytes.Slice(Position, 16), bigEndian: true);
        Position += 16;
        return value;
    }
}
