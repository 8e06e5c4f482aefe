using System.Collections.Concurrent;
using System.ComponentModel;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace NotifyGateway.Bench.Sink;

/// <summary>
/// IRC servers that cost next to nothing: one thread owns all listeners and connections, waits with <c>poll(2)</c>, reads into one
/// shared buffer and parses in place.
/// </summary>
internal sealed class FastSink : IDisposable
{
    private const int PollMilliseconds = 10;

    private readonly ConcurrentQueue<Port> _arriving = new();
    private readonly List<Port> _ports = [];
    private readonly List<SinkConnection> _connections = [];
    private readonly byte[] _buffer = new byte[1 << 18];
    private readonly Thread _thread;
    private PollEntry[] _entries = [];
    private bool _changed;
    private bool _hasMute;
    private Batch? _batch;
    private volatile bool _stopping;
    private volatile bool _mute;
    private Exception? _failure;

    public FastSink()
    {
        _thread = new Thread(Run) { IsBackground = true, Name = "sink" };
        _thread.Start();
    }

    /// <summary>The batch whose messages are awaited; arrivals of any other are counted as strays.</summary>
    public Batch? Batch
    {
        get => Volatile.Read(ref _batch);
        set => Volatile.Write(ref _batch, value);
    }

    /// <summary>Whether the clients of new connections are read but not answered: nobody gets past the login. False ends the mute connections.</summary>
    public bool Mute
    {
        get => _mute;
        set => _mute = value;
    }

    /// <summary>Messages that belong to no awaited batch.</summary>
    public long Strays { get; private set; }

    /// <summary>Messages to a channel that the connection had not joined.</summary>
    public long Unjoined { get; private set; }

    /// <summary>Connections that are open and past the login.</summary>
    public int Registered { get; private set; }

    /// <summary>Opens one more server and answers its port, once it listens.</summary>
    /// <param name="address">Where; <see cref="IPAddress.Any"/> serves every loopback address.</param>
    public int Listen(IPAddress address)
    {
        var port = new Port(FreePort.Bind(address, SocketType.Stream, backlog: 4096));
        _arriving.Enqueue(port);
        port.Polled.WaitOne();
        return ((IPEndPoint)port.Listener.LocalEndPoint!).Port;
    }

    /// <inheritdoc cref="Listen(IPAddress)"/>
    public int Listen() => Listen(IPAddress.Loopback);

    /// <summary>Throws if the sink's thread has ended by an error: then no figure counts.</summary>
    public void Check()
    {
        if (_failure is { } failure)
        {
            throw new InvalidOperationException("the sink has failed: " + failure.Message, failure);
        }
    }

    public void Dispose()
    {
        _stopping = true;
        _thread.Join();
        foreach (var connection in _connections)
        {
            connection.Socket.Dispose();
        }

        foreach (var port in _ports)
        {
            port.Listener.Dispose();
            port.Polled.Dispose();
        }
    }

    private void Run()
    {
        try
        {
            while (!_stopping)
            {
                Unmute();
                Adopt();
                if (Libc.Poll(_entries, PollMilliseconds) > 0)
                {
                    Serve();
                }
            }
        }
        catch (Exception failure) when (failure is SocketException or Win32Exception or InvalidDataException)
        {
            _failure = failure;
        }
    }

    private void Adopt()
    {
        if (_arriving.IsEmpty && !_changed)
        {
            return;
        }

        _changed = false;
        var fresh = new List<Port>();
        while (_arriving.TryDequeue(out var port))
        {
            fresh.Add(port);
        }

        _ports.AddRange(fresh);
        _entries = [.. _ports.Select(port => Entry(port.Listener)), .. _connections.Select(connection => Entry(connection.Socket))];
        fresh.ForEach(port => port.Polled.Set());
    }

    private static PollEntry Entry(Socket socket) => new() { Descriptor = (int)socket.Handle, Wanted = PollEntry.Readable };

    private void Serve()
    {
        // Downwards, so that what ends can be removed; what is accepted joins the next round.
        for (var index = _entries.Length - 1; index >= 0; index--)
        {
            if (_entries[index].Ready == 0)
            {
                continue;
            }

            if (index < _ports.Count)
            {
                var socket = _ports[index].Listener.Accept();
                socket.NoDelay = true;
                socket.SendTimeout = 5_000;
                var connection = new SinkConnection(socket, _mute);
                _hasMute |= connection.IsMute;
                _connections.Add(connection);
                _changed = true;
            }
            else if (!Read(_connections[index - _ports.Count]))
            {
                Close(index - _ports.Count);
            }
        }
    }

    private bool Read(SinkConnection connection)
    {
        var kept = connection.Restore(_buffer);
        var count = connection.Socket.Receive(_buffer.AsSpan(kept), SocketFlags.None, out var error);
        if (error != SocketError.Success || count == 0)
        {
            return false;
        }

        var before = connection.Registered;
        var goesOn = connection.Consume(_buffer.AsSpan(0, kept + count), Batch, Stopwatch.GetTimestamp());
        Registered += connection.Registered && !before ? 1 : 0;
        Strays += connection.TakeStrays();
        Unjoined += connection.TakeUnjoined();
        return goesOn;
    }

    private void Unmute()
    {
        if (_mute || !_hasMute)
        {
            return;
        }

        _hasMute = false;
        for (var index = _connections.Count - 1; index >= 0; index--)
        {
            if (_connections[index].IsMute)
            {
                Close(index);
            }
        }
    }

    private void Close(int index)
    {
        Registered -= _connections[index].Registered ? 1 : 0;
        _connections[index].Socket.Dispose();
        _connections.RemoveAt(index);
        _changed = true;
    }

    private sealed record Port(Socket Listener)
    {
        public ManualResetEvent Polled { get; } = new(initialState: false);
    }
}
