using System.Globalization;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using NotifyGateway.Core.Configuration;
using NotifyGateway.Core.Sessions.Proxies;

namespace NotifyGateway.Core.Sessions;

/// <summary>A host's addresses, the better ones first. Throws <see cref="SocketException"/> when there are none.</summary>
internal delegate Task<IPAddress[]> Resolve(string host, CancellationToken cancellationToken);

/// <summary>A certificate that is good, but not for long.</summary>
/// <param name="Whose">In words, with the name of the server or of our file.</param>
internal readonly record struct ExpiringCertificate(string Whose, DateTimeOffset On);

/// <summary>What came of an attempt to connect: a stream, or the reason why there is none.</summary>
/// <param name="Expiring">Certificates that were good this time.</param>
internal readonly record struct Connection(Socket? Socket, Stream? Stream, string? Refusal, IReadOnlyList<ExpiringCertificate> Expiring);

/// <summary>One attempt to connect to one server: name, TCP, proxy, TLS, within one time limit.</summary>
internal sealed class Connector
{
    private readonly LinkSettings _settings;
    private readonly TimeProvider _time;
    private readonly Resolve _resolve;
    private string _waitingFor = "";
    private AddressRace? _race;
    private TlsVerifier? _verifier;

    private Connector(LinkSettings settings, TimeProvider time, Resolve resolve) => (_settings, _time, _resolve) = (settings, time, resolve);

    /// <param name="resolve">Null: the system's resolver.</param>
    public static async Task<Connection> ConnectAsync(LinkSettings settings, TimeProvider time, CancellationToken cancellationToken, Resolve? resolve = null)
    {
        var attempt = new Connector(settings, time, resolve ?? ((host, token) => Dns.GetHostAddressesAsync(host, token).WaitAsync(token)));
        return await attempt.InTimeAsync(attempt.OpenAsync, cancellationToken);
    }

    /// <summary>Begins TLS on a connection that stands, within the same limit of time.</summary>
    public static async Task<Connection> SecureAsync(Socket socket, Stream stream, LinkSettings settings, TimeProvider time, CancellationToken cancellationToken)
    {
        var attempt = new Connector(settings, time, (_, _) => Task.FromResult<IPAddress[]>([]));
        return await attempt.InTimeAsync(
            async token =>
            {
                var (secured, fault) = await attempt.SecureAsync(stream, settings.Tls!, token);
                return fault is null ? new Connection(socket, secured, null, attempt._verifier!.Expiring) : attempt.Refused(fault);
            },
            cancellationToken);
    }

    private async Task<Connection> InTimeAsync(Func<CancellationToken, Task<Connection>> attempt, CancellationToken cancellationToken)
    {
        using var timeout = new CancellationTokenSource(_settings.ConnectTimeout, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, timeout.Token);
        try
        {
            return await attempt(either.Token);
        }
        catch (Exception e) when (e is SocketException or IOException or AuthenticationException or OperationCanceledException or ObjectDisposedException)
        {
            cancellationToken.ThrowIfCancellationRequested();
            return Refused(timeout.IsCancellationRequested ? Late() : Broken(e));
        }
    }

    private async Task<Connection> OpenAsync(CancellationToken cancellationToken)
    {
        _waitingFor = "the name to be resolved";
        var (host, port) = _settings.Proxy is { } first ? (first.Host, first.Port) : (_settings.Host, _settings.Port);
        var (addresses, fault) = await AddressesAsync(host, cancellationToken);
        _waitingFor = "TCP";
        _race = new AddressRace(addresses, port, _settings.LocalAddress, _time);
        if (fault is not null || await _race.RunAsync(cancellationToken) is not { } socket)
        {
            return Refused((_settings.Proxy is { } one ? $"the proxy {one.Endpoint}: " : "") + (fault ?? _race.Faults));
        }

        Stream? stream = null;
        try
        {
            (stream, fault) = await EnterAsync(new NetworkStream(socket, ownsSocket: true), cancellationToken);
            return fault is null ? new Connection(socket, stream, null, _verifier?.Expiring ?? []) : Refused(fault);
        }
        finally
        {
            if (stream is null)
            {
                socket.Dispose();
            }
        }
    }

    /// <summary>Past the proxy, and into TLS, as far as the settings want them.</summary>
    /// <returns>A stream that speaks to the server; or the fault.</returns>
    private async Task<(Stream? Stream, string? Fault)> EnterAsync(NetworkStream stream, CancellationToken cancellationToken)
    {
        if (_settings.Proxy is { } proxy)
        {
            _waitingFor = $"the proxy {proxy.Endpoint}";
            if (await ProxyTunnel.OpenAsync(stream, proxy, _settings.Host, _settings.Port, cancellationToken) is { } refused)
            {
                return (null, refused);
            }
        }

        return _settings.Tls is { OnDemand: false } tls ? await SecureAsync(stream, tls, cancellationToken) : (stream, null);
    }

    private async Task<(Stream? Stream, string? Fault)> SecureAsync(Stream stream, TlsSettings tls, CancellationToken cancellationToken)
    {
        _waitingFor = "TLS";
        (_verifier, var fault) = TlsVerifier.Create(tls, tls.Name ?? _settings.Host, _time);
        if (_verifier is null)
        {
            return (null, fault);
        }

        var secured = new SslStream(stream);
        try
        {
            await secured.AuthenticateAsClientAsync(_verifier.Options, cancellationToken);
            return (secured, null);
        }
        catch
        {
            await secured.DisposeAsync();
            throw;
        }
    }

    /// <summary>Those of the host that are of our local address's family, in the order of trying; or why there are none.</summary>
    private async Task<(IReadOnlyList<IPAddress> Addresses, string? Fault)> AddressesAsync(string host, CancellationToken cancellationToken)
    {
        IPAddress[] found;
        try
        {
            found = IPAddress.TryParse(host, out var literal) ? [literal]
                // RFC 6761 section 6.3: never asked of a name server, whose answer could be another machine.
                : PlaintextLogin.IsThisMachine(host) ? [IPAddress.IPv6Loopback, IPAddress.Loopback]
                : await _resolve(host, cancellationToken);
        }
        catch (SocketException)
        {
            found = [];
        }

        if (found.Length == 0)
        {
            return ([], "the name cannot be resolved");
        }

        var fitting = AddressRace.Interleave(_settings.LocalAddress is { } local ? found.Where(a => a.AddressFamily == local.AddressFamily) : found);
        return fitting.Count > 0 ? (fitting, null)
            : (fitting, $"has no {(_settings.LocalAddress!.AddressFamily == AddressFamily.InterNetwork ? "IPv4" : "IPv6")} address, and LocalAddress is one");
    }

    private Connection Refused(string reason) => new(null, null, $"{_settings.Server}: {reason}", []);

    private string Late()
    {
        var faults = _race?.Faults is { } some ? $"; {some}" : "";
        return string.Create(CultureInfo.InvariantCulture, $"no connection within {_settings.ConnectTimeout.TotalSeconds:0.#} s (waiting for {_waitingFor}){faults}");
    }

    private string Broken(Exception e)
    {
        var words = (e.InnerException ?? e).Message;
        return _verifier is { } verifier ? verifier.Refusal ?? $"TLS failed: {words}"
            : _settings.Proxy is { } proxy ? $"the proxy {proxy.Endpoint}: the connection broke: {words}"
            : words;
    }
}
