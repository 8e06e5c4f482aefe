using System.Collections.Concurrent;
using NotifyGateway.Core.Configuration;
using NotifyGateway.Core.Protocols;

namespace NotifyGateway.Api.Http.Hooks;

/// <summary>How often each hook may be used.</summary>
/// <remarks>Locked, a hook at a time: any number of requests ask at once, and none of them owns the hook.</remarks>
internal sealed class HookRates(TimeProvider time)
{
    private readonly ConcurrentDictionary<string, TokenBucket> _buckets = new(StringComparer.OrdinalIgnoreCase);
    private readonly long _start = time.GetTimestamp();

    /// <summary>Null when the request may pass, else the whole seconds after which the next one may.</summary>
    public int? Take(NamedHook hook)
    {
        var bucket = _buckets.GetOrAdd(hook.Name, static (_, perMinute) => new TokenBucket(perMinute, perMinute / 60.0), hook.Options.PerMinute);
        var now = time.GetElapsedTime(_start);
        lock (bucket)
        {
            return bucket.TryTake(now) ? null : Math.Max(1, (int)Math.Ceiling((bucket.NextAt - now).TotalSeconds));
        }
    }
}
