namespace NotifyGateway.Bench.Report;

/// <summary>One line of the table.</summary>
/// <param name="Name">What was measured.</param>
/// <param name="Gateway">The gateway's figure, with its unit.</param>
/// <param name="Rival">The figure of what it is compared with.</param>
/// <param name="Ratio">Median, least and greatest of the paired ratios.</param>
/// <param name="Goal">What is asked for, or null.</param>
/// <param name="Judged">The number that the goal is held against.</param>
/// <param name="Fault">Why the gateway's figure does not count, or null.</param>
/// <param name="Note">What a reader should know.</param>
internal sealed record Figure(
    string Name, string Gateway, string Rival = "", string Ratio = "", Goal? Goal = null, double? Judged = null, string? Fault = null, string? Note = null)
{
    /// <summary>False for a missed goal and for a figure that does not count.</summary>
    public bool IsGood => Fault is null && (Goal is null || Judged is null || Goal.IsMet(Judged.Value));

    public string Verdict => Fault is not null ? "invalid: " + Fault
        : Goal is null || Judged is null ? ""
        : Goal.Verdict(Judged.Value);
}
