using NotifyGateway.Core.Sessions.Srv;
using NotifyGateway.Tests.Support;
using Xunit;

namespace NotifyGateway.Tests.Sessions.Srv;

public sealed class XmppServersTests
{
    private const string Service = "_xmpp-client._tcp.example.org";

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Servers_AreThoseOfDns_InTheirOrder()
    {
        await using var dns = new ScriptedDns((q, _) => [DnsBytes.Answer(q, DnsBytes.SrvRecord(Service, 20, 0, 5222, "second.example.net"), DnsBytes.SrvRecord(Service, 10, 0, 443, "First.Example.NET"))]);

        var found = await Servers(dns).ResolveAsync("example.org", directTls: false, Cancelled);

        Assert.Equal([new("first.example.net", 443), new("second.example.net", 5222)], found.Endpoints);
        Assert.Equal((null, null), (found.Refusal, found.Doubt));
        Assert.Equal(["udp " + Service], dns.Queries.Entries);
    }

    [Fact]
    public async Task DirectTls_HasAServiceOfItsOwn()
    {
        await using var dns = new ScriptedDns((q, _) => [DnsBytes.Answer(q, DnsBytes.SrvRecord("_xmpps-client._tcp.example.org", 1, 1, 443, "h.example"))]);

        Assert.Equal([new("h.example", 443)], (await Servers(dns).ResolveAsync("example.org", directTls: true, Cancelled)).Endpoints);
    }

    [Theory]
    [InlineData(0x8180)] // no such record
    [InlineData(0x8183)] // no such name
    public async Task Domain_StandsForItself_WhereDnsNamesNobody(int flags)
    {
        await using var dns = new ScriptedDns((q, _) => [DnsBytes.Answer(q, flags)]);

        var plain = await Servers(dns).ResolveAsync("example.org", directTls: false, Cancelled);
        var direct = await Servers(dns).ResolveAsync("bücher.example", directTls: true, Cancelled);

        Assert.Equal([new("example.org", 5222)], plain.Endpoints);
        Assert.Equal([new("xn--bcher-kva.example", 5223)], direct.Endpoints);
        Assert.Equal((null, null, null), (plain.Refusal, plain.Doubt, direct.Doubt));
        Assert.Equal(["udp " + Service, "udp _xmpps-client._tcp.xn--bcher-kva.example"], dns.Queries.Entries);
    }

    [Fact]
    public async Task Service_ThatIsDecidedlyNotThere_IsRefused()
    {
        await using var dns = new ScriptedDns((q, _) => [DnsBytes.Answer(q, DnsBytes.SrvRecord(Service, 0, 0, 0, ""))]);

        var found = await Servers(dns).ResolveAsync("example.org", directTls: false, Cancelled);

        Assert.Empty(found.Endpoints);
        Assert.Equal("example.org offers no XMPP of this kind: its SRV record (_xmpp-client._tcp) says so", found.Refusal);
    }

    [Fact]
    public async Task Targets_ThatAreNoHostNames_AreLeftOut()
    {
        await using var dns = new ScriptedDns((q, _) => [DnsBytes.Answer(q, DnsBytes.SrvRecord(Service, 0, 0, 5222, "a b.example"), DnsBytes.SrvRecord(Service, 1, 0, 0, "zero.example"))]);

        Assert.Equal("the SRV records (_xmpp-client._tcp) of example.org name no server", (await Servers(dns).ResolveAsync("example.org", false, Cancelled)).Refusal);
    }

    [Theory]
    [InlineData("127.0.0.1", "127.0.0.1")]
    [InlineData("[::1]", "::1")]
    [InlineData("localhost", "localhost")]
    [InlineData("chat.localhost", "chat.localhost")]
    public async Task AddressesAndThisMachine_AreNotAskedFor(string domain, string host)
    {
        await using var dns = new ScriptedDns((_, _) => []);

        Assert.Equal([new(host, 5222)], (await Servers(dns).ResolveAsync(domain, false, Cancelled)).Endpoints);
        Assert.Empty(dns.Queries.Entries);
    }

