using System.Net;
using System.Net.Sockets;
using Xunit;

namespace NotifyGateway.Tests.Support;

/// <summary>An address that answers no SYN: its queue of connections is full and nobody accepts. A connect neither succeeds nor fails.</summary>
internal sealed class BlackHole : IDisposable
{
    private readonly Socket _listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private readonly List<Socket> _filling = [];

    private BlackHole()
    {
        _listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _listener.Listen(0);
    }

    public int Port => ((IPEndPoint)_listener.LocalEndPoint!).Port;

    /// <summary>Returns when the queue is full.</summary>
    public static async Task<BlackHole> StartAsync()
    {
        var hole = new BlackHole();
        while (await hole.ConnectsAsync())
        {
            Assert.True(hole._filling.Count < 64, "the system does not honour the length of a listener's queue");
        }

        return hole;
    }

    public void Dispose()
    {
        _filling.ForEach(socket => socket.Dispose());
        _listener.Dispose();
    }

    private async Task<bool> ConnectsAsync()
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        _filling.Add(socket);
        using var soon = new CancellationTokenSource(TimeSpan.FromMilliseconds(300));
        try
        {
            await socket.ConnectAsync(_listener.LocalEndPoint!, soon.Token);
            return true;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }
}
