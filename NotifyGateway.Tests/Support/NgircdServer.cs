using System.Globalization;
using NotifyGateway.Tests.Support.Servers;

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

    public static NgircdOptions From(ServerOptions options) => new()
    {
        Password = options.Password,
        Certificate = options.Certificate,
        MaxJoins = options.MaxChannels,
        MaxPenaltyTime = options.FloodLimits ? -1 : 0,
    };
}

/// <summary>
/// ngircd. Besides what clients make there are <c>#keyed</c> (key <c>sesame</c>) and <c>#invite</c> (by invitation).
/// </summary>
internal sealed class NgircdServer : IrcServer
{
    public const string Name = "ngircd";

    private NgircdServer(NgircdOptions options) : base(new ServerOptions { Password = options.Password, Certificate = options.Certificate }) =>
        Folder.Write("ngircd.conf", Configuration(options));

    public override string Software => Name;

    /// <summary>A server that answers.</summary>
    public static async Task<NgircdServer> StartAsync(NgircdOptions? options = null)
    {
        var server = new NgircdServer(options ?? new NgircdOptions());
        await server.StartAgainAsync();
        return server;
    }

    /// <summary>A server that is not up yet: its port refuses connections.</summary>
    public static NgircdServer Prepare(NgircdOptions? options = null) => new(options ?? new NgircdOptions());

    protected override Task<ChildProcess> LaunchAsync() => BoundProcess.StartAsync(["ngircd", "-n", "-f", Folder["ngircd.conf"]], Folder.Path);

    protected override string BanCommand(string mask, string reason) => $"KLINE *!{mask} 3600 :{reason}";

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
            IncludeDir = {Folder["none"]}
            SyslogFacility = local1
        {(options.Certificate is { } tls ? $"[SSL]\n    CertFile = {tls.CertificateFile}\n    KeyFile = {tls.KeyFile}\n    Ports = {TlsPort}" : "")}
        [Operator]
            Name = {OperatorName}
            Password = {OperatorPassword}
        [Channel]
            Name = #keyed
            Modes = +ntk sesame
        [Channel]
            Name = #invite
            Modes = +i

        """);
}
