using System.Net;
using System.Net.Sockets;
using NotifyGateway.Tests.Support;

namespace NotifyGateway.Tests.Acceptance;

/// <summary>
/// A wire from a port of its own to a server: while it is unplugged the port refuses, as that of a server which is down. So a test
/// can see to it that somebody watches the server before the gateway gets there.
/// </summary>
internal sealed class Wire(int server) : IAsyncDisposable
{
    private readonly List<Socket> _ends = [];
    private readonly HashSet<Socket> _blackHoles = [];
    private readonly List<Task> _running = [];
    private readonly Lock _lock = new();
    private readonly List<MemoryStream> _heard = [];
    private Socket? _listener;

    public int Port { get; } = FreePort.Next();

    /// <summary>What was said to the server, connection by connection.</summary>
    public IReadOnlyList<byte[]> Heard
    {
        get
        {
            lock (_lock)
            {
                return _heard.ConvertAll(h => h.ToArray());
            }
        }
    }

    /// <summary>Takes down what is said to the server.</summary>
    public bool Listens { get; init; }

    /// <summary>From now on the server can be reached.</summary>
    public void Plug()
    {
        var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        // Its last connections may still linger.
        listener.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress, true);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, Port));
        listener.Listen();
        _listener = listener;
        _running.Add(AcceptAsync(listener));
    }

    /// <summary>No new connections; those there are stay.</summary>
    public void Unplug()
    {
        _listener?.Dispose();
        _listener = null;
    }

    /// <summary>Cuts every connection, with all that is on its way, and allows no new ones.</summary>
    public void Cut()
    {
        Unplug();
        lock (_lock)
        {
            _ends.ForEach(end => end.Close(timeout: 0));
            _ends.Clear();
            _blackHoles.Clear();
        }
    }

    /// <summary>From now on nothing comes through the connections that there are, and they stand; new ones are good.</summary>
    public void Swallow()
    {
        lock (_lock)
        {
            _blackHoles.UnionWith(_ends);
        }
    }

    public async ValueTask DisposeAsync()
    {
        Cut();
        await Task.WhenAll(_running);
    }

    private async Task AcceptAsync(Socket listener)
    {
        var links = new List<Task>();
        try
        {
            while (true)
            {
                var near = await listener.AcceptAsync();
                var far = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
                near.NoDelay = true;
                var heard = Listens ? new MemoryStream() : null;
                lock (_lock)
                {
                    _ends.AddRange([near, far]);
                    _heard.AddRange(heard is null ? [] : [heard]);
                }

                links.Add(LinkAsync(near, far, heard));
            }
        }
        catch (Exception unplugged) when (unplugged is SocketException or ObjectDisposedException)
        {
            await Task.WhenAll(links);
        }
    }

    private async Task LinkAsync(Socket near, Socket far, MemoryStream? heard)
    {
        if (await UnlessCutAsync(near, far, () => far.ConnectAsync(IPAddress.Loopback, server)))
        {
            await Task.WhenAll(UnlessCutAsync(near, far, () => PassAsync(near, far, heard)), UnlessCutAsync(near, far, () => PassAsync(far, near, null)));
        }
    }

    /// <summary>An end that is reset resets the other one, which may be waiting and would never learn of it.</summary>
    private static async Task<bool> UnlessCutAsync(Socket near, Socket far, Func<Task> pass)
    {
        try
        {
            await pass();
            return true;
        }
        catch (Exception cut) when (cut is SocketException or ObjectDisposedException)
        {
            near.Close(timeout: 0);
            far.Close(timeout: 0);
            return false;
        }
    }

    private async Task PassAsync(Socket from, Socket to, MemoryStream? heard)
    {
        var buffer = new byte[16 * 1024];
        while (await from.ReceiveAsync(buffer) is var read and > 0)
        {
            lock (_lock)
            {
                heard?.Write(buffer, 0, read);
                if (_blackHoles.Contains(from))
                {
                    continue;
                }
            }

            for (var sent = 0; sent < read;)
            {
                sent += await to.SendAsync(buffer.AsMemory(sent, read - sent));
            }
        }

        to.Shutdown(SocketShutdown.Send);
    }
}
