using System.ComponentModel;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using NotifyGateway.Tests.Support.Servers;
using Xunit;

namespace NotifyGateway.Tests.Support;

/// <summary>
/// Prosody on 127.0.0.1, for the domain <c>localhost</c> with rooms at <c>conference.localhost</c>. Stopped and started again it keeps its ports
/// and its accounts. It ends with the test, and with the tests when they are killed.
/// </summary>
internal sealed class ProsodyServer : IAsyncDisposable
{
    public const string Domain = "localhost";
    public const string Rooms = "conference.localhost";

    private readonly TempFolder _folder = new();
    private ChildProcess? _process;

    /// <param name="certificate">What it shows.</param>
    /// <param name="accounts">Name and password of each.</param>
    public ProsodyServer(TestCertificate certificate, params (string Name, string Password)[] accounts)
    {
        _folder.Writable("data");
        _folder.Writable("data/localhost");
        _folder.Writable("data/localhost/accounts");
        foreach (var (name, password) in accounts)
        {
            _folder.Write($"data/localhost/accounts/{name}.dat", $"return {{ [\"password\"] = \"{password}\" }};\n");
        }

        _folder.Write("prosody.cfg.lua", Configuration(certificate));
    }

    /// <summary>STARTTLS, which it insists on.</summary>
    public int Port { get; } = FreePort.Next();

    /// <summary>TLS from the first byte.</summary>
    public int DirectPort { get; } = FreePort.Next();

    public bool IsRunning => _process is { HasExited: false };

    /// <summary>What it has logged.</summary>
    public string Log => File.Exists(_folder["data/prosody.log"]) ? File.ReadAllText(_folder["data/prosody.log"]) : "";

    /// <summary>A server that answers.</summary>
    public static async Task<ProsodyServer> StartAsync(TestCertificate certificate, params (string Name, string Password)[] accounts)
    {
        var server = new ProsodyServer(certificate, accounts);
        await server.StartAgainAsync();
        return server;
    }

    /// <summary>Starts on the same ports as ever; returns when it answers.</summary>
    public async Task StartAgainAsync()
    {
        Assert.False(IsRunning, "prosody runs already");
        try
        {
            _process = await BoundProcess.StartAsync(["prosody", "-F", "--config", _folder["prosody.cfg.lua"]], _folder.Path);
        }
        catch (Win32Exception missing)
        {
            Assert.Fail($"prosody cannot be started: {missing.Message}. {Advice}");
        }

        await Deadline.Poll(AnswersAsync, "prosody answers");
    }

    /// <summary>Stops in order: clients are told.</summary>
    public async Task StopAsync()
    {
        if (_process is { } process)
        {
            process.Terminate();
            await process.ExitAsync();
            await process.DisposeAsync();
            _process = null;
        }
    }

    /// <summary>Kills it: the system resets or closes its connections, nothing is said.</summary>
    public async Task KillAsync()
    {
        if (_process is { } process)
        {
            await process.Kill9Async();
            await process.DisposeAsync();
            _process = null;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await KillAsync();
        _folder.Dispose();
    }

    private const string Advice = "Run ./test, which installs what the tests need, or: apt-get install prosody";

    private async Task<bool> AnswersAsync(CancellationToken cancellationToken)
    {
        Assert.False(_process!.HasExited, $"prosody has ended at once. {Advice}\n{_process.Said}\n{Log}");
        using var client = new TcpClient();
        try
        {
            await client.ConnectAsync(IPAddress.Loopback, Port, cancellationToken);
            await client.GetStream().WriteAsync("<stream:stream xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams' to='localhost' version='1.0'>"u8.ToArray(), cancellationToken);
            return await client.GetStream().ReadAsync(new byte[1], cancellationToken) > 0;
        }
        catch (Exception refused) when (refused is SocketException or IOException)
        {
            return false;
        }
    }

    private string Configuration(TestCertificate certificate) => string.Create(CultureInfo.InvariantCulture, $$"""
        run_as_root = true
        certificates = "{{_folder["none"]}}"
        pidfile = "{{_folder["data/prosody.pid"]}}"
        data_path = "{{_folder["data"]}}"
        log = { { levels = { min = "debug" }, to = "file", filename = "{{_folder["data/prosody.log"]}}" } }
        modules_enabled = { "roster", "saslauth", "tls", "disco", "ping", "posix", "smacks" }
        modules_disabled = { "s2s", "offline" }
        interfaces = { "127.0.0.1" }
        c2s_ports = { {{Port}} }
        c2s_direct_tls_ports = { {{DirectPort}} }
        s2s_ports = { }
        authentication = "internal_plain"
        c2s_require_encryption = true
        ssl = { certificate = "{{certificate.CertificateFile}}", key = "{{certificate.KeyFile}}", protocol = "tlsv1_2" }
        c2s_direct_tls_ssl = { certificate = "{{certificate.CertificateFile}}", key = "{{certificate.KeyFile}}" }
        c2s_stanza_size_limit = 65536
        smacks_hibernation_time = 30
        VirtualHost "{{Domain}}"
        Component "{{Rooms}}" "muc"
            restrict_room_creation = false
            muc_room_locking = true

        """);
}
