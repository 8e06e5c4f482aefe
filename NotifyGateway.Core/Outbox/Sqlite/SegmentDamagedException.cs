using System.Diagnostics.CodeAnalysis;

namespace NotifyGateway.Core.Outbox.Sqlite;

/// <summary>The bytes of one segment are not what was written, or are not there. The others are not concerned.</summary>
internal sealed class SegmentDamagedException(long segment, Exception why) : Exception($"segment {segment} cannot be read: {why.Message}", why)
{
    public long Segment { get; } = segment;

    /// <summary>Whether this is how a reader of bytes fails that are damaged. The disk's own errors are others.</summary>
    public static bool Is(Exception error) => error is InvalidDataException or IndexOutOfRangeException or ArgumentException or OverflowException;

    [DoesNotReturn]
    public static void ThrowMissing(long segment) => throw new SegmentDamagedException(segment, new InvalidDataException("it is missing"));
}
