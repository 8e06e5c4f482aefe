using System.Diagnostics;
using NotifyGateway.Core.Configuration;
using NotifyGateway.Core.Outbox;
using NotifyGateway.Core.Routing;
using NotifyGateway.Core.Sessions;

namespace NotifyGateway.Core;

/// <summary>The only way into the gateway: gives a submission its identity, routes it and puts it on disk.</summary>
public sealed class Intake(CurrentConfiguration configuration, Multiplexer sessions, IOutbox outbox, TimeProvider time)
{
    /// <summary>How long an Idempotency-Key is remembered, unless the door says otherwise.</summary>
    private static readonly TimeSpan RepeatWindow = TimeSpan.FromHours(24);

    /// <summary>More destinations than this in one message are refused.</summary>
    public const int MaxDestinations = 1000;

    private readonly PerMinuteLimits _limits = new(time);

    /// <summary>Accepts one submission. Returns when it is on disk, or refused.</summary>
    public async Task<IntakeResult> AcceptAsync(Submission submission, CancellationToken cancellationToken) =>
        (await AcceptAsync([submission], cancellationToken))[0];

    /// <summary>Accepts submissions in their order, with one commit. Returns when they are on disk, or refused, each on its own.</summary>
    /// <returns>One result per submission, at the same index.</returns>
    public async Task<IntakeResult[]> AcceptAsync(IReadOnlyList<Submission> submissions, CancellationToken cancellationToken)
    {
        var results = new IntakeResult[submissions.Count];
        var entries = new List<OutboxEntry>(submissions.Count);
        var indexes = new List<int>(submissions.Count);
        var spans = MessageTrace.Source.HasListeners() ? new Activity?[submissions.Count] : null;
        for (var i = 0; i < submissions.Count; i++)
        {
            var span = spans is null ? null : spans[i] = MessageTrace.Accept(submissions[i]);
            var (entry, result) = Prepare(submissions[i], span?.Id);
            results[i] = result;
            if (entry is not null)
            {
                entries.Add(entry);
                indexes.Add(i);
            }
        }

        if (entries.Count > 0)
        {
            var appended = await outbox.AppendAsync(entries, cancellationToken);
            for (var i = 0; i < appended.Length; i++)
            {
                results[indexes[i]] = Answer(appended[i], results[indexes[i]].Unknown, entries[i].Destinations);
            }

            ReopenEnded(entries);
        }

        for (var i = 0; i < spans?.Length; i++)
        {
            spans[i].Accepted(results[i]);
        }

        return results;
    }

    /// <summary>Queues once more what failed, expired or was cancelled of a message, if its client may send there still and somebody serves it.</summary>
    /// <param name="receipt">The message as it stands.</param>
    /// <param name="client">Who asks: its scope and its limit count, as they are now.</param>
    /// <param name="cancellationToken">Not heeded once it is being stored.</param>
    /// <returns>Accepted, with the message as it stands then; or why nothing was queued.</returns>
    /// <exception cref="OutboxFaultException">The disk refused; nothing was queued.</exception>
    public async Task<(IntakeResult Result, Receipt? After)> RetryAsync(Receipt receipt, string client, CancellationToken cancellationToken)
    {
        var state = configuration.State;
        List<Destination> again = [.. receipt.Deliveries.Where(d => d.Status is DeliveryStatus.Failed or DeliveryStatus.Expired or DeliveryStatus.Cancelled).Select(d => d.Destination)];
        if (Obstacle(state, again, client) is { } obstacle)
        {
            return (obstacle, null);
        }

        var after = await outbox.RetryAsync(receipt.Notification.Id, state.Options.Outbox.ExpireAfter, cancellationToken);
        ReopenEnded([new OutboxEntry(receipt.Notification, again)]);
        return (new IntakeResult(IntakeStatus.Accepted, receipt.Notification.Id, []), after);
    }

    private IntakeResult? Obstacle(GatewayState state, List<Destination> again, string client)
    {
        if (state.Scopes.Of(client) is { } scope && again.Where(d => !scope.Allows(d)).ToList() is { Count: > 0 } lost)
        {
            return new IntakeResult(IntakeStatus.Forbidden, Guid.Empty, [.. lost.Select(d => new UnknownDestination(d.Name, $"client {client} may not send there"))]);
        }

        // Under its public name it may mean another place by now, but what nobody serves would wait for nobody.
        var unknown = again.SelectMany(d => state.Router.Resolve(Addressing.Named(d.Name)).Unknown).ToList();
        if (unknown.Count > 0)
        {
            return new IntakeResult(IntakeStatus.UnknownDestination, Guid.Empty, unknown);
        }

        if (again.Count > 0 && _limits.Take(client, state.Options.Clients.GetValueOrDefault(client)?.PerMinute) is { } wait)
        {
            return new IntakeResult(IntakeStatus.Limited, Guid.Empty, [], "this client has sent as many messages as it may for now") { RetryAfter = wait };
        }

        return EnsureSessions(again).Refused is [var refused, ..] ? new IntakeResult(IntakeStatus.NoSession, Guid.Empty, [], refused.ToString()) : null;
    }

