using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Microsoft.Extensions.Logging;
using NotifyGateway.Core.Configuration;
using NotifyGateway.Core.Formatting;
using NotifyGateway.Core.Outbox;

namespace NotifyGateway.Core.Sessions;

/// <summary>
/// Hands out what a lane is to send. Where more waits than people will read, and the first of it is old already, it is told in one line:
/// its list is stored first, as a message to nobody, and what it tells has ended only when the line is proved. So a crash at any
/// moment loses nothing; at most what is folded is told again. Belongs to the session's loop.
/// </summary>
/// <param name="store">Has the list of a fold stored; <see cref="OnStored"/> is called in the end.</param>
internal sealed class Folds(SessionSettings settings, IOutboxReader reader, TimeProvider time, Action<Fold, Notification> store, ILogger logger)
{
    /// <summary>The line stands for less than this: it would say less than they do.</summary>
    private const int Least = 2;

    /// <summary>What waits is in memory or comes from the disk; what does not come within this time has expired, or waits for others.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    private static readonly TimeSpan PauseAfterFault = TimeSpan.FromSeconds(10);

    /// <summary>A stored list is told under its link for so long; it is not kept for ever.</summary>
    private static readonly TimeSpan StoredFor = TimeSpan.FromMinutes(10);

    private SessionSettings _settings = settings;
    private readonly HashSet<Lane> _active = [];

    /// <summary>The next moment at which <see cref="TakeDue"/> has something.</summary>
    public TimeSpan WakeAt => _active.Count == 0 ? TimeSpan.MaxValue
        : _active.Min(l => l.Folding.Next is { State: FoldState.Gathering, IsDue: false } fold ? fold.Until : TimeSpan.MaxValue);

    /// <summary>The next delivery of an open lane, or the one line for many. False: there is nothing, or it is being gathered and the lane will be woken.</summary>
    public bool TryTake(Lane lane, TimeSpan now, [NotNullWhen(true)] out Delivery? delivery)
    {
        delivery = null;
        if (lane.Folding.Next is null && (!reader.TryTake(lane.Name, out delivery) || !Begins(lane, delivery, now)))
        {
            return delivery is not null;
        }

        delivery = null;
        var fold = lane.Folding.Next!;
        if (fold.State == FoldState.Gathering && lane.Folding.Sent is null && Gather(lane, fold, now))
        {
            Close(lane, fold);
            if (lane.Folding.Next is null)
            {
                return TryTake(lane, now, out delivery);
            }
        }

        if (fold.State != FoldState.Ready)
        {
            return false;
        }

        delivery = Send(lane, fold);
        return true;
    }

    /// <summary>What a delivery begins with that is handed out now.</summary>
    public string Lead(Delivery delivery) =>
        _settings.LateAfter is { } after ? LateText.Lead(time.GetUtcNow() - delivery.Notification.AcceptedAt, after) : "";

    /// <summary>Other settings hold for what is folded from now on.</summary>
    public void Change(SessionSettings settings) => _settings = settings;

    /// <summary>The lanes that have gathered for long enough.</summary>
    public List<Lane> TakeDue(TimeSpan now)
    {
        var due = _active.Where(l => l.Folding.Next is { State: FoldState.Gathering, IsDue: false } fold && fold.Until <= now).ToList();
        due.ForEach(l => l.Folding.Next!.IsDue = true);
        return due;
    }

    /// <summary>The list of a fold is on disk, or the outbox could not take it: then its deliveries go out one by one for a while.</summary>
    public void OnStored(Fold fold, bool stored, TimeSpan now)
    {
        var folding = fold.Lane.Folding;
        if (stored)
        {
            folding.Stored = new StoredFold(fold.Line!.Notification, [.. fold.Deliveries.Select(d => d.Sequence)], fold.LastSequence, now);
        }

        if (folding.Next != fold)
        {
            return;
        }

        fold.State = FoldState.Ready;
        if (!stored)
        {
            logger.FoldNotStored(_settings.Key, fold.Lane.Label, PauseAfterFault);
            folding.NotBefore = now + PauseAfterFault;
            Abandon(fold.Lane);
        }
    }

    /// <summary>The line of a lane is proved, refused or given back.</summary>
    /// <returns>What it has told; a delivery that tells itself is all of it.</returns>
    public static IReadOnlyList<Delivery> End(Lane? lane, Delivery delivery, bool proved)
    {
        if (delivery.Folded.Count == 0)
        {
            return [delivery];
        }

        if (lane is not null)
        {
            lane.Folding.Sent = null;
            lane.Folding.Stored = proved ? null : lane.Folding.Stored;
        }

        foreach (var folded in delivery.Folded)
        {
            folded.Refusals = delivery.Refusals;
        }

        return delivery.Folded;
    }

