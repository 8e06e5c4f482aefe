using NotifyGateway.Core.Protocols.Irc;
using Xunit;

namespace NotifyGateway.Tests.Protocols.Irc;

public sealed class IrcPaceTests
{
    private const int LineBytes = 90;

    [Fact]
    public void FirstWindow_IsSmall()
    {
        var pace = new IrcPace(5, 0);
        for (var line = 1; line < IrcPace.SafeLines; line++)
        {
            Assert.True(pace.TryTake(LineBytes, TimeSpan.Zero));
        }

        Assert.False(pace.TryTake(LineBytes, TimeSpan.Zero));
        Assert.True(pace is { Blocked: true, HasRoom: false, Unmarked: true });
        pace.OnBarrier(1, TimeSpan.Zero);
        Assert.False(pace.Unmarked);
        pace.OnPong(1, TimeSpan.FromMilliseconds(1));
        Assert.True(pace.TryTake(LineBytes, TimeSpan.FromMilliseconds(1)));
        Assert.False(pace.Blocked);
    }

    [Fact]
    public void LongLine_GoesAlone()
    {
        var pace = new IrcPace(5, 0);
        Assert.True(pace.TryTake(4096, TimeSpan.Zero));
        Assert.False(pace.TryTake(10, TimeSpan.Zero));
    }

    [Fact]
    public void PromptServer_IsTrusted_WithinMilliseconds()
    {
        var server = new Server { RoundTrip = TimeSpan.FromMilliseconds(0.3) };
        server.Run(new IrcPace(5, 0), lines: 5000);

        Assert.InRange(server.Elapsed.TotalMilliseconds, 1, 40);
        Assert.InRange(server.MostWaiting, 256, 5000);
    }

    [Fact]
    public void SteadyTrickle_EarnsNothing()
    {
        var pace = new IrcPace(5, 0);
        for (var second = 0; second < 10_000; second++)
        {
            var now = TimeSpan.FromSeconds(second);
            Assert.True(pace.TryTake(LineBytes, now));
            pace.OnBarrier(second + 1, now);
            pace.OnPong(second + 1, now);
        }

        Assert.Equal(IrcPace.SafeLines, pace.Lines);
    }

    [Fact]
    public void TrustOutlivesAPause_AndEndsWithALateAnswer()
    {
        var pace = new IrcPace(5, 0);
        new Server().Run(pace, lines: 5000);
        Assert.InRange(pace.Lines, 256, 5000);
        var later = TimeSpan.FromHours(1);
        Assert.True(pace.IsFree(200, 200 * LineBytes, later));
        pace.OnSent(200, 200 * LineBytes);
        pace.OnBarrier(1_000_000, later);
        Assert.True(pace.IsFree(20, 20 * LineBytes, later + TimeSpan.FromSeconds(0.4)));
        // Not answered yet, and already late.
        Assert.False(pace.IsFree(1, LineBytes, later + TimeSpan.FromSeconds(0.5)));
        Assert.Equal(IrcPace.SafeLines, pace.Lines);
        pace.OnPong(1_000_000, later + TimeSpan.FromSeconds(0.6));
        Assert.Equal(IrcPace.SafeLines, pace.Lines);
    }

    /// <summary>What servers take at once, how many a second then, and what they keep waiting before they end the connection.</summary>
    [Theory]
    // ircd-irc2: CLIENT_FLOOD.
    [InlineData(5, 0.5, 1000, 100)]
    [InlineData(2, 0.5, 1000, 100)]
    // ircd-hybrid: recvq.
    [InlineData(10, 1, 2560, 100)]
    [InlineData(40, 1, 2560, 100)]
    // InspIRCd and UnrealIRCd.
    [InlineData(10, 1, 8000, 100)]
    [InlineData(20, 1, 8000, 100)]
    // Solanum: client_flood_max_lines.
    [InlineData(5, 1, 100_000, 20)]
    [InlineData(45, 1, 100_000, 20)]
    // Others that might be.
    [InlineData(150, 1, 8000, 30)]
    [InlineData(1000, 20, 60_000, 150)]
    public void ServerThatThrottles_NeverHasMoreWaiting_ThanItKeeps(int atOnce, double perSecond, int bytes, int lines)
    {
        foreach (var lineBytes in (int[])[20, LineBytes, 250, 510])
        {
            foreach (var roundTrip in (double[])[0, 0.2, 5, 60, 700])
            {
                var server = new Server { AtOnce = atOnce, PerSecond = perSecond, RoundTrip = TimeSpan.FromMilliseconds(roundTrip) };
                server.Run(new IrcPace(5, 0), lines: 1500, lineBytes);
                Assert.InRange(server.MostWaiting, 1, lines);
                Assert.InRange(server.MostWaitingBytes, 1, bytes);
                // As fast as it lets us, but for the barriers, and at least a line in a round trip.
                Assert.InRange(1500 / server.Elapsed.TotalSeconds, Math.Min(perSecond * 0.2, 1000 / Math.Max(roundTrip, 1)), double.MaxValue);
            }
        }
    }

