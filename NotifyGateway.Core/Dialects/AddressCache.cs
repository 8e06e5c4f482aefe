namespace NotifyGateway.Core.Dialects;

/// <summary>
/// Remembers what the same bytes meant before, so that the same target is the same <see cref="Addressing"/> instance and
/// costs nothing to read. Bounded: a place has one entry, and a newcomer takes it.
/// </summary>
/// <remarks>Shared by all connections without a lock: an entry never changes, and a reference is read or written at once.</remarks>
internal sealed class AddressCache
{
    private const int Places = 1024;
    private const int LongestKey = 512;

    private readonly Entry?[] _entries = new Entry?[Places];

    public Addressing? Find(ReadOnlySpan<byte> key) =>
        key.Length <= LongestKey && Volatile.Read(ref _entries[Place(key)]) is { } entry && key.SequenceEqual(entry.Key) ? entry.Value : null;

    public void Keep(ReadOnlySpan<byte> key, Addressing value)
    {
        if (key.Length <= LongestKey)
        {
            Volatile.Write(ref _entries[Place(key)], new Entry(key.ToArray(), value));
        }
    }

    private static int Place(ReadOnlySpan<byte> key)
    {
        var hash = default(HashCode);
        hash.AddBytes(key);
        return hash.ToHashCode() & (Places - 1);
    }

    private sealed record Entry(byte[] Key, Addressing Value);
}
