using System.Collections.Immutable;
using System.Threading.Channels;
using NotifyGateway.Core.Outbox;

namespace NotifyGateway.Api.Http;

/// <summary>Hands every settlement to the readers of the event stream who may see it. A slow reader loses the oldest ones and is told how many.</summary>
internal sealed class EventFeed : IDisposable
{
    /// <summary>Readers at a time.</summary>
    public const int MaxReaders = 100;

    /// <summary>Settlements that wait for one reader.</summary>
    public const int Capacity = 1024;

    private readonly IOutbox _outbox;
    private ImmutableArray<Reader> _readers = [];

    public EventFeed(IOutbox outbox)
    {
        _outbox = outbox;
        _outbox.Settled += OnSettled;
    }

    /// <summary>A new reader, or null when there are too many.</summary>
    public Reader? Open(Caller caller)
    {
        var reader = new Reader(this, caller);
        ImmutableInterlocked.Update(ref _readers, (all, one) => all.Length < MaxReaders ? all.Add(one) : all, reader);
        return _readers.Contains(reader) ? reader : null;
    }

    public void Dispose() => _outbox.Settled -= OnSettled;

    private void OnSettled(Settlement settlement)
    {
        foreach (var reader in _readers)
        {
            reader.Offer(settlement);
        }
    }

    /// <summary>One reader's share.</summary>
    internal sealed class Reader : IDisposable
    {
        private readonly EventFeed _feed;
        private readonly Caller _caller;
        private readonly Channel<Settlement> _settlements;
        private long _dropped;

        public Reader(EventFeed feed, Caller caller)
        {
            (_feed, _caller) = (feed, caller);
            _settlements = Channel.CreateBounded<Settlement>(
                new BoundedChannelOptions(Capacity) { FullMode = BoundedChannelFullMode.DropOldest, SingleReader = true },
                _ => Interlocked.Increment(ref _dropped));
        }

        public ChannelReader<Settlement> Settlements => _settlements.Reader;

        /// <summary>How many were lost since the last call.</summary>
        public long TakeDropped() => Interlocked.Exchange(ref _dropped, 0);

        /// <summary>Full mode is to drop the oldest: this never fails.</summary>
        public void Offer(Settlement settlement)
        {
            if (_caller.MaySee(settlement.Client))
            {
                _settlements.Writer.TryWrite(settlement);
            }
        }

        public void Dispose() => ImmutableInterlocked.Update(ref _feed._readers, (all, one) => all.Remove(one), this);
    }
}
