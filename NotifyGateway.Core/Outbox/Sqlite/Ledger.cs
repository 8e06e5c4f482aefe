using System.Diagnostics;
using Microsoft.Extensions.Logging;
using NotifyGateway.Core.Configuration;

namespace NotifyGateway.Core.Outbox.Sqlite;

/// <summary>Carries out operations inside one transaction at a time. The writer's own; nothing here waits.</summary>
internal sealed partial class Ledger
{
    private readonly Database _database;
    private readonly SessionParts _parts;
    private readonly OutboxOptions _options;
    private readonly OutboxMeter? _meter;
    private readonly SegmentStore _store;
    private readonly SegmentPacker _packer;
    private readonly Guards _guards;
    private readonly MessageLookup _lookup;
    private readonly Expiry _expiry;
    private readonly Cleaning _cleaning;
    private readonly Concerns _concerns;
    private readonly Lateness _lateness;
    private readonly Damage _damage;
    private readonly ILogger _logger;
    private readonly Effects _effects = new();
    private readonly Statement _begin;
    private readonly Statement _commit;
    private readonly Statement _deleteReason;
    private readonly Statement _insertReason;
    private SessionPart? _lastPart;
    private bool _durable = true;
    private DateTimeOffset _now;
    private long _nowMilliseconds;
    private long _begun;

    public Ledger(Database database, SessionParts parts, OutboxOptions options, ILogger logger, OutboxMeter? meter)
    {
        _database = database;
        _parts = parts;
        _options = options;
        _meter = meter;
        _logger = logger;
        _damage = new Damage(database);
        _store = new SegmentStore(database, Part);
        _packer = new SegmentPacker(_store, Part, _effects.Appended);
        _guards = new Guards(database);
        _lookup = new MessageLookup(database, static damaged => throw damaged);
        _expiry = new Expiry(database, _store, this);
        _concerns = new Concerns(database);
        _lateness = new Lateness(database, _store, parts, _concerns);
        _cleaning = new Cleaning(database, _guards, options.KeepSettled);
        _begin = database.Prepare("BEGIN IMMEDIATE");
        _commit = database.Prepare("COMMIT");
        _deleteReason = database.Prepare("DELETE FROM reason WHERE session = ?1 AND lane IS ?2");
        _insertReason = database.Prepare("INSERT INTO reason (session, lane, text) VALUES (?1, ?2, ?3)");
    }

    /// <summary>True when somebody listens to <see cref="Settlements"/>.</summary>
    public bool WantsSettlements { get; set; }

    /// <summary>The deliveries that the last commit ended. The caller clears it.</summary>
    public List<Settlement> Settlements => _effects.Settlements;

    /// <summary>When the first queued delivery may expire, in milliseconds since 1970: never too late, sometimes too early.</summary>
    public long NextExpiry { get; private set; }

    /// <summary>Reads what is queued of every lane, and every reason. The first thing to be called.</summary>
    public void Load()
    {
        var lanes = _database.Prepare("SELECT session, lane, sum(count), min(segment), accepted FROM queue GROUP BY session, lane");
        using (var rows = lanes.Rows())
        {
            while (rows.Next())
            {
                var lane = Part(new SessionKey(rows.Text(0))).Lane(rows.Text(1));
                lane.Part.Apply(new LaneChange(lane, rows.Long(3), rows.Long(4), checked((int)rows.Long(2))));
            }
        }

        // Who has nothing queued any more has no reason to wait.
        _database.Execute("DELETE FROM reason WHERE NOT EXISTS (SELECT 1 FROM queue WHERE queue.session = reason.session)");
        using (var rows = _database.Prepare("SELECT session, lane, text, lane IS NULL FROM reason").Rows())
        {
            while (rows.Next())
            {
                Part(new SessionKey(rows.Text(0))).Explain(rows.Long(3) != 0 ? null : rows.Text(1), rows.Text(2));
            }
        }

        NextExpiry = _expiry.First();
    }

    /// <param name="durable">False: only the process may end without loss, not the machine. Enough for the end of a delivery, which is then delivered once more.</param>
    public void Begin(DateTimeOffset now, bool durable)
    {
        if (_durable != durable)
        {
            _database.Execute(durable ? "PRAGMA synchronous = FULL" : "PRAGMA synchronous = NORMAL");
            _durable = durable;
        }

        _now = now;
        _nowMilliseconds = now.ToUnixTimeMilliseconds();
        _begun = Stopwatch.GetTimestamp();
        _begin.Run();
    }

