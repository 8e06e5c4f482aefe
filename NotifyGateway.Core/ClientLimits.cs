using NotifyGateway.Core.Configuration;
using NotifyGateway.Core.Protocols;

namespace NotifyGateway.Core;

/// <summary>How many messages each client may send (<c>Gateway:Clients:NAME:PerMinute</c>).</summary>
internal sealed class ClientLimits
{
    private readonly Dictionary<string, TokenBucket> _buckets = new(StringComparer.OrdinalIgnoreCase);
    private readonly TimeProvider _time;
    private readonly long _start;

    public ClientLimits(GatewayOptions options, TimeProvider time)
    {
        _time = time;
        _start = time.GetTimestamp();
        foreach (var (name, client) in options.Clients)
        {
            if (client.PerMinute is { } limit)
            {
                _buckets[name] = new TokenBucket(limit, limit / 60.0);
            }
        }
    }

    /// <summary>Counts a message.</summary>
    /// <returns>Null: it may be sent. Else how long until the next one may.</returns>
    public TimeSpan? Take(string client)
    {
        if (!_buckets.TryGetValue(client, out var bucket))
        {
            return null;
        }

        // Requests come on any thread, and a bucket is not made for that.
        lock (bucket)
        {
            var now = _time.GetElapsedTime(_start);
            return bucket.TryTake(now) ? null : bucket.NextAt - now;
        }
    }
}
