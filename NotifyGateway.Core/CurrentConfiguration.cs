using NotifyGateway.Core.Configuration;

namespace NotifyGateway.Core;

/// <summary>The configuration that is in force, and what is known of its sources. Any thread may read; one alone, whoever reloads, writes.</summary>
public sealed class CurrentConfiguration : IDisposable
{
    private volatile GatewayState _state;
    private volatile ConfigurationReport _report;

    public CurrentConfiguration(GatewayState state, ConfigurationReport report) => (_state, _report) = (state, report);

    /// <summary>A configuration that comes from no file.</summary>
    public CurrentConfiguration(GatewayOptions options, TimeProvider time)
        : this(new GatewayState(options, time), new ConfigurationReport(time.GetUtcNow(), []))
    {
    }

    /// <summary>Raised after another configuration has come into force, on the thread of whoever reloads: handlers must be quick and must not throw.</summary>
    public event Action<GatewayState>? Replaced;

    /// <summary>What is in force. A request takes it once.</summary>
    public GatewayState State => _state;

    /// <summary>Where it comes from, and what became of the last attempt to replace it.</summary>
    public ConfigurationReport Report => _report;

    /// <summary>Another configuration is in force from now on.</summary>
    public void Replace(GatewayState state, ConfigurationReport report)
    {
        var before = _state;
        _state = state;
        _report = report;
        if (!ReferenceEquals(before.Templates, state.Templates))
        {
            before.Templates.Dispose();
        }

        Replaced?.Invoke(state);
    }

    /// <summary>Tells anew what is known, while the configuration stays.</summary>
    public void Tell(ConfigurationReport report) => _report = report;

    public void Dispose() => _state.Templates.Dispose();
}

/// <summary>What a gateway knows of its configuration's sources. Holds no secret.</summary>
/// <param name="LoadedAt">When what is in force was read.</param>
/// <param name="Files">The files that are looked at for changes, with the directory of secrets; those that win last.</param>
public sealed record ConfigurationReport(DateTimeOffset LoadedAt, IReadOnlyList<string> Files)
{
    /// <summary>Why the last change was refused; empty when it was not.</summary>
    public IReadOnlyList<ConfigurationError> Problems { get; init; } = [];

    /// <summary>When it was refused; null when it was not.</summary>
    public DateTimeOffset? RefusedAt { get; init; }

    /// <summary>Keys that have changed and count only after a restart.</summary>
    public IReadOnlyList<string> NeedsRestart { get; init; } = [];

    /// <summary>Destinations that the configuration names and nothing serves.</summary>
    public IReadOnlyList<string> Warnings { get; init; } = [];
}
