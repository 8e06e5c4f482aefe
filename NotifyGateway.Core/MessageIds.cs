using System.Buffers.Binary;
using System.Security.Cryptography;

namespace NotifyGateway.Core;

/// <summary>
/// Makes message ids: UUIDv7 (RFC 9562 section 5.7), 48 bits of time and 74 random ones, which nobody can guess. The random bits come
/// from the system's generator, many at a time: asking it anew for each message costs a system call.
/// </summary>
internal static class MessageIds
{
    private const int IdSize = 16;
    private const int Stock = 256 * IdSize;

    [ThreadStatic]
    private static byte[]? _random;

    [ThreadStatic]
    private static int _left;

    /// <summary>A new id for a message of this moment.</summary>
    public static Guid New(DateTimeOffset now)
    {
        var random = _random ??= new byte[Stock];
        if (_left == 0)
        {
            RandomNumberGenerator.Fill(random);
            _left = Stock;
        }

        // What was used is overwritten, so that no later reader of this memory finds an id's bits.
        _left -= IdSize;
        var taken = random.AsSpan(_left, IdSize);
        Span<byte> id = stackalloc byte[IdSize];
        taken.CopyTo(id);
        taken.Clear();

        Span<byte> time = stackalloc byte[8];
        BinaryPrimitives.WriteInt64BigEndian(time, now.ToUnixTimeMilliseconds());
        time[2..].CopyTo(id);
        id[6] = (byte)((id[6] & 0x0F) | 0x70);
        id[8] = (byte)((id[8] & 0x3F) | 0x80);
        return new Guid(id, bigEndian: true);
    }
}
