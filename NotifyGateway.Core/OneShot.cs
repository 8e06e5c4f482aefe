using Microsoft.Extensions.Logging;
using NotifyGateway.Core.Configuration;
using NotifyGateway.Core.Outbox;
using NotifyGateway.Core.Routing;
using NotifyGateway.Core.Sessions;

namespace NotifyGateway.Core;

/// <summary>
/// A gateway for a single message: connects, sends, waits for the proof, says goodbye. It has no doors, and its outbox is gone with it. Only networks and
/// accounts that the message goes to are connected to, and no channel is joined beyond its destinations.
/// </summary>
public sealed class OneShot(GatewayOptions options, TimeProvider time, ILoggerFactory loggers)
{
    /// <summary>What is on the wire when the time is over may still be proved; a goodbye takes no longer either.</summary>
    private static readonly TimeSpan DrainTime = TimeSpan.FromSeconds(2);

    /// <summary>Sends one message and returns when each of its deliveries has come to its end, or when the time is over.</summary>
    /// <param name="submission">Whom it names must be named in <see cref="Addressing.To"/>.</param>
    /// <param name="atMost">The longest wait; more than zero.</param>
    /// <param name="cancellationToken">Ends all at once with an <see cref="OperationCanceledException"/>.</param>
    /// <exception cref="IOException">There is no room for temporary files.</exception>
    /// <exception cref="OutboxOpenException">The same.</exception>
    public async Task<OneShotResult> SendAsync(Submission submission, TimeSpan atMost, CancellationToken cancellationToken)
    {
        var folder = Directory.CreateTempSubdirectory("notify-gateway-");
        try
        {
            return await SendAsync(submission, OneShotOptions.Of(options, submission.To, folder.FullName, atMost), atMost, cancellationToken);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private async Task<OneShotResult> SendAsync(Submission submission, GatewayOptions own, TimeSpan atMost, CancellationToken cancellationToken)
    {
        var configuration = new CurrentConfiguration(own, time);
        var route = configuration.State.Router.Resolve(submission.To);
        if (route.Destinations.Any(d => d.Session == LocalDestinations.LogSession))
        {
            return OneShotResult.Refused(LocalDestinations.Log, "only a gateway that runs has a log");
        }

        await using var outbox = await SqliteOutbox.OpenAsync(own.Outbox, time, loggers.CreateLogger<SqliteOutbox>(), cancellationToken);
        var needed = OneShotOptions.Only(own, route.Destinations);
        await using var sessions = new Multiplexer(needed, outbox, time, loggers.CreateLogger<Multiplexer>()) { Impatient = true, Goodbye = "interrupted" };
        using var waiters = new ReceiptWaiters(outbox, time);
        var intake = await new Intake(configuration, sessions, outbox, time).AcceptAsync(submission, cancellationToken);
        if (!intake.IsAccepted)
        {
            return new OneShotResult(intake, null);
        }

        sessions.Start();
        var receipt = await waiters.WaitAsync(intake.MessageId, atMost, cancellationToken);
        sessions.Goodbye = receipt?.Status switch { MessageStatus.Delivered => "message delivered", MessageStatus.Partial => "message delivered in part", _ => "message not delivered" };
        await StopAsync(sessions);
        return new OneShotResult(intake, Latest(receipt, await outbox.FindAsync(intake.MessageId, cancellationToken)));
    }

    private async Task StopAsync(Multiplexer sessions)
    {
        using var drain = new CancellationTokenSource(DrainTime, time);
        await sessions.StopAsync(drain.Token);
    }

    /// <summary>What was on the wire at the end may have come to its own; what has not keeps the reason that was known while there were connections.</summary>
    private static Receipt? Latest(Receipt? before, Receipt? after) => before is null || after is null
        ? before
        : before with { Deliveries = [.. before.Deliveries.Zip(after.Deliveries, (b, a) => a.Status == DeliveryStatus.Queued ? b : a)] };
}

/// <summary>What became of a single message.</summary>
/// <param name="Intake">Whether it was accepted, and if not, why.</param>
/// <param name="Receipt">How its deliveries stand; null: it was not accepted.</param>
public sealed record OneShotResult(IntakeResult Intake, Receipt? Receipt)
{
    internal static OneShotResult Refused(string destination, string why) =>
        new(new IntakeResult(IntakeStatus.UnknownDestination, Guid.Empty, [new UnknownDestination(destination, why)]), null);
}