    public void Commit()
    {
        _packer.Flush();
        _store.Save(_effects.Changes);
        _concerns.Save();
        _lateness.Save();
        _commit.Run();
        _meter?.Wrote(Stopwatch.GetElapsedTime(_begun));
        _store.Committed();
        _concerns.Committed();
        _lateness.Committed();
        if (_concerns.Terms is { } terms && _effects.Appended.Count > 0)
        {
            _lateness.Wake(_nowMilliseconds + (long)terms.After.TotalMilliseconds);
        }

        NextExpiry = Math.Min(NextExpiry, _packer.FirstExpiry);
        _packer.Clear();
        _effects.Publish(_parts);
        _lastPart = null;
    }

    public void Rollback()
    {
        Settlements.Clear();
        _store.RolledBack();
        _concerns.RolledBack();
        _lateness.RolledBack();
        _packer.Clear();
        _effects.Withdraw(_parts);
        _lastPart = null;
        // What was to expire did not.
        NextExpiry = Math.Min(NextExpiry, _nowMilliseconds);
        if (!_database.AutoCommit)
        {
            _database.Execute("ROLLBACK");
        }
    }

    /// <summary>Shows whether the disk takes anything, with the smallest change that there is.</summary>
    public void Probe() => _database.Execute($"PRAGMA user_version = {Schema.Current}");

    public void Settle(in Settling settling)
    {
        if (settling.Delivery is not { } delivery)
        {
            Return(settling.Part, settling.Bounce!, settling.Outcome);
            return;
        }

        if (_store.TryGet(Sequence.Segment(delivery.Sequence)) is not { } segment)
        {
            settling.Part.Drop(delivery);
            return;
        }

        var index = segment.IndexOf(Sequence.Key(delivery.Sequence));
        if (index < 0 || segment.States[index].Status != DeliveryStatus.Queued)
        {
            // It has ended already: ending it once more changes nothing.
            _effects.Ended.Add(new Ended(settling.Part.Lane(delivery.Lane), delivery.Sequence));
            return;
        }

        var notification = delivery.Notification;
        var (status, proof, reason) = settling.Outcome;
        var state = new DeliveryState { Status = status, Proof = proof, Reason = reason, Attempts = delivery.Attempts, When = _nowMilliseconds };
        End(segment, index, state, notification, delivery.Destination);
    }

    public void Carry(Operation operation)
    {
        switch (operation)
        {
            case AppendOperation append:
                Append(append);
                break;
            case MessageOperation { RetryLife: { } life } retry:
                Retry(retry.Id, life);
                break;
            case MessageOperation cancel:
                Cancel(cancel.Id);
                break;
            case ConcernsOperation concerns:
                _concerns.Save();
                concerns.Found = _concerns.List();
                break;
            case ExplainOperation explain:
                Explain(explain);
                break;
            case ReleasedOperation released:
                Released(released);
                break;
            case DamagedOperation damaged:
                LookAtDamage(damaged.Segment);
                break;
            case LeftOperation left:
                _effects.Parts.Add(left.Part);
                break;
            default:
                throw new NotSupportedException(operation.GetType().Name);
        }
    }

    /// <summary>Ends some of the deliveries whose time is over.</summary>
    /// <returns>True when there may be more.</returns>
    public bool Expire()
    {
        var more = _expiry.Some(_now);
        NextExpiry = more ? _nowMilliseconds : long.MaxValue;
        return more;
    }

    /// <summary>Finds out when the next delivery expires, after all that were due have been ended.</summary>
    public void LookForNextExpiry() => NextExpiry = _expiry.First();

    /// <summary>Deletes some of what need not be kept any longer.</summary>
    /// <returns>True when there may be more.</returns>
    public bool Clean() => _cleaning.Some(_nowMilliseconds);

    /// <summary>Ends a queued delivery unless it is handed out.</summary>
    /// <returns>False when it is.</returns>
    public bool TryEndUntaken(Segment segment, int index, DeliveryStatus status, Notification notification, Destination destination)
    {
        var lane = segment.Shares[segment.ShareIndexes[index]].Lane;
        if (!lane.Part.TryRevoke(lane, Sequence.Of(segment.Id, segment.Keys[index]), out var attempts))
        {
            return false;
        }

        _effects.Frozen.Add(lane);
        _effects.Parts.Add(lane.Part);
        var reason = lane.Part.Reason(lane.Name) ?? (status == DeliveryStatus.Expired ? Reasons.Expired : null);
        var state = new DeliveryState
        {
            Status = status,
            When = _nowMilliseconds,
            Attempts = Math.Max(attempts, segment.States[index].Attempts),
            Reason = status == DeliveryStatus.Expired ? reason : null,
        };
        End(segment, index, state, notification, destination);
        return true;
    }

