using System.Collections.Concurrent;
using NotifyGateway.Core.Protocols;

namespace NotifyGateway.Core;

/// <summary>How often each client, or each hook, may send (<c>PerMinute</c>). What one has used counts on when its limit is changed.</summary>
public sealed class PerMinuteLimits(TimeProvider time)
{
    private readonly ConcurrentDictionary<string, Limit> _limits = new(StringComparer.OrdinalIgnoreCase);
    private readonly long _start = time.GetTimestamp();

    /// <summary>Counts a message. May be called from any thread.</summary>
    /// <param name="name">Whose.</param>
    /// <param name="perMinute">The limit at present; null: none.</param>
    /// <returns>Null: it may be sent. Else how long until the next one may.</returns>
    public TimeSpan? Take(string name, int? perMinute)
    {
        if (perMinute is not { } most)
        {
            return null;
        }

        var limit = _limits.GetOrAdd(name, static (_, most) => new Limit(most), most);

        // Requests come on any thread, and a bucket is not made for that.
        lock (limit)
        {
            return limit.Take(most, time.GetElapsedTime(_start));
        }
    }

    private sealed class Limit(int perMinute)
    {
        private readonly TokenBucket _bucket = new(perMinute, perMinute / 60.0);
        private int _perMinute = perMinute;

        public TimeSpan? Take(int most, TimeSpan now)
        {
            if (most != _perMinute)
            {
                _perMinute = most;
                _bucket.Change(most, most / 60.0, now);
            }

            return _bucket.TryTake(now) ? null : _bucket.NextAt - now;
        }
    }
}
