using System.Runtime.InteropServices;

namespace NotifyGateway.Core.Outbox.Sqlite;

/// <content>One turn of the thread: a transaction, and what follows from it.</content>
internal sealed partial class Writer
{
    private void Turn()
    {
        var uptime = _uptime.Now;
        var now = _time.GetUtcNow();
        if (_uptime.WasSetBack())
        {
            OutboxLog.ClockSetBack(_logger, now);
            _ledger.ClockSetBack(now);
        }

        if (_fault is not null && uptime < _tryAt && !_stopping)
        {
            Refuse(_fault, null);
            SetAlarm();
            return;
        }

        Rewatch(now, uptime);
        if (HasWork(now, uptime) || _fault is not null)
        {
            try
            {
                Transact(now, uptime);
                Succeeded();
                _log.Look();
            }
            catch (SegmentDamagedException damaged)
            {
                SetAsideNext(damaged);
            }
            // Whatever the reason is, the thread must live on: nothing else would store what is kept here.
            catch (Exception error)
            {
                Failed(error);
            }
        }

        SetAlarm();
    }

    private bool HasWork(DateTimeOffset now, TimeSpan uptime) =>
        _damaged is not null || _kept.Count > 0 || _keptSettlings.Count > 0 || _ledger.Forgets
        || _cleanAt <= uptime || _syncAt <= uptime || IsExpiryDue(now, uptime) || _ledger.NextLate <= now.ToUnixTimeMilliseconds();

    private void Rewatch(DateTimeOffset now, TimeSpan uptime)
    {
        if (!Interlocked.Exchange(ref _rewatch, false))
        {
            return;
        }

        if (Interlocked.Exchange(ref _forget, false))
        {
            _ledger.Watch(null, long.MaxValue);
        }

        if (Volatile.Read(ref _terms) is var terms && terms != _ledger.Terms)
        {
            var grace = terms?.After < LateGrace ? terms.After : LateGrace;
            _ledger.Watch(terms, (grace > uptime ? now + (grace - uptime) : now).ToUnixTimeMilliseconds());
        }
    }

    private void Transact(DateTimeOffset now, TimeSpan uptime)
    {
        _more = false;
        _ledger.WantsSettlements = Settled is not null;
        // A wait for the disk costs more than all the rest. Only who was promised something needs it; what has ended goes along
        // with the next one, or waits for its own a little later.
        var durable = _fault is not null || _syncAt <= uptime || _stopping || _kept.Exists(o => o is AskedOperation);
        _ledger.Begin(now, durable);
        if (_damaged is { } damaged)
        {
            // Alone: what met it is tried again, and may meet another.
            _ledger.SetAside(damaged);
            _ledger.Commit();
            return;
        }

        if (_fault is not null || _syncAt <= uptime)
        {
            _ledger.Probe();
        }

        foreach (ref readonly var settling in CollectionsMarshal.AsSpan(_keptSettlings))
        {
            _ledger.Settle(settling);
        }

        foreach (var operation in _kept)
        {
            _ledger.Carry(operation);
        }

        var expired = false;
        if (IsExpiryDue(now, uptime))
        {
            _more |= _ledger.Expire();
            expired = !_more;
        }

        if (_ledger.NextLate <= now.ToUnixTimeMilliseconds())
        {
            _more |= _ledger.Late();
        }

        if (_cleanAt <= uptime)
        {
            var more = _ledger.Clean();
            _more |= more;
            _cleanAt = more ? uptime : uptime + CleanEvery;
        }

        _ledger.Commit();
        _syncAt = durable ? TimeSpan.MaxValue : _syncAt < TimeSpan.MaxValue ? _syncAt : uptime + SyncAfter;
        if (expired)
        {
            _ledger.LookForNextExpiry();
        }
    }

    /// <summary>One segment is damaged: it must not hold up the rest. What was asked for is tried again without it.</summary>
    private void SetAsideNext(SegmentDamagedException damaged)
    {
        try
        {
            _ledger.Rollback();
            _damaged = damaged;
            _more = true;
        }
        catch (DatabaseException rollback)
        {
            Failed(rollback);
        }
    }

    private void Succeeded()
    {
        if (_damaged is not null)
        {
            _damaged = null;
            _more = true;
            Tell();
            return;
        }

        foreach (var operation in _kept)
        {
            (operation as AskedOperation)?.Complete();
        }

        _kept.Clear();
        _keptSettlings.Clear();
        if (_fault is not null)
        {
            Volatile.Write(ref _fault, null);
            _pause = FirstPause;
            _log.Distrust();
            OutboxLog.Recovered(_logger);
        }

        Tell();
    }

    /// <summary>A listener's fault must not become the outbox's.</summary>
    private void Tell()
    {
        try
        {
            if (_ledger.TakeNews())
            {
                Concerned?.Invoke();
            }
        }
        catch (Exception error)
        {
            OutboxLog.ListenerThrew(_logger, error);
        }

        var settled = Settled;
        foreach (ref readonly var settlement in CollectionsMarshal.AsSpan(_ledger.Settlements))
        {
            try
            {
                settled?.Invoke(settlement);
            }
            catch (Exception error)
            {
                OutboxLog.ListenerThrew(_logger, error);
            }
        }

        _ledger.Settlements.Clear();
    }

    private void Failed(Exception error)
    {
        var fault = error.Message;
        try
        {
            _ledger.Rollback();
        }
        catch (DatabaseException rollback)
        {
            fault = $"{fault}; {rollback.Message}";
        }

        if (_fault is null)
        {
            OutboxLog.Faulted(_logger, fault, error);
        }

        Volatile.Write(ref _fault, fault);
        _more = false;
        _closingFailed = _stopping;
        _tryAt = _uptime.Now + _pause;
        _pause = _pause * 2 < LongestPause ? _pause * 2 : LongestPause;
        Refuse(fault, error);
    }

    /// <summary>Answers who waits; the rest is kept.</summary>
    private void Refuse(string fault, Exception? error) => _kept.RemoveAll(operation =>
    {
        (operation as AskedOperation)?.Refuse(fault, error);
        return operation is AskedOperation;
    });

    private bool IsExpiryDue(DateTimeOffset now, TimeSpan uptime) => _ledger.NextExpiry <= now.ToUnixTimeMilliseconds() && uptime >= Grace;

    /// <summary>Has the thread woken when the next thing is due that does not come by itself.</summary>
    private void SetAlarm()
    {
        // In this order: what passes between the two looks makes it ring early, not late.
        var uptime = _uptime.Now;
        var now = _time.GetUtcNow().ToUnixTimeMilliseconds();
        if (_fault is not null)
        {
            _alarm.Set(_tryAt);
            return;
        }

        var at = Earlier(uptime + LookEvery, Earlier(_cleanAt, _syncAt));
        var expiry = uptime + Until(_ledger.NextExpiry, now);
        at = Earlier(at, expiry > Grace ? expiry : Grace);
        _alarm.Set(Earlier(at, uptime + Until(_ledger.NextLate, now)));
    }

    /// <param name="moment">Milliseconds since 1970, as <paramref name="now"/>.</param>
    private static TimeSpan Until(long moment, long now) => moment - now < LookEvery.TotalMilliseconds ? TimeSpan.FromMilliseconds(Math.Max(0, moment - now)) : LookEvery;

    private static TimeSpan Earlier(TimeSpan one, TimeSpan other) => one < other ? one : other;
}
