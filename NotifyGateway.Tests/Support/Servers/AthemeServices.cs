using System.Globalization;
using Xunit;

namespace NotifyGateway.Tests.Support.Servers;

/// <summary>NickServ and SaslServ of Atheme, linked to an <see cref="InspircdServer"/>: accounts, SASL PLAIN and EXTERNAL.</summary>
internal sealed class AthemeServices : IAsyncDisposable
{
    public const string ServerName = "services.test";
    public const string LinkPassword = "linkpw";

    private static readonly string[] Modules =
    [
        "protocol/inspircd", "backend/opensex", "crypto/pbkdf2v2", "crypto/pbkdf2", "nickserv/main", "nickserv/cert", "nickserv/register", "nickserv/identify",
        "nickserv/ghost", "nickserv/regain", "nickserv/group", "saslserv/main", "saslserv/external", "saslserv/plain", "saslserv/authcookie", "chanserv/main", "chanserv/register", "chanserv/op",
    ];

    private readonly TempFolder _folder = new();
    private readonly InspircdServer _server;
    private ChildProcess? _process;

    private AthemeServices(InspircdServer server) => _server = server;

    /// <summary>Services that are linked; the server must be up. They link again by themselves when it was restarted.</summary>
    public static async Task<AthemeServices> StartAsync(InspircdServer server)
    {
        var services = new AthemeServices(server);
        var data = services._folder.Writable("data");
        await File.WriteAllTextAsync(Path.Combine(data, "services.db"), "");
        if (Environment.IsPrivilegedProcess && !OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(Path.Combine(data, "services.db"), (UnixFileMode)0b110_110_110);
        }

        var configuration = services._folder.Write("services.conf", Configuration(server.ServicesPort));
        services._process = await BoundProcess.StartAsync(
            ["atheme-services", "-n", "-c", configuration, "-l", $"{data}/log", "-p", $"{data}/pid", "-D", data], services._folder.Path);
        await services.LinkedAsync();
        return services;
    }

    /// <summary>Makes an account whose name is a nick.</summary>
    public async Task RegisterAsync(string account, string password)
    {
        await using var owner = await IrcWatcher.ConnectAsync(_server.Port, account, _server.Options.Password, tls: false);
        await RegisterAsync(owner, password);
    }

    /// <summary>Makes an account for the client's nick; its client is logged in then.</summary>
    public static Task RegisterAsync(IrcWatcher owner, string password) => AskAsync(owner, $"REGISTER {password} nobody@irc.test", "is now registered");

    /// <summary>Lets a client certificate log in to the client's account (EXTERNAL).</summary>
    /// <param name="owner">A client that is logged in.</param>
    /// <param name="fingerprint">SHA-256 of the certificate, in hex.</param>
    public static Task AddCertificateAsync(IrcWatcher owner, string fingerprint) => AskAsync(owner, $"CERT ADD {fingerprint.ToLowerInvariant()}", "Added fingerprint");

    public async ValueTask DisposeAsync()
    {
        if (_process is { } process)
        {
            await process.DisposeAsync();
        }

        _folder.Dispose();
    }

    private static async Task AskAsync(IrcWatcher owner, string command, string expected)
    {
        await owner.SayAsync("NickServ", command);
        await owner.Lines.FirstAsync(line => line.StartsWith(":NickServ!", StringComparison.Ordinal) && line.Contains(expected, StringComparison.Ordinal), $"NickServ: {expected}");
    }

    private async Task LinkedAsync()
    {
        await using var watcher = await IrcWatcher.ConnectAsync(_server.Port, "link-watcher", _server.Options.Password, tls: false);
        await Deadline.Poll(
            async _ =>
            {
                Assert.False(_process!.HasExited, $"atheme-services has ended. Run ./test, which installs what the tests need, or: apt-get install atheme-services\n{_process.Said}");
                var from = watcher.Lines.Entries.Count;
                await watcher.SendAsync("ISON NickServ SaslServ");
                var answer = await watcher.NumericAsync("303", from);
                return answer.Contains("NickServ", StringComparison.Ordinal) && answer.Contains("SaslServ", StringComparison.Ordinal);
            },
            "services are linked");
    }

    private static string Configuration(int port) => string.Create(CultureInfo.InvariantCulture, $$"""
        {{string.Join('\n', Modules.Select(name => $"loadmodule \"modules/{name}\";"))}}
        serverinfo {
          name = "{{ServerName}}"; desc = "services"; numeric = "00A"; netname = "testnet"; adminname = "nobody"; adminemail = "nobody@irc.test"; registeremail = "nobody@irc.test";
          auth = none; casemapping = ascii; mta = "/bin/true"; recontime = 1;
        };
        general { commit_interval = 5; };
        uplink "irc.test" { host = "127.0.0.1"; port = {{port}}; send_password = "{{LinkPassword}}"; receive_password = "{{LinkPassword}}"; };
        nickserv { nick = "NickServ"; maxnicks = 100; };
        saslserv { nick = "SaslServ"; };

        """);
}
