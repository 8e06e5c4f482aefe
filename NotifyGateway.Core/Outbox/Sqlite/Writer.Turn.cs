using System.Runtime.InteropServices;

namespace NotifyGateway.Core.Outbox.Sqlite;

/// <content>One turn of the thread: a transaction, and what follows from it.</content>
internal sealed partial class Writer
{
    private void Turn()
    {
        var now = _time.GetUtcNow();
        if (_fault is not null && now < _tryAt && !_stopping)
        {
            Refuse(_fault, null);
            SetAlarm();
            return;
        }

        Rewatch();
        var hasWork = _kept.Count > 0 || _ledger.NextLate <= now.ToUnixTimeMilliseconds() || _keptSettlings.Count > 0 || IsExpiryDue(now) || _cleanAt <= now || _syncAt <= now;
        if (hasWork || _fault is not null)
        {
            try
            {
                Transact(now);
                Succeeded();
                _log.Look();
            }
            // Whatever the reason is, the thread must live on: nothing else would store what is kept here.
            catch (Exception error)
            {
                Failed(error);
            }
        }

        SetAlarm();
    }

    private void Rewatch()
    {
        if (Volatile.Read(ref _terms) is var terms && terms != _ledger.Terms)
        {
            _ledger.Watch(terms, (_started + (terms?.After < LateGrace ? terms.After : LateGrace)).ToUnixTimeMilliseconds());
        }
    }

    private void Transact(DateTimeOffset now)
    {
        _more = false;
        _ledger.WantsSettlements = Settled is not null;
        // A wait for the disk costs more than all the rest. Only who was promised something needs it; what has ended goes along
        // with the next one, or waits for its own a little later.
        var durable = _fault is not null || _syncAt <= now || _stopping || _kept.Exists(o => o is AskedOperation);
        _ledger.Begin(now, durable);
        if (_fault is not null || _syncAt <= now)
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
        if (IsExpiryDue(now))
        {
            _more |= _ledger.Expire();
            expired = !_more;
        }

        if (_ledger.NextLate <= now.ToUnixTimeMilliseconds())
        {
            _more |= _ledger.Late();
        }

        if (_cleanAt <= now)
        {
            var more = _ledger.Clean();
            _more |= more;
            _cleanAt = more ? now : now + CleanEvery;
        }

        _ledger.Commit();
        _syncAt = durable ? DateTimeOffset.MaxValue : _syncAt < DateTimeOffset.MaxValue ? _syncAt : now + SyncAfter;
        if (expired)
        {
            _ledger.LookForNextExpiry();
        }
    }

    private void Succeeded()
    {
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
        _tryAt = _time.GetUtcNow() + _pause;
        _pause = _pause * 2 < LongestPause ? _pause * 2 : LongestPause;
        Refuse(fault, error);
    }

    /// <summary>Answers who waits; the rest is kept.</summary>
    private void Refuse(string fault, Exception? error) => _kept.RemoveAll(operation =>
    {
        (operation as AskedOperation)?.Refuse(fault, error);
        return operation is AskedOperation;
    });

    private bool IsExpiryDue(DateTimeOffset now) => _ledger.NextExpiry <= now.ToUnixTimeMilliseconds() && now >= _sweepFrom;

    /// <summary>Has the thread woken when the next thing is due that does not come by itself.</summary>
    private void SetAlarm()
    {
        var at = _fault is not null ? _tryAt : _cleanAt < _syncAt ? _cleanAt : _syncAt;
        if (_fault is null && _ledger.NextExpiry < at.ToUnixTimeMilliseconds())
        {
            var expiry = DateTimeOffset.FromUnixTimeMilliseconds(_ledger.NextExpiry);
            at = expiry > _sweepFrom ? expiry : _sweepFrom;
        }

        if (_fault is null && _ledger.NextLate < at.ToUnixTimeMilliseconds())
        {
            at = DateTimeOffset.FromUnixTimeMilliseconds(_ledger.NextLate);
        }

        _alarm.Set(at);
    }
}
