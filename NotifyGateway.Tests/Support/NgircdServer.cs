using System.ComponentModel;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Xunit;

namespace NotifyGateway.Tests.Support;

/// <summary>How a test wants its ngircd.</summary>
internal sealed record NgircdOptions
{
    public string? Password { get; init; }

    /// <summary>Channels one client may be in; 0: no limit. One more is answered by 405.</summary>
    public int MaxJoins { get; init; }

    /// <summary>Seconds of penalty that flooding may cost; 0: no flood limit; -1: the server's default.</summary>
    public int MaxPenaltyTime { get; init; }

    /// <summary>Seconds of silence before the server sends PING, and seconds for the answer.</summary>
    public int PingTimeout { get; init; } = 120;

    /// <summary>Serves TLS too, with this certificate.</summary>
    public TestCertificate? Certificate { get; init; }
}

/// <summary>
/// A real ngircd in a folder of its own. Besides what clients make there are <c>#keyed</c> (key <c>sesame</c>) and <c>#invite</c>
/// (by invitation); the operator is <c>oper</c> / <c>operpw</c>. Stopped and started again it keeps its ports.
/// </summary>
internal sealed class NgircdServer : IAsyncDisposable
{
    private readonly TempFolder _folder = new();
    private ChildProcess? _process;

    private NgircdServer(NgircdOptions options)
    {
        Port = FreePort.Next();
        TlsPort = FreePort.Next();
        _folder.Write("ngircd.conf", Configuration(options));
    }

    public int Port { get; }

    public int TlsPort { get; }

    public bool IsRunning => _process is { HasExited: false };

    /// <summary>A server that answers.</summary>
    public static async Task<NgircdServer> StartAsync(NgircdOptions? options = null)
    {
        var server = new NgircdServer(options ?? new NgircdOptions());
        await server.StartAgainAsync();
        return server;
    }

    /// <summary>A server that is not up yet: its port refuses connections.</summary>
    public static NgircdServer Prepare(NgircdOptions? options = null) => new(options ?? new NgircdOptions());

    /// <summary>Starts on the same ports as ever; returns when it answers.</summary>
    public async Task StartAgainAsync()
    {
        Assert.False(IsRunning, "ngircd runs already");
        try
        {
            _process = ChildProcess.Start("ngircd", ["-n", "-f", _folder["ngircd.conf"]], _folder.Path, SystemPath());
        }
        catch (Win32Exception missing)
        {
            Assert.Fail($"ngircd cannot be started ({missing.Message}). Run ./test, which installs what the tests need, or: apt-get install ngircd");
        }

        await Deadline.Poll(AnswersAsync, "ngircd answers");
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

    private async Task<bool> AnswersAsync(CancellationToken cancellationToken)
    {
        Assert.False(_process!.HasExited, "ngircd has ended at once.\n" + _process.Said);
        using var client = new TcpClient();
        try
        {
            await client.ConnectAsync(IPAddress.Loopback, Port, cancellationToken);
            await client.GetStream().WriteAsync("CAP LS 302\r\n"u8.ToArray(), cancellationToken);
            using var reader = new StreamReader(client.GetStream(), Encoding.Latin1);
            return await reader.ReadLineAsync(cancellationToken) is not null;
        }
        catch (Exception refused) when (refused is SocketException or IOException)
        {
            return false;
        }
    }

    // Daemons live where an ordinary user's path does not look.
    private static Dictionary<string, string?> SystemPath() =>
        new(StringComparer.Ordinal) { ["PATH"] = Environment.GetEnvironmentVariable("PATH") + ":/usr/sbin:/usr/local/sbin" };

    // The folder that would be included by default is the system's: it has no place in a test.
    private string Configuration(NgircdOptions options) => string.Create(CultureInfo.InvariantCulture, $"""
        [Global]
            Name = irc.test
            Info = test server
            Listen = 127.0.0.1
            Ports = {Port}
            MotdPhrase = welcome
            AdminInfo1 = nobody
            AdminEMail = nobody@irc.test
            {(Environment.IsPrivilegedProcess ? "ServerUID = nobody\n    ServerGID = nogroup" : "")}
            {(options.Password is { } password ? $"Password = {password}" : "")}
        [Limits]
            MaxConnections = 0
            MaxConnectionsIP = 0
            MaxJoins = {options.MaxJoins}
            MaxNickLength = 16
            MaxPenaltyTime = {options.MaxPenaltyTime}
            PingTimeout = {options.PingTimeout}
            PongTimeout = {options.PingTimeout}
        [Options]
            DNS = no
            Ident = no
            PAM = no
            IncludeDir = {_folder["none"]}
            SyslogFacility = local1
        {(options.Certificate is { } tls ? $"[SSL]\n    CertFile = {tls.CertificateFile}\n    KeyFile = {tls.KeyFile}\n    Ports = {TlsPort}" : "")}
        [Operator]
            Name = oper
            Password = operpw
        [Channel]
            Name = #keyed
            Modes = +ntk sesame
        [Channel]
            Name = #invite
            Modes = +i

        """);
}
