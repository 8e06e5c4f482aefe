using NotifyGateway.Core;
using NotifyGateway.Core.Configuration;
using NotifyGateway.Core.Outbox;
using NotifyGateway.Core.Sessions;
using NotifyGateway.Tests.Sessions.Srv;
using NotifyGateway.Tests.Support;
using NotifyGateway.Tests.Support.Servers;
using Xunit;

namespace NotifyGateway.Tests.Sessions;

/// <summary>How sessions come to a real XMPP server that nobody has told them the address of, and what they learn there.</summary>
public sealed class XmppWaysTests(XmppWaysTests.Servers servers) : IClassFixture<XmppWaysTests.Servers>
{
    public static TheoryData<string> Software { get; } = new(XmppServer.AllSoftware);

    /// <summary>The first server of the domain is down. The certificate is the domain's, not the server's.</summary>
    [Theory]
    [MemberData(nameof(Software))]
    public async Task Domain_IsServedWhereDnsSays(string software)
    {
        var (server, watcher) = servers[software];
        await using var dns = Dns("chat.test", server);
        await using var world = await SessionWorld.StartAsync(Account("bot@chat.test"), dns.Client());

        await AssertDeliversAsync(world, watcher, "found you");
        Assert.Equal(["udp _xmpp-client._tcp.chat.test"], dns.Queries.Entries);
        Assert.Equal("bot@chat.test/notify", world.Status.Nick);
    }

    /// <summary>Whoever can forge DNS has a certificate for his own name at most.</summary>
    [Fact]
    public async Task CertificateOfTheServer_IsNoneOfTheDomain()
    {
        var (server, _) = servers[ProsodyServer.Name];
        await using var dns = Dns("other.test", server);
        await using var world = await SessionWorld.StartAsync(Account("bot@other.test"), dns.Client());

        await world.StateAsync(s => s.LastError?.Contains("the server's certificate is not for other.test", StringComparison.Ordinal) == true, "is refused");
        Assert.Empty(server.Mechanisms("bot@other.test"));
    }

    [Theory]
    [MemberData(nameof(Software))]
    public async Task Socks5Proxy_FindsTheDomain(string software)
    {
        var (server, watcher) = servers[software];
        await using var proxy = ScriptedProxy.Start(async proxy =>
        {
            await proxy.ExpectAsync("\x05\x01\0");
            await proxy.SendAsync("\x05\0");
            await proxy.ExpectAsync("\x05\x01\0\x03\x09localhost\x14\x66");
            await proxy.SendAsync("\x05\0\0\x01\0\0\0\0\0\0");
            await proxy.RelayAsync(server.Port);
        });
        await using var world = await SessionWorld.StartAsync(Account("work@localhost", new Uri($"socks5://127.0.0.1:{proxy.Port}")));

        await AssertDeliversAsync(world, watcher, "through SOCKS");
    }

    [Theory]
    [MemberData(nameof(Software))]
    public async Task HttpProxy_FindsTheDomain(string software)
    {
        var (server, watcher) = servers[software];
        await using var proxy = ScriptedProxy.Start(async proxy =>
        {
            await proxy.ExpectAsync("CONNECT localhost:5223 HTTP/1.1\r\nHost: localhost:5223\r\n\r\n");
            await proxy.SendAsync("HTTP/1.1 200 OK\r\n\r\n");
            await proxy.RelayAsync(server.DirectPort);
        });
        await using var world = await SessionWorld.StartAsync(Account("work@localhost", new Uri($"http://127.0.0.1:{proxy.Port}"), XmppTls.Direct));

        await AssertDeliversAsync(world, watcher, "through HTTP");
    }

