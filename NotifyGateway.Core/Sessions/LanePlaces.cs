namespace NotifyGateway.Core.Sessions;

/// <summary>How many channels each link may hold, and which has room: what the server says, or what it has been seen to enforce.</summary>
internal static class LanePlaces
{
    /// <summary>A nick takes no place. For a lane that is pinned to a live link.</summary>
    public static bool Unlimited(Lane lane) => lane.Link!.Protocol!.LaneLimit(lane.Address ?? lane.Name) == int.MaxValue;

    /// <summary>The places of a live link that are taken.</summary>
    public static int Held(IEnumerable<Lane> lanes, Link link) =>
        lanes.Count(l => l.Link == link && l.State is (LaneState.Entering or LaneState.Open) && !Unlimited(l));

    /// <summary>A link that can take the lane now, or null.</summary>
    public static Link? Free(IEnumerable<Lane> lanes, List<Link> links, Lane lane) =>
        links.Find(link => link is { Online: true, Protocol: { } protocol } && HasRoom(lanes, link, protocol.LaneLimit(lane.Address ?? lane.Name)));

    /// <summary>Whether a connection is being made that may have room.</summary>
    public static bool Coming(List<Link> links) => links.Exists(l => !l.Online && l.LearnedLimit > 0);

    /// <summary>Whether another lane has its place when an open one is left. Where it cannot be held beside another, that is the room it wants to be in under another nick.</summary>
    public static bool Frees(Lane open, Lane lane) =>
        open.Link!.Protocol!.LaneLimit(lane.Address ?? lane.Name) > 0 || string.Equals(open.Label, lane.Label, StringComparison.Ordinal);

    private static bool HasRoom(IEnumerable<Lane> lanes, Link link, int limit) =>
        limit == int.MaxValue || Held(lanes, link) < Math.Min(limit, link.LearnedLimit);
}