    /// <summary>Gives back what is gathered and not on the wire, for each lane that cannot send now.</summary>
    public void AbandonWhere(Func<Lane, bool> halted)
    {
        if (_active.Count > 0)
        {
            _active.Where(halted).ToList().ForEach(Abandon);
        }
    }

    /// <summary>Gives back what is gathered and not on the wire.</summary>
    public void Abandon(Lane lane)
    {
        if (lane.Folding.Next is { } fold)
        {
            lane.Folding.Next = null;
            _active.Remove(lane);
            // Their errors were given back when gathering ended.
            reader.Release(fold.State == FoldState.Gathering ? [.. fold.Deliveries, .. fold.Errors] : fold.Deliveries);
            lane.HasWork = true;
        }
    }

    /// <summary>Whether a delivery that was just taken is the first of a fold; if so, it is in it.</summary>
    private bool Begins(Lane lane, Delivery first, TimeSpan now)
    {
        var folding = lane.Folding;
        if (_settings.FoldAfter is not { } after || first.Notification.Severity == Severity.Error || first.Sequence <= folding.PlainUntil)
        {
            return false;
        }

        if (now < folding.NotBefore || time.GetUtcNow() - first.Notification.AcceptedAt < after)
        {
            return false;
        }

        var waiting = reader.Waiting(lane.Name) + 1;
        if (waiting <= _settings.FoldAbove)
        {
            return false;
        }

        folding.Stored = folding.Stored is { } stored && now - stored.At < StoredFor ? stored : null;
        var again = folding.Stored is { Sequences: [var told, ..] } && told == first.Sequence;
        folding.Next = new Fold(lane, Math.Min(waiting, _settings.FoldAtOnce), again ? folding.Stored!.Last : long.MaxValue);
        folding.Next.Add(first);
        _active.Add(lane);
        return true;
    }

    /// <returns>True when there is no more to wait for.</returns>
    private bool Gather(Lane lane, Fold fold, TimeSpan now)
    {
        var before = fold.Gathered;
        while (!fold.IsFull && reader.TryTake(lane.Name, out var more))
        {
            fold.Add(more);
        }

        if (fold.Gathered > before || fold.Until == TimeSpan.MaxValue)
        {
            fold.Until = now + Patience;
        }

        return fold.IsFull || fold.IsDue;
    }

    private void Close(Lane lane, Fold fold)
    {
        if (fold.Deliveries.Count < Least)
        {
            lane.Folding.PlainUntil = fold.LastSequence;
            Abandon(lane);
        }
        else
        {
            reader.Release(fold.Errors);
            Tell(lane, fold);
        }
    }

    private void Tell(Lane lane, Fold fold)
    {
        if (lane.Folding.Stored is { } stored && fold.Deliveries.Select(d => d.Sequence).SequenceEqual(stored.Sequences))
        {
            fold.Line = Line(fold, stored.Line);
            fold.State = FoldState.Ready;
            return;
        }

        var now = time.GetUtcNow();
        var id = MessageIds.New(now);
        var line = new Notification
        {
            Id = id,
            Client = ClientDirectory.Admin,
            Input = "fold",
            Text = FoldText.Line(fold.Deliveries, id, _settings.PublicUrl, now),
            AcceptedAt = now,
            ExpiresAt = now,
        };
        fold.Line = Line(fold, line);
        fold.State = FoldState.Storing;
        var title = string.Create(CultureInfo.InvariantCulture, $"{fold.Deliveries.Count:N0} messages for {fold.Line.Destination.Name}");
        store(fold, line with { Title = title, Text = FoldText.List(fold.Deliveries) });
    }

    private static Delivery Line(Fold fold, Notification line)
    {
        var first = fold.Deliveries[0];
        return new Delivery(first.Sequence, first.Ordinal, line, first.Destination)
        {
            Folded = fold.Deliveries,
            Refusals = fold.Deliveries.Max(d => d.Refusals),
        };
    }

    private Delivery Send(Lane lane, Fold fold)
    {
        lane.Folding.Next = null;
        lane.Folding.Sent = fold;
        _active.Remove(lane);
        foreach (var delivery in fold.Deliveries)
        {
            delivery.Attempts++;
        }

        _settings.Meter?.Folded(_settings.Key, fold.Deliveries.Count);
        logger.Folded(_settings.Key, lane.Label, fold.Deliveries.Count, fold.Line!.Notification.Id);
        return fold.Line;
    }
}
