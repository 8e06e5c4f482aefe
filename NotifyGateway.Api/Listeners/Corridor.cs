using NotifyGateway.Core;

namespace NotifyGateway.Api.Listeners;

/// <summary>Commits submissions in their order and answers for each at its index; the intake's <c>AcceptAsync</c>.</summary>
internal delegate Task<IntakeResult[]> AcceptSubmissions(IReadOnlyList<Submission> submissions, CancellationToken cancellationToken);

/// <summary>What a TCP or UDP door needs of the house behind it.</summary>
/// <param name="Accept">The intake.</param>
/// <param name="JoinedChannels">The channels joined at this moment, on all networks, in any order; for Kaoz's command.</param>
/// <param name="State">The configuration that is in force at this moment: asked anew for every batch, so that a change counts at once.</param>
internal sealed record Corridor(
    AcceptSubmissions Accept,
    Func<IEnumerable<string>> JoinedChannels,
    Func<GatewayState> State,
    DoorCounters Counters,
    TimeProvider Time,
    ILoggerFactory Loggers)
{
    /// <summary>Has somebody told whenever another configuration has come into force; whoever is told must be quick.</summary>
    public Action<Action> WhenReplaced { get; init; } = static _ => { };

    /// <summary>Who has guessed secrets: shared by all doors.</summary>
    public FailedAttempts Attempts { get; init; } = new(Time, Counters);
}