    [Fact]
    public async Task Answer_ThatDoesNotFit_IsAskedForOverTcp()
    {
        await using var dns = new ScriptedDns((q, tcp) => [tcp
            ? DnsBytes.Answer(q, [.. Enumerable.Range(1, 200).Select(i => DnsBytes.SrvRecord(Service, i, 0, i, $"host-{i}.example.net"))])
            : DnsBytes.Answer(q, 0x8380)]);

        var found = await Servers(dns).ResolveAsync("example.org", false, Cancelled);

        Assert.Equal(Enumerable.Range(1, 200).Select(i => new ServerEndpoint($"host-{i}.example.net", i)), found.Endpoints);
        Assert.Equal(["udp " + Service, "tcp " + Service], dns.Queries.Entries);
    }

    [Fact]
    public async Task Alias_IsFollowed_InTheAnswerAndBeyondIt()
    {
        await using var dns = new ScriptedDns((q, _) => [DnsBytes.Asked(q) switch
        {
            Service => DnsBytes.Answer(q, DnsBytes.CnameRecord("a.example", "b.example"), DnsBytes.CnameRecord(Service, "A.example")),
            _ => DnsBytes.Answer(q, DnsBytes.CnameRecord("b.example", "c.example"), DnsBytes.SrvRecord("c.example", 0, 0, 5222, "h.example"), DnsBytes.SrvRecord("other.example", 0, 0, 5222, "wrong.example")),
        }]);

        Assert.Equal([new("h.example", 5222)], (await Servers(dns).ResolveAsync("example.org", false, Cancelled)).Endpoints);
        Assert.Equal(["udp " + Service, "udp b.example"], dns.Queries.Entries);
    }

    [Fact]
    public async Task Aliases_ThatGoInCircles_End()
    {
        await using var circle = new ScriptedDns((q, _) => [DnsBytes.Answer(q, DnsBytes.CnameRecord(Service, "a.example"), DnsBytes.CnameRecord("a.example", Service))]);
        await using var spiral = new ScriptedDns((q, _) => [DnsBytes.Answer(q, DnsBytes.CnameRecord(DnsBytes.Asked(q), "x" + DnsBytes.Asked(q)))]);

        Assert.Null((await Servers(circle).ResolveAsync("example.org", false, Cancelled)).Doubt);
        Assert.NotNull((await Servers(spiral).ResolveAsync("example.org", false, Cancelled)).Doubt);
        Assert.InRange(spiral.Queries.Entries.Count, 2, 10);
    }

    [Fact]
    public async Task WrongAnswers_AreNotBelieved()
    {
        await using var dns = new ScriptedDns((q, _) =>
        [
            [],
            [1, 2, 3],
            [.. DnsBytes.Number(~((q[0] << 8) | q[1])), .. DnsBytes.Answer(q, DnsBytes.SrvRecord(Service, 0, 0, 1, "evil.example"))[2..]],
            DnsBytes.Answer([.. q[..12], .. DnsBytes.Name("_xmpp-client._tcp.evil.example"), 0, 33, 0, 1], DnsBytes.SrvRecord(Service, 0, 0, 2, "evil.example")),
            DnsBytes.Answer(q, DnsBytes.SrvRecord(Service, 0, 0, 5222, "good.example")),
        ]);

        Assert.Equal([new("good.example", 5222)], (await Servers(dns).ResolveAsync("example.org", false, Cancelled)).Endpoints);
    }

    [Fact]
    public async Task ServerThatDoesNotKnowEdns_IsAskedWithout()
    {
        await using var dns = new ScriptedDns((q, _) => [q[11] == 1 ? [.. q[..2], 0x80, 0x01, .. new byte[8]] : DnsBytes.Answer(q, DnsBytes.SrvRecord(Service, 0, 0, 5222, "h.example"))]);

        Assert.Equal([new("h.example", 5222)], (await Servers(dns).ResolveAsync("example.org", false, Cancelled)).Endpoints);
    }