    /// <summary>A session on demand may have ended, idle, between the first look and the commit.</summary>
    private void ReopenEnded(List<OutboxEntry> entries)
    {
        var last = default(SessionKey);
        foreach (var entry in entries)
        {
            foreach (var destination in entry.Destinations)
            {
                if (destination.Session.IsDynamic && destination.Session != last)
                {
                    last = destination.Session;
                    _ = sessions.Ensure(last);
                }
            }
        }
    }

    private (OutboxEntry? Entry, IntakeResult Result) Prepare(Submission submission, string? trace)
    {
        var state = submission.Under ?? configuration.State;
        var options = state.Options;
        if (submission.Text.Length + (submission.Title?.Length ?? 0) > options.MaxMessageBytes)
        {
            return Refuse(IntakeStatus.TooLarge, [], $"a message has at most {options.MaxMessageBytes} bytes");
        }

        var route = state.Router.Resolve(submission.To);
        var unknown = route.Unknown;
        var destinations = submission.Except is { } except ? [.. route.Destinations.Where(d => (d.Session, d.Lane) != except)] : route.Destinations;
        if (state.Scopes.Of(submission.Client) is { } scope)
        {
            (destinations, var forbidden) = scope.Filter(route, submission.To);
            if (forbidden.Count > 0 && submission.Strict)
            {
                return Refuse(IntakeStatus.Forbidden, forbidden, null);
            }

            unknown = [.. unknown, .. forbidden];
        }

        if (unknown.Count > 0 && (submission.Strict || destinations.Count == 0))
        {
            return Refuse(IntakeStatus.UnknownDestination, unknown, null);
        }

        if (destinations.Count > MaxDestinations)
        {
            return Refuse(IntakeStatus.TooMany, [], $"a message has at most {MaxDestinations} destinations");
        }

        if (_limits.Take(submission.Client, options.Clients.GetValueOrDefault(submission.Client)?.PerMinute) is { } wait)
        {
            return (null, new IntakeResult(IntakeStatus.Limited, Guid.Empty, [], "this client has sent as many messages as it may for now") { RetryAfter = wait });
        }

        if (destinations.Any(d => d.Session.IsDynamic))
        {
            (destinations, var refused) = EnsureSessions(destinations);
            if (refused.Count > 0 && (submission.Strict || destinations.Count == 0))
            {
                return Refuse(IntakeStatus.NoSession, [.. unknown, .. refused], refused[0].ToString());
            }

            unknown = [.. unknown, .. refused];
        }

        var now = time.GetUtcNow();
        var notification = new Notification
        {
            Id = MessageIds.New(now),
            Client = submission.Client,
            Input = submission.Input,
            Title = submission.Title,
            Text = submission.Text,
            Severity = submission.Severity,
            Markup = submission.Markup,
            Trace = trace,
            AcceptedAt = now,
            ExpiresAt = now + (submission.ExpiresIn ?? options.Outbox.ExpireAfter),
        };
        var guard = submission.Repeat is { } repeat
            ? new RepeatGuard($"{submission.Client}\n{repeat.Key}", repeat.Fingerprint, now + (submission.RepeatFor ?? RepeatWindow))
            : null;
        return (new OutboxEntry(notification, destinations, guard) { Tells = submission.Tells }, new IntakeResult(IntakeStatus.Accepted, notification.Id, unknown));
    }

    /// <summary>Sessions on demand are there before anything is queued for them; a destination that can have none does not stop the others.</summary>
    private (IReadOnlyList<Destination> Served, IReadOnlyList<UnknownDestination> Refused) EnsureSessions(IReadOnlyList<Destination> destinations)
    {
        List<UnknownDestination>? refused = null;
        foreach (var destination in destinations)
        {
            if (destination.Session.IsDynamic && sessions.Ensure(destination.Session) is { } why)
            {
                (refused ??= []).Add(new UnknownDestination(destination.Name, why));
            }
        }

        return refused is null ? (destinations, []) : ([.. destinations.Where(d => !refused.Exists(r => string.Equals(r.Name, d.Name, StringComparison.Ordinal)))], refused);
    }

    private static (OutboxEntry?, IntakeResult) Refuse(IntakeStatus status, IReadOnlyList<UnknownDestination> unknown, string? reason) =>
        (null, new IntakeResult(status, Guid.Empty, unknown, reason));

    private static IntakeResult Answer(AppendResult result, IReadOnlyList<UnknownDestination> unknown, IReadOnlyList<Destination> destinations) => result.Status switch
    {
        AppendStatus.Stored => new IntakeResult(IntakeStatus.Accepted, result.MessageId, unknown) { Destinations = destinations },
        AppendStatus.Repeated => new IntakeResult(IntakeStatus.Repeated, result.MessageId, unknown),
        AppendStatus.KeyReused => new IntakeResult(IntakeStatus.KeyReused, Guid.Empty, unknown, "this Idempotency-Key was used for another request"),
        AppendStatus.Full => new IntakeResult(IntakeStatus.Full, Guid.Empty, unknown, "too many messages are waiting for this destination"),
        _ => new IntakeResult(IntakeStatus.Failing, Guid.Empty, unknown, "the outbox cannot store messages at the moment"),
    };
}
