using System.Net;
using System.Net.Sockets;
using System.Text;
using Xunit;

namespace NotifyGateway.Tests.Support;

/// <summary>A proxy that does exactly what a test says, byte by byte. Takes one connection.</summary>
internal sealed class ScriptedProxy : IAsyncDisposable
{
    private readonly Socket _listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private readonly CancellationTokenSource _stop = new();

    private ScriptedProxy(Func<ProxyScript, Task> script)
    {
        _listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _listener.Listen();
        Done = RunAsync(script);
    }

    public int Port => ((IPEndPoint)_listener.LocalEndPoint!).Port;

    /// <summary>The script's end: awaited by a test, it fails where the script has failed.</summary>
    public Task Done { get; }

    /// <summary>Begins to listen on 127.0.0.1. The connection is closed when the script has ended.</summary>
    public static ScriptedProxy Start(Func<ProxyScript, Task> script) => new(script);

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Dispose();
        await Done.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stop.Dispose();
    }

    private async Task RunAsync(Func<ProxyScript, Task> script)
    {
        using var client = await _listener.AcceptAsync(_stop.Token);
        client.NoDelay = true;
        await using var stream = new NetworkStream(client);
        await script(new ProxyScript(stream, _stop.Token));
    }
}

/// <summary>What a proxy's script can do on its connection. Texts are Latin-1, one char a byte.</summary>
internal sealed class ProxyScript(NetworkStream stream, CancellationToken stop)
{
    /// <summary>The next bytes must be these.</summary>
    public async Task ExpectAsync(string bytes)
    {
        var received = new byte[bytes.Length];
        await stream.ReadExactlyAsync(received, stop).AsTask().Within(what: $"the bytes {Show(bytes)}");
        Assert.Equal(Show(bytes), Show(Encoding.Latin1.GetString(received)));
    }

    /// <summary>In one write. A client that has heard enough may be gone.</summary>
    public async Task SendAsync(string bytes)
    {
        try
        {
            await stream.WriteAsync(Encoding.Latin1.GetBytes(bytes), stop);
        }
        catch (IOException)
        {
            // What it should have read and has not, the test sees on the other side.
        }
    }

    /// <summary>Each byte in a write of its own.</summary>
    public async Task SendSlowlyAsync(string bytes)
    {
        foreach (var octet in bytes)
        {
            await SendAsync($"{octet}");
        }
    }

    /// <summary>Says nothing until the client goes.</summary>
    public async Task SilenceAsync()
    {
        var buffer = new byte[256];
        try
        {
            while (await stream.ReadAsync(buffer, stop) > 0)
            {
                // Whatever it says.
            }
        }
        catch (IOException)
        {
            // It threw the connection away: gone as well.
        }
    }

    /// <summary>Is the tunnel to that port of this machine, until one side closes.</summary>
    public async Task RelayAsync(int port)
    {
        using var server = new TcpClient();
        await server.ConnectAsync(IPAddress.Loopback, port, stop);
        await using var far = server.GetStream();
        try
        {
            await await Task.WhenAny(stream.CopyToAsync(far, stop), far.CopyToAsync(stream, stop));
        }
        catch (Exception e) when (e is IOException or OperationCanceledException)
        {
            // However a tunnel ends, it ends.
        }
    }

    private static string Show(string bytes) => string.Concat(bytes.Select(b => b is >= ' ' and <= '~' ? b.ToString() : $"\\x{(int)b:x2}"));
}
