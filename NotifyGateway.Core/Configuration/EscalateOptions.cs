namespace NotifyGateway.Core.Configuration;

/// <summary>Who is told of deliveries that do not arrive. Nobody is told of a message that is itself such a word.</summary>
public sealed record EscalateOptions
{
    /// <summary>Destinations; at least one.</summary>
    public IReadOnlyList<string> To { get; init; } = [];

    /// <summary>What is still queued so long after it was accepted is told; what fails or expires, at once.</summary>
    public TimeSpan After { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>Only messages of at least this severity are told of (info, success, warning, error; one without is info). Null: all.</summary>
    public Severity? Severity { get; init; }
}