    [Fact]
    public void Rate_BoundsToo_AndIsNoBlock()
    {
        var pace = new IrcPace(2, 1);
        var now = TimeSpan.FromSeconds(100);
        Assert.True(pace.TryTake(LineBytes, now) && pace.TryTake(LineBytes, now));
        Assert.False(pace.TryTake(LineBytes, now));
        Assert.False(pace.Blocked);
        Assert.False(pace.IsFree(1, LineBytes, now));
        Assert.InRange(pace.NextAt, now + TimeSpan.FromSeconds(1), now + TimeSpan.FromSeconds(1.01));
    }

    /// <summary>A server with a bucket: it takes some lines at once, then processes at its rate, seen once a second as they do. Time is virtual.</summary>
    private sealed class Server
    {
        private readonly Queue<(TimeSpan At, int Bytes, long Barrier)> _waiting = new();
        private readonly Queue<(TimeSpan At, long Barrier)> _answers = new();
        private double _credit;
        private int _waitingBytes;

        public int AtOnce { get; init; } = int.MaxValue;

        public double PerSecond { get; init; } = 1;

        public TimeSpan RoundTrip { get; init; } = TimeSpan.FromMilliseconds(1);

        public int MostWaiting { get; private set; }

        public int MostWaitingBytes { get; private set; }

        public TimeSpan Elapsed { get; private set; }

        public void Run(IrcPace pace, int lines, int lineBytes = LineBytes)
        {
            _credit = AtOnce;
            long barrier = 0;
            var step = RoundTrip > TimeSpan.Zero ? RoundTrip / 2 : TimeSpan.FromMilliseconds(1);
            var ticked = TimeSpan.Zero;
            for (var now = TimeSpan.Zero; lines > 0 || _waiting.Count > 0 || _answers.Count > 0; now += _waiting.Count > 0 && _credit < 1 ? TimeSpan.FromMilliseconds(50) : step)
            {
                Elapsed = now;
                for (; now - ticked >= TimeSpan.FromSeconds(1); ticked += TimeSpan.FromSeconds(1))
                {
                    _credit = Math.Min(AtOnce, _credit + PerSecond);
                }

                Process(now);
                while (_answers.TryPeek(out var answer) && answer.At <= now)
                {
                    pace.OnPong(_answers.Dequeue().Barrier, now);
                }

                while (lines > 0 && pace.TryTake(lineBytes, now))
                {
                    lines--;
                    Hear(now, lineBytes, 0);
                }

                if (pace.Unmarked)
                {
                    pace.OnBarrier(++barrier, now);
                    Hear(now, 14, barrier);
                }

                Process(now);
            }
        }

        private void Hear(TimeSpan now, int bytes, long barrier)
        {
            _waiting.Enqueue((now + (RoundTrip / 2), bytes, barrier));
            _waitingBytes += bytes;
            MostWaiting = Math.Max(MostWaiting, _waiting.Count);
            MostWaitingBytes = Math.Max(MostWaitingBytes, _waitingBytes);
        }

        private void Process(TimeSpan now)
        {
            while (_credit >= 1 && _waiting.TryPeek(out var line) && line.At <= now)
            {
                _credit -= AtOnce == int.MaxValue ? 0 : 1;
                _waiting.Dequeue();
                _waitingBytes -= line.Bytes;
                if (line.Barrier > 0)
                {
                    _answers.Enqueue((now + (RoundTrip / 2), line.Barrier));
                }
            }
        }
    }
}