    [Theory]
    [InlineData(0x8182)]
    [InlineData(0x8185)]
    public async Task NextServer_IsAsked_WhereOneFails(int flags)
    {
        await using var failing = new ScriptedDns((q, _) => [DnsBytes.Answer(q, flags)]);
        await using var good = new ScriptedDns((q, _) => [DnsBytes.Answer(q, DnsBytes.SrvRecord(Service, 0, 0, 5222, "h.example"))], failing.Port, "127.0.0.2");

        // Nobody listens at the first address: the system says so at once.
        var servers = new XmppServers(new SrvResolver(good.Client("127.0.0.3", "127.0.0.1", "127.0.0.2"), TimeProvider.System), new Random(1));

        Assert.Equal([new("h.example", 5222)], (await servers.ResolveAsync("example.org", false, Cancelled)).Endpoints);
        Assert.Single(failing.Queries.Entries);
    }

    [Fact]
    public async Task SilentServer_IsAskedAgain_AndThenDoubted()
    {
        await using var dns = new ScriptedDns((_, _) => []);

        var found = await Servers(dns).ResolveAsync("example.org", false, Cancelled).Within();

        Assert.Equal([new("example.org", 5222)], found.Endpoints);
        Assert.Equal("no DNS server tells the servers of example.org", found.Doubt);
        Assert.Equal(["udp " + Service, "udp " + Service], dns.Queries.Entries);
    }

    [Fact]
    public async Task Answers_AreRememberedAsLongAsTheyHold_AndNoLonger()
    {
        var ttl = 60;
        await using var dns = new ScriptedDns((q, _) => [DnsBytes.Answer(q, DnsBytes.SrvRecord(Service, 0, 0, 5222, $"h{ttl}.example", ttl))]);
        var time = new ManualTime();
        var resolver = new SrvResolver(dns.Client(), time);
        async Task<string> TargetAsync() => (await resolver.ResolveAsync(Service, Cancelled)).Records[0].Target;

        Assert.Equal("h60.example", await TargetAsync());
        ttl = 1_000_000;
        time.Advance(TimeSpan.FromSeconds(59));
        Assert.Equal("h60.example", await TargetAsync());
        time.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal("h1000000.example", await TargetAsync());
        ttl = 0;
        time.Advance(TimeSpan.FromMinutes(61)); // a week in DNS is an hour here
        Assert.Equal("h0.example", await TargetAsync());
        Assert.Equal("h0.example", await TargetAsync());
        Assert.Equal(4, dns.Queries.Entries.Count);
    }

    [Fact]
    public async Task Failures_AreNotRemembered_AndNothingIsForAMinute()
    {
        var flags = 0x8182;
        await using var dns = new ScriptedDns((q, _) => [DnsBytes.Answer(q, flags)]);
        var time = new ManualTime();
        var resolver = new SrvResolver(dns.Client(), time);
        Assert.False((await resolver.ResolveAsync(Service, Cancelled)).Answered);
        flags = 0x8183;
        Assert.True((await resolver.ResolveAsync(Service, Cancelled)).Answered);
        Assert.True((await resolver.ResolveAsync(Service, Cancelled)).Answered);
        Assert.Equal(3, dns.Queries.Entries.Count); // two attempts that failed, one answer
        time.Advance(TimeSpan.FromSeconds(61));
        Assert.True((await resolver.ResolveAsync(Service, Cancelled)).Answered);
        Assert.Equal(4, dns.Queries.Entries.Count);
    }

    [Fact]
    public async Task Cancelling_EndsTheWait()
    {
        await using var dns = new ScriptedDns((_, _) => []);
        using var cancel = new CancellationTokenSource();
        var resolving = Servers(dns).ResolveAsync("example.org", false, cancel.Token);
        await dns.Queries.AtAsync(0, "the query");

        await cancel.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => resolving);
    }

    private static XmppServers Servers(ScriptedDns dns) => new(new SrvResolver(dns.Client(), TimeProvider.System), new Random(1));
}
