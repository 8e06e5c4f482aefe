namespace NotifyGateway.Core.Sessions.Srv;

/// <summary>A server of a service (RFC 2782).</summary>
/// <param name="Priority">Lower ones are tried first.</param>
/// <param name="Weight">The share of those who come, among servers of one priority.</param>
/// <param name="Target">A host name; empty: the service is decidedly not available.</param>
internal readonly record struct SrvRecord(ushort Priority, ushort Weight, ushort Port, string Target)
{
    /// <summary>The order in which servers are tried: by priority, and within one at random by weight (RFC 2782, "usage rules").</summary>
    public static IReadOnlyList<SrvRecord> InOrder(IEnumerable<SrvRecord> records, Random random)
    {
        var order = new List<SrvRecord>();
        foreach (var priority in records.GroupBy(r => r.Priority).OrderBy(g => g.Key))
        {
            // Those without weight stand first, so that they have a chance of being chosen: a small one.
            var left = priority.OrderBy(r => r.Weight == 0 ? 0 : 1).ToList();
            while (left.Count > 0)
            {
                var drawn = random.Next(left.Sum(r => r.Weight) + 1);
                var sum = 0;
                var chosen = left.FindIndex(r => (sum += r.Weight) >= drawn);
                order.Add(left[chosen]);
                left.RemoveAt(chosen);
            }
        }

        return order;
    }
}
