using NotifyGateway.Core;
using NotifyGateway.Core.Configuration;

namespace NotifyGateway.Api.Http.Hooks;

/// <summary>How often each hook may be used.</summary>
internal sealed class HookRates(TimeProvider time)
{
    private readonly PerMinuteLimits _limits = new(time);

    /// <summary>Null when the request may pass, else the whole seconds after which the next one may.</summary>
    public int? Take(NamedHook hook) =>
        _limits.Take(hook.Name, hook.Options.PerMinute) is { } wait ? Math.Max(1, (int)Math.Ceiling(wait.TotalSeconds)) : null;
}