    private void End(Segment segment, int index, in DeliveryState state, Notification notification, Destination destination)
    {
        var key = segment.Keys[index];
        var sequence = Sequence.Of(segment.Id, key);
        var lane = segment.Shares[segment.ShareIndexes[index]].Lane;
        segment.End(index, state);
        _store.Touch(segment);
        _effects.Ended.Add(new Ended(lane, sequence));
        lane.Part.Pending--;
        Remember(lane.Part);
        Tell(state, notification, Sequence.Ordinal(key), destination);
        Raise(segment, key, state, notification, destination);
        if (segment.Origins is not null && segment.Origins.TryGetValue(Sequence.Message(key), out var origin))
        {
            // What people see is the message's first entry: it learns how the other try ended.
            if (_store.TryGet(Sequence.Segment(origin)) is { } first)
            {
                first.End(first.IndexOf(Sequence.Key(origin) + Sequence.Ordinal(key)), state);
                _store.Touch(first);
            }
        }
    }

    private void Tell(in DeliveryState state, Notification notification, int ordinal, Destination destination, bool cameBack = false)
    {
        if (WantsSettlements)
        {
            Settlements.Add(new Settlement(notification.Id, ordinal, notification.Client, destination.Session, destination.Name,
                new Outcome(state.Status, state.Proof, state.Reason), state.Attempts, notification.AcceptedAt, DateTimeOffset.FromUnixTimeMilliseconds(state.When))
            {
                CameBack = cameBack,
                Trace = notification.Trace,
            });
        }
    }

    private void Append(AppendOperation operation)
    {
        for (var i = 0; i < operation.Results.Length; i++)
        {
            operation.Results[i] = Append(operation.Entries[i]);
        }
    }

    private AppendResult Append(OutboxEntry entry)
    {
        var (notification, destinations, guard) = entry;
        if (guard is not null && _guards.Check(guard, _nowMilliseconds) is { } repeated)
        {
            return repeated;
        }

        for (var i = 0; i < destinations.Count; i++)
        {
            var part = Part(destinations[i].Session);
            Remember(part);
            part.Pending++;
            if (part.Queued + part.Pending > _options.MaxQueuedPerSession)
            {
                // All or nothing: what was counted for the entry so far is taken back.
                for (var counted = i; counted >= 0; counted--)
                {
                    Part(destinations[counted].Session).Pending--;
                }

                return new AppendResult(AppendStatus.Full, Guid.Empty);
            }
        }

        _packer.Add(notification, destinations);
        if (guard is not null)
        {
            _guards.Store(guard, notification.Id);
        }

        _concerns.Tell(entry.Tells);

        return new AppendResult(AppendStatus.Stored, notification.Id);
    }

    private void Explain(ExplainOperation operation)
    {
        var session = operation.Part.Key.Value;
        _deleteReason.Bind(1, session).Bind(2, operation.Lane).Run();
        if (operation.Part.OwnReason(operation.Lane) is { } reason)
        {
            _insertReason.Bind(1, session).Bind(2, operation.Lane).Bind(3, reason).Run();
        }
    }

    private void Released(ReleasedOperation operation)
    {
        foreach (var delivery in operation.Deliveries)
        {
            if (_store.TryGet(Sequence.Segment(delivery.Sequence)) is not { } segment)
            {
                continue;
            }

            var index = segment.IndexOf(Sequence.Key(delivery.Sequence));
            if (index < 0 || segment.States[index].Status != DeliveryStatus.Queued)
            {
                // Cancelled, expired or handed out and settled since then.
                continue;
            }

            if (segment.States[index].Attempts < delivery.Attempts)
            {
                segment.States[index].Attempts = delivery.Attempts;
                _store.Touch(segment);
            }

            if (delivery.Notification.ExpiresAt <= _now)
            {
                TryEndUntaken(segment, index, DeliveryStatus.Expired, delivery.Notification, delivery.Destination);
            }
        }
    }

    private SessionPart Part(SessionKey key)
    {
        if (_lastPart is null || !string.Equals(_lastPart.Key.Value, key.Value, StringComparison.Ordinal))
        {
            _lastPart = _parts.Get(key);
        }

        return _lastPart;
    }

    private void Remember(SessionPart part)
    {
        if (part.Pending is >= -1 and <= 1)
        {
            // Often there is a run of the same part: only the first ones need the look-up.
            _effects.Parts.Add(part);
        }
    }
}

/// <summary>The outbox's own words.</summary>
internal static class Reasons
{
    public const string Lost = "lost: the outbox is damaged";
    public const string Expired = "expired before it could be delivered";
}
