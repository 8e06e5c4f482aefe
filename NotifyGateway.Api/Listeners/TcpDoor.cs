using System.Collections.Concurrent;
using System.Net;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;
using NotifyGateway.Core;
using NotifyGateway.Core.Configuration;

namespace NotifyGateway.Api.Listeners;

/// <summary>One TCP listener: what all its connections share.</summary>
internal sealed class TcpDoor
{
    private readonly string _name;
    private readonly TcpListenerOptions _opened;
    private readonly ConcurrentDictionary<ConnectionContext, byte> _connections = [];
    private volatile Allowed _allowed;
    private long _turnedAway;
    private int _open;
    private int _paused;

    /// <param name="options">What it was opened with.</param>
    public TcpDoor(string name, TcpListenerOptions options, Corridor corridor)
    {
        _name = name;
        _opened = options;
        _allowed = new Allowed(options.AllowFrom);
        Input = $"tcp:{name}";
        Corridor = corridor;
        Logger = corridor.Loggers.CreateLogger<TcpDoor>();
        corridor.WhenReplaced(Recheck);
    }

    /// <summary>As in <see cref="Submission.Input"/>.</summary>
    public string Input { get; }

    /// <summary>As configured at this moment. Its endpoint and certificate are those that it was opened with.</summary>
    public TcpListenerOptions Options => Configured ?? _opened;

    /// <summary>The longest line.</summary>
    public int MaxBytes => Corridor.State().Options.MaxMessageBytes;

    public Corridor Corridor { get; }

    public ILogger Logger { get; }

    /// <summary>Null: it was taken out of the configuration since it was opened.</summary>
    private TcpListenerOptions? Configured => Corridor.State().Options.Listeners.Tcp.GetValueOrDefault(_name);

    /// <summary>Middleware that closes connections from elsewhere than the listener allows, before a byte is read. One that is configured no more allows nobody.</summary>
    public ConnectionDelegate Admit(ConnectionDelegate next) => async connection =>
    {
        // First noted, then looked at: whatever comes into force in between is seen by one of the two.
        _connections[connection] = default;
        try
        {
            if (Allows(connection))
            {
                await next(connection);
                return;
            }

            Corridor.Counters.Refused(Input, RefusalReason.Unauthorized);
            DoorLog.Stranger(Logger, Input, connection.RemoteEndPoint);
        }
        finally
        {
            _connections.TryRemove(connection, out _);
        }
    };

    /// <summary>Middleware that closes connections beyond the limit at once, before any TLS handshake.</summary>
    public ConnectionDelegate Limit(ConnectionDelegate next) => async connection =>
    {
        try
        {
            if (Interlocked.Increment(ref _open) > Options.MaxConnections)
            {
                TurnAway();
                return;
            }

            await next(connection);
        }
        finally
        {
            if (Interlocked.Decrement(ref _open) < Options.MaxConnections && Interlocked.Exchange(ref _turnedAway, 0) is var count and > 0)
            {
                DoorLog.ConnectionsBelowLimit(Logger, Input, count);
            }
        }
    };

    public Task ServeAsync(ConnectionContext connection) => new LineConnection(this, connection).RunAsync();

    /// <summary>A connection waits for the outbox. The first one that does is logged.</summary>
    public void Pause()
    {
        if (Interlocked.Increment(ref _paused) == 1)
        {
            DoorLog.Paused(Logger, Input);
        }
    }

    /// <summary>A connection waits no more. The last one is logged.</summary>
    public void Resume()
    {
        if (Interlocked.Decrement(ref _paused) == 0)
        {
            DoorLog.Resumed(Logger, Input);
        }
    }

    private bool Allows(ConnectionContext connection) =>
        Configured is { } options && (options.AllowFrom.Count == 0 || (connection.RemoteEndPoint is IPEndPoint remote && From(options.AllowFrom).Contain(remote.Address)));

    /// <summary>Connections that could not be made any more end: each is asked to, as when the gateway stops.</summary>
    private void Recheck()
    {
        foreach (var connection in _connections.Keys.Where(c => !Allows(c)))
        {
            DoorLog.Expelled(Logger, Input, connection.RemoteEndPoint);
            // Aside: the connection's own work may go on at once, on the thread that asks.
            ThreadPool.UnsafeQueueUserWorkItem(static c => c.Features.Get<IConnectionLifetimeNotificationFeature>()?.RequestClose(), connection, preferLocal: false);
        }
    }

    private AddressRanges From(IReadOnlyList<string> networks)
    {
        var allowed = _allowed;
        return ReferenceEquals(allowed.Networks, networks) ? allowed.Ranges : (_allowed = new Allowed(networks)).Ranges;
    }

    private void TurnAway()
    {
        Corridor.Counters.Refused(Input, RefusalReason.TooManyConnections);
        if (Interlocked.Increment(ref _turnedAway) == 1)
        {
            DoorLog.ConnectionsFull(Logger, Input, Options.MaxConnections);
        }
    }

    /// <summary>What was made of one configuration's list.</summary>
    private sealed class Allowed(IReadOnlyList<string> networks)
    {
        public IReadOnlyList<string> Networks => networks;

        public AddressRanges Ranges { get; } = new(networks);
    }
}
