using System.Net;
using Microsoft.AspNetCore.Connections;
using NotifyGateway.Core;
using NotifyGateway.Core.Configuration;
using NotifyGateway.Core.Dialects;

namespace NotifyGateway.Api.Listeners;

/// <summary>One TCP listener: what all its connections share.</summary>
internal sealed class TcpDoor
{
    private readonly AddressRanges _allowed;
    private long _turnedAway;
    private int _open;
    private int _paused;

    public TcpDoor(string name, TcpListenerOptions options, int maxBytes, Corridor corridor)
    {
        Input = $"tcp:{name}";
        Options = options;
        _allowed = new AddressRanges(options.AllowFrom);
        MaxBytes = maxBytes;
        Corridor = corridor;
        Logger = corridor.Loggers.CreateLogger<TcpDoor>();
        Parse = LineDialects.For(options.Dialect);
    }

    /// <summary>As in <see cref="Submission.Input"/>.</summary>
    public string Input { get; }

    public TcpListenerOptions Options { get; }

    /// <summary>The longest line.</summary>
    public int MaxBytes { get; }

    public Corridor Corridor { get; }

    public ILogger Logger { get; }

    public LineParser Parse { get; }

    /// <summary>Middleware that closes connections from elsewhere than the listener allows, before a byte is read.</summary>
    public ConnectionDelegate Admit(ConnectionDelegate next) => connection =>
    {
        if (Options.AllowFrom.Count == 0 || (connection.RemoteEndPoint is IPEndPoint remote && _allowed.Contain(remote.Address)))
        {
            return next(connection);
        }

        Corridor.Counters.Refused(Input, RefusalReason.Unauthorized);
        DoorLog.Stranger(Logger, Input, connection.RemoteEndPoint);
        return Task.CompletedTask;
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

    private void TurnAway()
    {
        Corridor.Counters.Refused(Input, RefusalReason.TooManyConnections);
        if (Interlocked.Increment(ref _turnedAway) == 1)
        {
            DoorLog.ConnectionsFull(Logger, Input, Options.MaxConnections);
        }
    }
}
