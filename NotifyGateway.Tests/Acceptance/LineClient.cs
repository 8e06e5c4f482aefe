using System.Net;
using System.Net.Sockets;
using System.Text;
using NotifyGateway.Tests.Support;

namespace NotifyGateway.Tests.Acceptance;

/// <summary>A sender at one of the TCP doors.</summary>
internal sealed class LineClient : IAsyncDisposable
{
    private readonly TcpClient _client;
    private readonly StreamReader _reader;

    private LineClient(TcpClient client)
    {
        _client = client;
        _reader = new StreamReader(client.GetStream(), Encoding.UTF8);
    }

    public static async Task<LineClient> ConnectAsync(int port)
    {
        var client = new TcpClient { NoDelay = true };
        await client.ConnectAsync(IPAddress.Loopback, port).Within(what: $"port {port} takes connections");
        return new LineClient(client);
    }

    /// <summary>Sends, says that nothing more comes, and returns when the door has closed.</summary>
    public static async Task SendAllAsync(int port, string text)
    {
        await using var client = await ConnectAsync(port);
        await client.SendAsync(text);
        await client.FinishAsync();
    }

    public Task SendAsync(string text) => SendAsync(Encoding.UTF8.GetBytes(text));

    public async Task SendAsync(ReadOnlyMemory<byte> bytes) => await _client.GetStream().WriteAsync(bytes).AsTask().Within(what: "the door reads");

    /// <summary>The next line of an answer; null when the door has closed.</summary>
    public Task<string?> ReadLineAsync() => _reader.ReadLineAsync().Within(what: "an answer");

    /// <summary>Says that nothing more comes; returns what is still answered, up to the door's own end.</summary>
    public async Task<string> FinishAsync()
    {
        _client.Client.Shutdown(SocketShutdown.Send);
        return await _reader.ReadToEndAsync().Within(what: "the door closes");
    }

    public ValueTask DisposeAsync()
    {
        _reader.Dispose();
        _client.Dispose();
        return ValueTask.CompletedTask;
    }
}
