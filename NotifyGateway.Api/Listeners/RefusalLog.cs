using System.Net;
using NotifyGateway.Core;

namespace NotifyGateway.Api.Listeners;

/// <summary>
/// Says what a door refuses: every refusal is counted, the first of a kind is logged at once, the further ones as a sum, at most
/// one line for each kind in an interval.
/// </summary>
internal sealed class RefusalLog : IDisposable
{
    private readonly string _input;
    private readonly DoorCounters _counters;
    private readonly ILogger _logger;
    private readonly TimeSpan _interval;
    private readonly ITimer _timer;

    // Called by the loop that reads, the task that commits and the timer.
    private readonly Lock _gate = new();
    private readonly Dictionary<string, (long Count, string Reason, EndPoint? Remote)> _quiet = new(StringComparer.Ordinal);

    public RefusalLog(string input, Corridor corridor, ILogger logger, TimeSpan interval)
    {
        _input = input;
        _counters = corridor.Counters;
        _logger = logger;
        _interval = interval;
        _timer = corridor.Time.CreateTimer(static state => ((RefusalLog)state!).Report(again: true), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <param name="reason">Words that hold nothing of the line.</param>
    /// <param name="counter">One of <see cref="RefusalReason"/>.</param>
    public void Refuse(string reason, string counter, EndPoint? remote, long count = 1)
    {
        _counters.Refused(_input, counter, count);
        lock (_gate)
        {
            if (_quiet.TryGetValue(counter, out var quiet))
            {
                _quiet[counter] = (quiet.Count + count, reason, remote);
                return;
            }

            if (_quiet.Count == 0)
            {
                _timer.Change(_interval, Timeout.InfiniteTimeSpan);
            }

            _quiet[counter] = (count - 1, reason, remote);
        }

        DoorLog.LineRefused(_logger, _input, remote, reason);
    }

    /// <summary>Logs what was only counted so far.</summary>
    public void Dispose()
    {
        _timer.Dispose();
        Report(again: false);
    }

    private void Report(bool again)
    {
        lock (_gate)
        {
            foreach (var (counter, (count, reason, remote)) in _quiet)
            {
                if (count > 0)
                {
                    DoorLog.LinesRefused(_logger, count, _input, remote, reason);
                    _quiet[counter] = (0, reason, remote);
                }
                else
                {
                    _quiet.Remove(counter);
                }
            }

            if (again && _quiet.Count > 0)
            {
                _timer.Change(_interval, Timeout.InfiniteTimeSpan);
            }
        }
    }
}
