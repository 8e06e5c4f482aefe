using System.Globalization;
using System.Text.Json.Nodes;
using NotifyGateway.Tests.Support;
using Xunit;

namespace NotifyGateway.Tests.Acceptance;

/// <summary>One network with a certificate as it should be, and several whose certificates show that somebody else may be there.</summary>
public sealed class TlsHouse : House
{
    private readonly Dictionary<string, ScriptedPeer> _peers = new(StringComparer.Ordinal);

    internal TestCertificates Certificates { get; } = new();

    internal IrcWatcher Watcher { get; private set; } = null!;

    internal ScriptedPeer Peer(string network) => _peers[network];

    private protected override NgircdOptions Options => new() { Certificate = Certificates.Server };

    private protected override JsonObject Networks()
    {
        _peers["untrusted"] = ScriptedPeer.Start(certificate: Certificates.Untrusted);
        _peers["expired"] = ScriptedPeer.Start(certificate: Certificates.Expired);
        _peers["misnamed"] = ScriptedPeer.Start(certificate: Certificates.WrongName);
        _peers["pinned"] = ScriptedPeer.Start(certificate: Certificates.Server);
        _peers["plain"] = ScriptedPeer.Start();
        var networks = new JsonObject { ["net"] = Secure(Server.TlsPort), ["byname"] = Secure(Server.TlsPort) };
        networks["byname"]!["Server"] = "localhost";
        networks["byname"]!["Nick"] = "byname";
        foreach (var (name, peer) in _peers)
        {
            networks[name] = Secure(peer.Port);
            networks[name]!["ServerPassword"] = "for the right server only";
        }

        networks["pinned"]!["TlsFingerprint"] = Certificates.Client.Fingerprint;
        networks["plain"]!["ConnectTimeout"] = "00:00:01";
        networks["right"] = Secure(Server.TlsPort);
        networks["right"]!["Nick"] = "right";
        networks["right"]!["TlsCaFile"] = null;
        networks["right"]!["TlsFingerprint"] = Certificates.Server.Fingerprint;
        return networks;
    }

    private protected override async Task ArriveAsync() =>
        Watcher = await IrcWatcher.ConnectAsync(Server.TlsPort, "watcher", null, tls: true, "#tls");

    private protected override async Task LeaveAsync()
    {
        await Watcher.DisposeAsync();
        foreach (var peer in _peers.Values)
        {
            await peer.DisposeAsync();
        }

        Certificates.Dispose();
    }

    private JsonObject Secure(int port)
    {
        var network = Installation.Network(port);
        network["Tls"] = true;
        network["TlsCaFile"] = Certificates.Authority.CertificateFile;
        network["ReconnectMin"] = "00:00:00.500";
        network["ReconnectMax"] = "00:00:01";
        return network;
    }
}

/// <summary>TLS to real and to false servers.</summary>
public sealed class TlsTests(TlsHouse house) : IClassFixture<TlsHouse>
{
    [Theory]
    [InlineData("net")]
    [InlineData("byname")]
    [InlineData("right")]
    public async Task CertificateOfTheOwnAuthority_OrTheRightFingerprint_IsGood(string network)
    {
        var message = await house.Gateway.PostAsync($"{network}/#tls", $"secured {network}", wait: 10);

        Assert.Equal(("delivered", null), (message.Text("status"), message.Delivery().Text("reason")));
        await house.Watcher.SettleAsync();
        Assert.Contains(house.Watcher.Messages.Entries, m => m.Text == $"secured {network}");
    }

    [Theory]
    [InlineData("untrusted", "the server's certificate is not trusted: ")]
    [InlineData("expired", "the server's certificate expired on DATE")]
    [InlineData("misnamed", "the server's certificate is not for 127.0.0.1")]
    [InlineData("pinned", "the server's certificate has the fingerprint PRINT, not the configured one")]
    public async Task WrongCertificate_WaitsSaysWhyAndSendsNothing(string network, string why)
    {
        why = why.Replace("DATE", house.Certificates.Expired.Certificate.NotAfter.ToUniversalTime().ToString("yyyy-MM-dd", CultureInfo.InvariantCulture), StringComparison.Ordinal)
            .Replace("PRINT", house.Certificates.Server.Fingerprint, StringComparison.Ordinal);

        var message = await house.Gateway.PostAsync($"{network}/#tls", "for nobody else", wait: 1);
        var session = await house.Gateway.SessionAsync(network, s => s.Text("state") == "waiting", "is waiting");

        Assert.Equal("queued", message.Text("status"));
        Assert.Contains(why, session.Text("lastError"), StringComparison.Ordinal);
        Assert.NotNull(session.Text("nextAttemptAt"));
        var stored = await house.Gateway.Http.GetStringAsync(new Uri($"/api/v1/messages/{message.Text("id")}", UriKind.Relative));
        Assert.Contains(why, JsonNode.Parse(stored)!.Delivery().Text("reason"), StringComparison.Ordinal);
        Assert.NotEqual(0, house.Peer(network).Connections);
        Assert.Empty(house.Peer(network).Received.Entries);
    }

    [Fact]
    public async Task ServerThatSpeaksNoTls_IsToldNothing()
    {
        var peer = house.Peer("plain");
        await peer.AcceptAsync();
        var session = await house.Gateway.SessionAsync("plain", s => s.Text("state") == "waiting", "is waiting");

        Assert.Contains("no connection within 1 s", session.Text("lastError"), StringComparison.Ordinal);
        Assert.DoesNotContain(peer.Received.Entries, l => l.Text.Contains("PASS", StringComparison.Ordinal) || l.Text.Contains("NICK", StringComparison.Ordinal));
    }
}
