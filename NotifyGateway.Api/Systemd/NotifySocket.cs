using System.Net.Sockets;
using System.Text;

namespace NotifyGateway.Api.Systemd;

/// <summary>Where a service manager hears how the service stands: a datagram socket, by path or, with <c>@</c>, in Linux's abstract namespace (sd_notify(3)).</summary>
internal sealed partial class NotifySocket(string address, ILogger log) : IDisposable
{
    private readonly UnixDomainSocketEndPoint _manager = new(address[0] == '@' ? $"\0{address[1..]}" : address);
    private readonly Socket _socket = new(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
    private bool _failed;

    /// <summary>The manager's socket; null: there is none, or an address of a kind that is not spoken here (vsock).</summary>
    public static NotifySocket? Of(string? address, ILogger log) => address is ['/' or '@', _, ..] ? new(address, log) : null;

    /// <summary>Sends assignments, one a line. A manager that cannot be reached is told of in the log, once; the service goes on without.</summary>
    public void Send(string state)
    {
        try
        {
            _socket.SendTo(Encoding.UTF8.GetBytes(state), _manager);
            _failed = false;
        }
        catch (SocketException e)
        {
            if (!_failed)
            {
                LogUnheard(e.Message);
            }

            _failed = true;
        }
    }

    public void Dispose() => _socket.Dispose();

    [LoggerMessage(1030, LogLevel.Warning, "the service manager cannot be told how the gateway stands: {Reason}")]
    private partial void LogUnheard(string reason);
}