    /// <summary>What a server takes need not be what RFC 6120 wants it to take, and ejabberd counts all that comes in one piece, however many stanzas it holds.</summary>
    [Theory]
    [MemberData(nameof(Software))]
    public async Task StanzaThatIsTooLong_IsSentAgainInPieces(string software)
    {
        var (server, watcher) = servers[software];
        await using var world = await SessionWorld.StartAsync(Account("work@localhost", port: server.Port));
        string[] lines = [.. Enumerable.Range(0, 90).Select(n => $"{n:00} {new string('x', 97)}")];
        var before = watcher.Messages.Entries.Count;
        await world.SayAsync(User, string.Join('\n', lines));

        await AssertDeliversAsync(world, watcher, "and on");
        Assert.Equal([.. lines, "and on"], watcher.Messages.Entries.Skip(before).SelectMany(m => m.Body.Split('\n')));
        Assert.Contains("policy-violation", world.Log, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Software))]
    public async Task ShortMessagesThatAreTooLongTogether_ArriveInOrder(string software)
    {
        var (server, watcher) = servers[software];
        await using var world = await SessionWorld.StartAsync(Account("work@localhost", port: server.Port));
        string[] texts = [.. Enumerable.Range(0, 10).Select(n => $"{n} {new string('y', 1000)}")];
        var before = watcher.Messages.Entries.Count;
        foreach (var text in texts)
        {
            await world.SayAsync(User, text);
        }

        await AssertDeliversAsync(world, watcher, "the last");
        Assert.Equal([.. texts, "the last"], watcher.Messages.Entries.Skip(before).Select(m => m.Body).Distinct(StringComparer.Ordinal));
    }

    private const string User = "work/watcher@localhost?message";

    private static async Task AssertDeliversAsync(SessionWorld world, XmppWatcher watcher, string text)
    {
        var settled = await world.OutcomeAsync(await world.SayAsync(User, text));
        Assert.True(settled.Outcome.Status == DeliveryStatus.Delivered, $"{settled.Outcome}\n{world.Log}");
        await watcher.Messages.FirstAsync(m => m.Body == text, text);
    }

    /// <summary>Names two servers for a domain; the one that is to be tried first does not run.</summary>
    private static ScriptedDns Dns(string domain, XmppServer server) => new((query, _) =>
    [
        DnsBytes.Answer(
            query,
            DnsBytes.SrvRecord($"_xmpp-client._tcp.{domain}", 20, 0, server.Port, "localhost"),
            DnsBytes.SrvRecord($"_xmpp-client._tcp.{domain}", 10, 0, FreePort.Next(), "localhost")),
    ]);

    private GatewayOptions Account(string jid, Uri? proxy = null, XmppTls tls = XmppTls.StartTls, int? port = null) => new()
    {
        Xmpp = new Dictionary<string, XmppOptions>(StringComparer.Ordinal)
        {
            ["work"] = new()
            {
                Jid = jid,
                Password = "botpw",
                Host = port is null ? null : "127.0.0.1",
                Port = port,
                Proxy = proxy,
                Tls = tls,
                TlsCaFile = servers.Certificates.Authority.CertificateFile,
                ConnectSpacing = TimeSpan.Zero,
                ReconnectMin = TimeSpan.FromMilliseconds(20),
                ReconnectMax = TimeSpan.FromMilliseconds(200),
            },
        },
    };

    /// <summary>Both, and a watcher on each. They take stanzas of 6,000 bytes.</summary>
    public sealed class Servers : IAsyncLifetime
    {
        private readonly Dictionary<string, (XmppServer Server, XmppWatcher Watcher)> _servers = [];

        internal TestCertificates Certificates { get; } = new();

        internal (XmppServer Server, XmppWatcher Watcher) this[string software] => _servers[software];

        public async ValueTask InitializeAsync()
        {
            var options = new XmppServerOptions(Certificates.Server)
            {
                Accounts = [("work", "botpw"), ("watcher", "watcherpw"), ("bot@chat.test", "botpw"), ("bot@other.test", "botpw")],
                Domains = [("chat.test", Certificates.Issue("chat", "CN=chat.test", Certificates.Authority, host: "chat.test")), ("other.test", Certificates.Server)],
            };
            foreach (var software in XmppServer.AllSoftware)
            {
                var server = await XmppServer.StartAsync(software, options with { MaxStanza = 6000 });
                _servers[software] = (server, await XmppWatcher.ConnectAsync(server, "watcher", "watcherpw"));
            }
        }

        public async ValueTask DisposeAsync()
        {
            foreach (var (server, watcher) in _servers.Values)
            {
                await watcher.DisposeAsync();
                await server.DisposeAsync();
            }

            Certificates.Dispose();
        }
    }
}
