namespace NotifyGateway.Core.Outbox.Sqlite;

/// <summary>Where a part has its lanes loaded from.</summary>
internal interface ISessionPartSource
{
    void Load(LaneLoad load);
}

/// <summary>A wish for what lies behind <paramref name="After"/> in a lane.</summary>
/// <param name="Epoch">The lane's, when the wish was made.</param>
/// <param name="Count">At most so many deliveries.</param>
/// <param name="Characters">At most so much text, but one delivery in any case.</param>
internal sealed record LaneLoad(Lane Lane, int Epoch, long After, int Count, long Characters);

/// <summary>A delivery that a commit has made.</summary>
internal readonly record struct Appended(Lane Lane, long Sequence, Notification Notification, Destination Destination);

/// <summary>A delivery whose end a commit has made.</summary>
internal readonly record struct Ended(Lane Lane, long Sequence);

/// <summary>How many more (or fewer) deliveries of a lane a segment has queued since a commit.</summary>
/// <param name="First">What is first in the lane now, when that segment was.</param>
internal readonly record struct LaneChange(Lane Lane, long Segment, long Accepted, int Delta, (long Segment, long Accepted)? First = null);
