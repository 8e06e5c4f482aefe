namespace NotifyGateway.Bench.Report;

/// <summary>What one side did in one round.</summary>
internal interface IMeasurement
{
    /// <summary>Why it does not count, or null.</summary>
    string? Fault { get; }
}
