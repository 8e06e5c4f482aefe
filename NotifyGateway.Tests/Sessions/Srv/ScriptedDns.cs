using System.Net;
using System.Net.Sockets;
using NotifyGateway.Core.Sessions.Srv;
using NotifyGateway.Tests.Support;

namespace NotifyGateway.Tests.Sessions.Srv;

/// <summary>A DNS server on UDP and TCP of one port that answers exactly as told.</summary>
internal sealed class ScriptedDns : IAsyncDisposable
{
    private readonly Func<byte[], bool, IEnumerable<byte[]>> _answer;
    private readonly Socket _udp;
    private readonly TcpListener _tcp;
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _work;
    private readonly TempFolder _folder = new();

    /// <param name="answer">The answers (none, one or several) to a query; true: it came over TCP.</param>
    /// <param name="address">A further address of this machine lets several servers have one port.</param>
    public ScriptedDns(Func<byte[], bool, IEnumerable<byte[]>> answer, int? port = null, string address = "127.0.0.1")
    {
        _answer = answer;
        Port = port ?? FreePort.Next();
        Address = IPAddress.Parse(address);
        _udp = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        _udp.Bind(new IPEndPoint(Address, Port));
        _tcp = new TcpListener(Address, Port);
        _tcp.Start();
        _work = Task.WhenAll(ServeUdpAsync(), ServeTcpAsync());
    }

    public int Port { get; }

    public IPAddress Address { get; }

    /// <summary><c>udp name</c>, <c>tcp name</c>, in the order in which they came.</summary>
    public Journal<string> Queries { get; } = new("DNS server");

    /// <summary>A resolver that asks this server alone, or <paramref name="servers"/> in turn.</summary>
    public DnsClient Client(params string[] servers)
    {
        var lines = (servers.Length > 0 ? servers : [Address.ToString()]).Select(s => $"nameserver {s}");
        return new DnsClient(new ResolverFile(_folder.Write("resolv.conf", string.Join('\n', [.. lines, "options timeout:1 attempts:2"]))), TimeProvider.System, Port);
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _udp.Dispose();
        _tcp.Dispose();
        await _work;
        _stop.Dispose();
        _folder.Dispose();
    }

    private async Task ServeUdpAsync()
    {
        var buffer = new byte[512];
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                var received = await _udp.ReceiveFromAsync(buffer, SocketFlags.None, new IPEndPoint(IPAddress.Any, 0), _stop.Token);
                var query = buffer[..received.ReceivedBytes];
                Queries.Add("udp " + DnsBytes.Asked(query));
                foreach (var answer in _answer(query, false))
                {
                    await _udp.SendToAsync(answer, SocketFlags.None, received.RemoteEndPoint, _stop.Token);
                }
            }
            catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
            {
                // the asker's port may be closed already; at the end ours is
            }
        }
    }

    private async Task ServeTcpAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                using var client = await _tcp.AcceptTcpClientAsync(_stop.Token);
                var stream = client.GetStream();
                var head = new byte[2];
                await stream.ReadExactlyAsync(head, _stop.Token);
                var query = new byte[(head[0] << 8) | head[1]];
                await stream.ReadExactlyAsync(query, _stop.Token);
                Queries.Add("tcp " + DnsBytes.Asked(query));
                foreach (var answer in _answer(query, true))
                {
                    await stream.WriteAsync((byte[])[.. DnsBytes.Number(answer.Length), .. answer], _stop.Token);
                }
            }
            catch (Exception e) when (e is OperationCanceledException or SocketException or IOException or ObjectDisposedException)
            {
                // as above
            }
        }
    }
}
