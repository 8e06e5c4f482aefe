using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using NotifyGateway.Core.Formatting;
using NotifyGateway.Core.Outbox;

namespace NotifyGateway.Core.Sessions.Programs;

/// <summary>
/// The owner of what is delivered on this machine: its loop alone takes from its part of the outbox and settles. Deliveries run beside it, as many as the
/// destination bears, and report to its mailbox.
/// </summary>
internal sealed class LocalSession : IDisposable
{
    private static readonly TimeSpan RestartPause = TimeSpan.FromSeconds(5);

    private readonly ILocalDestination _destination;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly TimeSpan? _lateAfter;
    private readonly Channel<Report> _mailbox = Channel.CreateUnbounded<Report>(new UnboundedChannelOptions { SingleReader = true });
    private readonly CancellationTokenSource _leaving = new();
    private readonly CancellationTokenSource _killed = new();

    // The loop's own: lanes that may have something, what runs, and until when it pauses.
    private readonly List<string> _lanes = [];
    private readonly Dictionary<Delivery, DateTimeOffset?> _pauses = [];
    private readonly Dictionary<Delivery, Task> _running = [];
    private SessionState _state;
    private DateTimeOffset _since;
    private string? _lastError;

    // What others see.
    private volatile IOutboxReader? _reader;
    private volatile SessionStatus _status;
    private readonly BusyTime _busy;

    /// <param name="destination">What it delivers to.</param>
    /// <param name="time">The clock.</param>
    /// <param name="logger">Gets what happens.</param>
    /// <param name="lateAfter">See <see cref="SessionSettings.LateAfter"/>.</param>
    public LocalSession(ILocalDestination destination, TimeProvider time, ILogger logger, TimeSpan? lateAfter = null)
    {
        _lateAfter = lateAfter;
        _destination = destination;
        _time = time;
        _logger = logger;
        _busy = new BusyTime(time);
        _since = time.GetUtcNow();
        _lastError = destination.Fault;
        _state = _lastError is null ? SessionState.Idle : SessionState.Faulted;
        _status = Describe(null);
    }

    private abstract record Report
    {
        /// <summary>The outbox may have something new, or the session is to leave.</summary>
        public sealed record Look : Report;

        public sealed record Paused(Delivery Delivery, DateTimeOffset? Until) : Report;

        /// <param name="Outcome">Null: it stays queued.</param>
        public sealed record Ended(Delivery Delivery, Outcome? Outcome) : Report;
    }

    public SessionKey Key => _destination.Key;

    /// <summary>May be read from any thread.</summary>
    public SessionStatus Status => _status with { Queued = _reader?.Depth ?? 0 };

    /// <summary>For how long the loop handles what came last; zero while it waits. May be read from any thread.</summary>
    public TimeSpan BusyFor => _busy.For;

    /// <inheritdoc cref="ILocalDestination.Preview"/>
    public IReadOnlyList<string> Preview(Notification notification, string lead) => _destination.Preview(notification, lead);

    /// <summary>Takes nothing more and ends when what runs has ended, or ends that too. May be called from any thread.</summary>
    public void Stop(bool atOnce)
    {
        _leaving.Cancel();
        if (atOnce)
        {
            _killed.Cancel();
        }

        Post(new Report.Look());
    }

    /// <summary>Lives until stopped. A bug costs this session a pause, and no other anything.</summary>
    public async Task RunAsync(IOutbox outbox)
    {
        await Task.Yield();
        if (_destination.Fault is { } fault)
        {
            _logger.CannotRun(Key, fault);
        }

        while (!_leaving.IsCancellationRequested)
        {
            try
            {
                await OwnAsync(outbox);
            }
            catch (Exception e)
            {
                _logger.LoopFailed(e, Key, RestartPause);
                await Task.Delay(RestartPause, _time, _leaving.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    public void Dispose()
    {
        _leaving.Dispose();
        _killed.Dispose();
    }

    private async Task OwnAsync(IOutbox outbox)
    {
        await using var reader = await outbox.OpenAsync(Key, () => Post(new Report.Look()), CancellationToken.None);
        _reader = reader;
        Post(new Report.Look());
        try
        {
            while (!_leaving.IsCancellationRequested || _running.Count > 0)
            {
                await _mailbox.Reader.WaitToReadAsync(CancellationToken.None);
                _busy.Begin();
                while (_mailbox.Reader.TryRead(out var report))
                {
                    Handle(report, reader);
                }

                Begin(reader);
                Publish();
                _busy.End();
            }
        }
        finally
        {
            // After a bug: what still runs reports to nobody, stays queued, and is delivered once more.
            await Task.WhenAll(_running.Values);
            _running.Clear();
            _pauses.Clear();
            _lanes.Clear();
            _reader = null;
            _busy.End();
        }
    }

    private void Handle(Report report, IOutboxReader reader)
    {
        switch (report)
        {
            case Report.Look:
                reader.Collect(_lanes);
                break;
            case Report.Paused paused when _running.ContainsKey(paused.Delivery):
                _pauses[paused.Delivery] = paused.Until;
                break;
            case Report.Ended ended when _running.Remove(ended.Delivery):
                _pauses.Remove(ended.Delivery);
                OnEnded(ended, reader);
                break;
        }
    }

    private void OnEnded(Report.Ended ended, IOutboxReader reader)
    {
        if (ended.Outcome is { } outcome)
        {
            _lastError = outcome.Status == DeliveryStatus.Delivered ? null : outcome.Reason;
            reader.Settle(ended.Delivery, outcome);
        }
    }

    private void Begin(IOutboxReader reader)
    {
        while (_lanes.Count > 0 && _running.Count < _destination.MaxConcurrent && !_leaving.IsCancellationRequested)
        {
            if (reader.TryTake(_lanes[0], out var delivery))
            {
                delivery.Lead = LateText.Lead(_time.GetUtcNow() - delivery.Notification.AcceptedAt, _lateAfter);
                _running[delivery] = DeliverAsync(delivery);
            }
            else
            {
                _lanes.RemoveAt(0);
            }
        }
    }

    private async Task DeliverAsync(Delivery delivery)
    {
        await Task.Yield();
        Outcome? outcome = null;
        try
        {
            outcome = await _destination.DeliverAsync(delivery, until => Post(new Report.Paused(delivery, until)), _leaving.Token, _killed.Token);
        }
        catch (OperationCanceledException) when (_leaving.IsCancellationRequested)
        {
            // Stays queued.
        }
        catch (Exception e)
        {
            // It would be met again, and again, by a delivery that stays.
            _logger.Unforeseen(e, Key, delivery.Id);
            outcome = Outcome.Failed("an error inside the gateway, which is in its log");
        }

        Post(new Report.Ended(delivery, outcome));
    }

    private void Publish()
    {
        var next = _pauses.Values.Min();
        var state = _running.Count == 0 ? _lastError is not null && _destination.Fault is not null ? SessionState.Faulted : SessionState.Idle
            : _running.Keys.All(d => _pauses.GetValueOrDefault(d) is not null) ? SessionState.Waiting
            : SessionState.Online;
        if (state != _state)
        {
            (_state, _since) = (state, _time.GetUtcNow());
        }

        _status = Describe(state == SessionState.Waiting ? next : null);
    }

    private SessionStatus Describe(DateTimeOffset? next) => new(Key.Name, _destination.Protocol, _state, null, null, _since, [], 0, _lastError, next);

    private void Post(Report report) => _mailbox.Writer.TryWrite(report);
}
