using System.Globalization;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;

namespace NotifyGateway.Core.Sessions;

/// <summary>What came of an attempt to connect: a stream, or the reason why there is none.</summary>
internal readonly record struct Connection(Socket? Socket, Stream? Stream, string? Refusal);

/// <summary>Opens connections: name, TCP, TLS, within one time limit.</summary>
internal static class Connector
{
    public static async Task<Connection> ConnectAsync(LinkSettings settings, TimeProvider time, CancellationToken cancellationToken)
    {
        using var timeout = new CancellationTokenSource(settings.ConnectTimeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, timeout.Token);
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        Stream? stream = null;
        TlsVerifier? verifier = null;
        try
        {
            await socket.ConnectAsync(settings.Host, settings.Port, either.Token);
            stream = new NetworkStream(socket, ownsSocket: true);
            if (settings.Tls is { } tls)
            {
                verifier = new TlsVerifier(tls, settings.Host, time);
                var secured = new SslStream(stream);
                stream = secured;
                await secured.AuthenticateAsClientAsync(verifier.Options, either.Token);
            }

            return new Connection(socket, stream, null);
        }
        catch (Exception e) when (e is SocketException or IOException or AuthenticationException or OperationCanceledException)
        {
            await (stream?.DisposeAsync() ?? ValueTask.CompletedTask);
            socket.Dispose();
            cancellationToken.ThrowIfCancellationRequested();
            return new Connection(null, null, Describe(e, verifier, settings, timeout.IsCancellationRequested));
        }
    }

    private static string Describe(Exception e, TlsVerifier? verifier, LinkSettings settings, bool late)
    {
        var reason = verifier?.Refusal
            ?? (late ? string.Create(CultureInfo.InvariantCulture, $"no connection within {settings.ConnectTimeout.TotalSeconds:0.#} s")
            : verifier is not null ? $"TLS failed: {(e.InnerException ?? e).Message}"
            : e is SocketException socket ? Words(socket)
            : e.Message);
        return $"{settings.Server}: {reason}";
    }

    private static string Words(SocketException e) => e.SocketErrorCode switch
    {
        SocketError.ConnectionRefused => "connection refused",
        SocketError.HostNotFound or SocketError.NoData or SocketError.TryAgain => "the name cannot be resolved",
        SocketError.HostUnreachable or SocketError.NetworkUnreachable => "no route to the host",
        SocketError.TimedOut => "the connection timed out",
        _ => e.Message,
    };
}
