using System.Diagnostics;

namespace NotifyGateway.Bench;

/// <summary>
/// A set of numbered messages, and what became of each. The number stands in the text (<c>batch.number filler</c>), so that what the
/// sink sees tells which were lost, repeated or out of order.
/// </summary>
/// <remarks>The sink's thread alone records arrivals; the others read counters, and wait.</remarks>
internal sealed class Batch : IDisposable
{
    private static int _lastId;

    private readonly bool _ordered;
    private readonly byte[] _seen;
    private readonly ManualResetEvent _complete = new(initialState: false);
    private int _expected;
    private int _arrived;
    private long _lastArrival;

    /// <param name="capacity">The highest number of messages.</param>
    /// <param name="timed">Whether the moments of sending and arrival are kept for each message.</param>
    /// <param name="ordered">Whether the messages were handed over one after the other, so that their order counts.</param>
    public Batch(int capacity, bool timed = false, bool ordered = true)
    {
        _ordered = ordered;
        Id = Interlocked.Increment(ref _lastId);
        _expected = capacity;
        _seen = new byte[capacity];
        SentAt = timed ? new long[capacity] : [];
        ArrivedAt = timed ? new long[capacity] : [];
    }

    public int Id { get; }

    /// <summary>When each message was handed to the gateway, in <see cref="Stopwatch"/> ticks; the sender writes it.</summary>
    public long[] SentAt { get; }

    /// <summary>When the sink saw each message first.</summary>
    public long[] ArrivedAt { get; }

    /// <summary>How many messages are expected: the capacity, unless <see cref="Expect"/> said less.</summary>
    public int Expected => Volatile.Read(ref _expected);

    /// <summary>Different messages that have arrived.</summary>
    public int Arrived => Volatile.Read(ref _arrived);

    /// <summary>Arrivals of a message that had arrived before.</summary>
    public int Repeated { get; private set; }

    /// <summary>Messages that arrived after a later one of the same connection and channel.</summary>
    public int Reordered { get; private set; }

    public int Lost => Expected - Arrived;

    /// <summary>When the last message arrived.</summary>
    public long LastArrival => Volatile.Read(ref _lastArrival);

    /// <summary>What is wrong with this batch, or null: then its figures count.</summary>
    public string? Fault => (Lost, Repeated, Reordered) is (0, 0, 0) ? null : $"{Lost} lost, {Repeated} repeated, {Reordered} reordered";

    /// <summary>Says that only so many messages were sent.</summary>
    public void Expect(int count)
    {
        Volatile.Write(ref _expected, count);
        if (Arrived >= count)
        {
            _complete.Set();
        }
    }

    /// <summary>Records an arrival; only the sink's thread calls this.</summary>
    /// <param name="number">The message's number.</param>
    /// <param name="now">The time, in <see cref="Stopwatch"/> ticks.</param>
    /// <param name="previous">The highest number seen on that connection and channel, or -1.</param>
    public void Arrive(int number, long now, ref int previous)
    {
        if ((uint)number >= (uint)_seen.Length)
        {
            throw new InvalidDataException($"message {number} of a batch of {_seen.Length}");
        }

        if (_seen[number] != 0)
        {
            Repeated++;
            return;
        }

        _seen[number] = 1;
        if (number < previous)
        {
            Reordered += _ordered ? 1 : 0;
        }
        else
        {
            previous = number;
        }

        if (ArrivedAt.Length > 0)
        {
            ArrivedAt[number] = now;
        }

        Volatile.Write(ref _lastArrival, now);
        Volatile.Write(ref _arrived, _arrived + 1);
        if (_arrived == Expected)
        {
            _complete.Set();
        }
    }

    /// <summary>Waits until all have arrived, or until none has for <paramref name="patience"/>, or <paramref name="limit"/> is over.</summary>
    /// <returns>Whether all have arrived.</returns>
    public bool Wait(TimeSpan patience, TimeSpan limit)
    {
        var start = Stopwatch.GetTimestamp();
        var before = -1;
        while (!_complete.WaitOne(patience))
        {
            if (Arrived == before || Stopwatch.GetElapsedTime(start) > limit)
            {
                return false;
            }

            before = Arrived;
        }

        return true;
    }

    /// <summary>Latencies of what has arrived, in milliseconds, sorted.</summary>
    public double[] Latencies()
    {
        var latencies = new List<double>(Arrived);
        for (var number = 0; number < ArrivedAt.Length; number++)
        {
            if (_seen[number] != 0)
            {
                latencies.Add(Stopwatch.GetElapsedTime(SentAt[number], ArrivedAt[number]).TotalMilliseconds);
            }
        }

        latencies.Sort();
        return [.. latencies];
    }

    public void Dispose() => _complete.Dispose();
}
