namespace NotifyGateway.Core.Outbox.Sqlite;

/// <summary>
/// A delivery's sequence says where it lies: the segment, the place of its message in there, its ordinal. So nothing has to be looked
/// up to find it, and the order of numbers is the order of acceptance.
/// </summary>
internal static class Sequence
{
    /// <summary>How many messages a segment has at most.</summary>
    public const int MessagesPerSegment = 1 << IndexBits;

    /// <summary>How many deliveries a message has at most, by the layout.</summary>
    public const int DeliveriesPerMessage = 1 << OrdinalBits;

    private const int IndexBits = 7;
    private const int OrdinalBits = 10;
    private const int KeyBits = IndexBits + OrdinalBits;

    public static long Of(long segment, int key) => (segment << KeyBits) | (uint)key;

    /// <summary>The part inside the segment.</summary>
    public static int Key(int message, int ordinal) => (message << OrdinalBits) | ordinal;

    public static long Segment(long sequence) => sequence >> KeyBits;

    public static int Key(long sequence) => (int)(sequence & ((1 << KeyBits) - 1));

    public static int Ordinal(int key) => key & (DeliveriesPerMessage - 1);

    public static int Message(int key) => key >> OrdinalBits;
}
