using NotifyGateway.Core;
using NotifyGateway.Core.Configuration;
using NotifyGateway.Core.Sessions;
using NotifyGateway.Tests.Support;
using Xunit;

namespace NotifyGateway.Tests.Sessions;

/// <summary>Sessions that connect in another way than straight.</summary>
public sealed class ConnectionTests
{
    private const string Asked = "\x05\x01\0\x03\x09localhost";

    [Fact]
    public async Task ThroughAProxy_TheWholeWayWorks()
    {
        await using var server = ScriptedPeer.Start();
        await using var proxy = ScriptedProxy.Start(async script =>
        {
            await script.ExpectAsync("\x05\x02\0\x02");
            await script.SendAsync("\x05\x02");
            await script.ExpectAsync("\x01\x04user\x08geheim-9");
            await script.SendAsync("\x01\0");
            await script.ExpectAsync($"{Asked}{(char)(server.Port >> 8)}{(char)(server.Port & 255)}");
            await script.SendAsync("\x05\0\0\x01\0\0\0\0\0\0");
            await script.RelayAsync(server.Port);
        });
        await using var world = await SessionWorld.StartAsync(SessionWorld.Irc(server.Port) with { Server = "localhost", Proxy = Login(proxy.Port) });

        var message = await world.SayAsync("net/#ops", "hello");
        var connection = await server.WelcomeAsync();
        await connection.JoinAsync("#ops");
        await connection.ProveAsync("#ops", "hello");

        Assert.Equal(Proof.Pong, (await world.OutcomeAsync(message)).Outcome.Proof);
        Assert.Equal($"localhost:{server.Port}", world.Status.Server);
        Assert.DoesNotContain("geheim", world.Log, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ProxyThatRefuses_IsTheReason_WithoutItsPassword()
    {
        await using var proxy = ScriptedProxy.Start(async script =>
        {
            await script.ExpectAsync("\x05\x02\0\x02");
            await script.SendAsync("\x05\x02");
            await script.ExpectAsync("\x01\x04user\x08geheim-9");
            await script.SendAsync("\x01\x01");
        });
        await using var world = await SessionWorld.StartAsync(SessionWorld.Irc(6667) with { Server = "irc.example.org", Proxy = Login(proxy.Port), ReconnectMin = TimeSpan.FromMinutes(1), ReconnectMax = TimeSpan.FromMinutes(1) });

        await world.StateAsync(s => s.State == SessionState.Waiting, "it waits");

        Assert.Equal($"irc.example.org:6667: the proxy 127.0.0.1:{proxy.Port} refused the user or password (SOCKS 1)", world.Status.LastError);
        Assert.DoesNotContain("geheim", world.Log, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ServerThatGoesAway_AfterItHasProvedItself_IsAskedLessAndLessOften()
    {
        var server = ScriptedPeer.Start();
        await using var world = await SessionWorld.StartAsync(SessionWorld.Irc(server.Port) with { ReconnectMax = TimeSpan.FromMinutes(1) });
        await using (server)
        {
            var message = await world.SayAsync("net/#ops", "hello");
            var connection = await server.WelcomeAsync();
            await connection.JoinAsync("#ops");
            await connection.ProveAsync("#ops", "hello");
            await world.OutcomeAsync(message);
        }

        await world.StateAsync(s => s.NextAttemptAt > DateTimeOffset.UtcNow.AddSeconds(1), "the waits grow");
        Assert.EndsWith("connection refused", world.Status.LastError, StringComparison.Ordinal);
    }

    [Fact]
    public async Task CertificateThatIsBroken_IsTheReason_AndIsReadAgain()
    {
        using var certificates = new TestCertificates();
        using var folder = new TempFolder();
        var file = folder.Write("bot.pem", "not yet");
        await using var server = ScriptedPeer.Start(certificate: certificates.Server);
        await using var world = await SessionWorld.StartAsync(SessionWorld.Irc(server.Port) with
        {
            Tls = true,
            TlsCaFile = certificates.Authority.CertificateFile,
            ClientCertificate = file,
            ClientCertificateKey = certificates.Client.KeyFile,
        });
        await world.StateAsync(s => s.LastError == $"127.0.0.1:{server.Port}: {file} holds no certificate (PEM)", "the certificate is bad");

        // In one step: nobody reads half of it.
        File.Move(folder.Write("new.pem", await File.ReadAllTextAsync(certificates.Client.CertificateFile, TestContext.Current.CancellationToken)), file, overwrite: true);

        await Deadline.Poll(async _ => (await server.AcceptAsync()).ClientFingerprint == certificates.Client.Fingerprint, "the new certificate is shown");
    }

    [Fact]
    public async Task CertificateThatExpiresSoon_IsInTheLog_OncePerConnection()
    {
        using var certificates = new TestCertificates();
        var soon = certificates.Issue("soon", "CN=localhost", certificates.Authority, (DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(3)));
        await using var server = ScriptedPeer.Start(certificate: soon);
        await using var world = await SessionWorld.StartAsync(SessionWorld.Irc(server.Port) with { Tls = true, TlsCaFile = certificates.Authority.CertificateFile });

        await server.WelcomeAsync();
        await world.StateAsync(s => s.State == SessionState.Online, "it is online");

        Assert.Equal($"net: the certificate of 127.0.0.1 expires on {soon.Certificate.NotAfter.ToUniversalTime():yyyy-MM-dd}", Assert.Single(world.Of(5040)));
    }

    [Fact]
    public async Task TrafficLog_HasWhatTheServersOfAllSessionsSay_AndNoSecret()
    {
        using var folder = new TempFolder();
        await using var one = ScriptedPeer.Start();
        await using var two = ScriptedPeer.Start();
        var options = new GatewayOptions
        {
            DynamicServers = ["*"],
            Irc = new Dictionary<string, IrcOptions>(StringComparer.Ordinal)
            {
                ["net"] = SessionWorld.Irc(one.Port) with
                {
                    TrafficLog = folder["traffic.log"],
                    ServerPassword = "geheim-1",
                    Channels = [new IrcChannelOptions { Name = "#ops", Key = "geheim-2" }],
                },
            },
            Dynamic = new DynamicOptions { TrafficLog = folder["traffic.log"], ServerPassword = "geheim-3" },
        };
        await using var world = await SessionWorld.StartAsync(options);
        await world.SayAsync($"irc://u:geheim-4@127.0.0.1:{two.Port}/c", "hello");

        await (await one.AcceptAsync()).SendAsync(":one.example NOTICE * :geheim-1 geheim-2", "AUTHENTICATE Z2VoZWlt");
        await (await two.AcceptAsync()).SendAsync(":two.example NOTICE * :geheim-3 geheim-4");

        var lines = Array.Empty<string>();
        await Deadline.Poll(
            _ =>
            {
                lines = File.Exists(folder["traffic.log"]) ? File.ReadAllLines(folder["traffic.log"]) : [];
                return Task.FromResult(lines.Length == 3);
            },
            "three lines");
        Assert.Equal(
            ["one.example|:one.example NOTICE * :*** ***", "one.example|AUTHENTICATE ***", "two.example|:two.example NOTICE * :*** ***"],
            lines.Select(l => l[(l.IndexOf('|', StringComparison.Ordinal) + 1)..]).Order(StringComparer.Ordinal).Select(l => l.Replace("127.0.0.1|", "", StringComparison.Ordinal)));
    }

    private static Uri Login(int port) => new($"socks5://user:geheim-9@127.0.0.1:{port}");
}
