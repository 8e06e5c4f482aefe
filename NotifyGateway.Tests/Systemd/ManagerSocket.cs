using System.Net.Sockets;
using System.Text;
using NotifyGateway.Tests.Support;

namespace NotifyGateway.Tests.Systemd;

/// <summary>A service manager's end of the socket: a real datagram socket, with what it was told.</summary>
internal sealed class ManagerSocket : IAsyncDisposable
{
    private readonly Socket _socket = new(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _reading;

    /// <param name="address">As in NOTIFY_SOCKET: a path, or <c>@name</c>.</param>
    public ManagerSocket(string address)
    {
        Address = address;
        _socket.Bind(new UnixDomainSocketEndPoint(address[0] == '@' ? $"\0{address[1..]}" : address));
        _reading = ReadAsync();
    }

    public string Address { get; }

    /// <summary>Each datagram.</summary>
    public Journal<string> Told { get; } = new("the manager's socket");

    public Task<string> HearAsync(string assignment, int from = 0) =>
        Told.FirstAsync(t => t.Split('\n').Any(l => l.StartsWith(assignment, StringComparison.Ordinal)), assignment, TimeSpan.FromSeconds(20), from);

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _reading.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _socket.Dispose();
        _stop.Dispose();
    }

    private async Task ReadAsync()
    {
        var buffer = new byte[4096];
        while (!_stop.IsCancellationRequested)
        {
            var length = await _socket.ReceiveAsync(buffer, _stop.Token);
            Told.Add(Encoding.UTF8.GetString(buffer, 0, length));
        }
    }
}
