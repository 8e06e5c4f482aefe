using Microsoft.Extensions.Logging;
using NotifyGateway.Core;
using NotifyGateway.Core.Configuration;
using NotifyGateway.Core.Outbox;
using NotifyGateway.Core.Routing;
using NotifyGateway.Core.Sessions;
using NotifyGateway.Tests.Support;
using Xunit;

namespace NotifyGateway.Tests.Sessions;

/// <summary>A password of a session on demand goes over TLS or to this machine, unless the configuration allows more.</summary>
public sealed class PlaintextLoginTests
{
    private static readonly SessionKey Elsewhere = new("irc://u:geheim-9@irc.example.org:6667");

    [Theory]
    [InlineData("irc://u:geheim-9@irc.example.org/c", false)]
    [InlineData("irc://:geheim-9@192.0.2.1/c", false)]
    [InlineData("irc://:geheim-9@[2001:db8::1]/c", false)]
    [InlineData("irc://:geheim-9@localhost.example.org/c", false)]
    [InlineData("irc://u@irc.example.org/c", true)]
    [InlineData("irc://irc.example.org/c", true)]
    [InlineData("ircs://u:geheim-9@irc.example.org/c", true)]
    [InlineData("irc://u:geheim-9@localhost/c", true)]
    [InlineData("irc://u:geheim-9@irc.LOCALHOST/c", true)]
    [InlineData("irc://u:geheim-9@127.9.9.9/c", true)]
    [InlineData("irc://u:geheim-9@[::1]/c", true)]
    [InlineData("irc://u:geheim-9@[::ffff:127.0.0.1]/c", true)]
    public void Refuses_AUrl_WhosePasswordWouldGoInClear(string url, bool served)
    {
        var route = new Router(Options()).Resolve(Addressing.Named(url));
        Assert.Equal(served, route.Destinations.Count == 1);
        Assert.All(route.Unknown, u => Assert.Matches("^a password would go unencrypted to [^ ]+: use ircs://, or set Gateway:Dynamic:AllowPlaintextLogin$", u.Reason));
        Assert.All(route.Unknown, u => Assert.DoesNotContain("geheim", u.ToString(), StringComparison.Ordinal));
    }

    [Fact]
    public void Refuses_EveryPlainUrl_WhereThePasswordIsConfigured()
    {
        var options = Options() with { Dynamic = new DynamicOptions { ServerPassword = "geheim-9" } };
        Assert.Single(new Router(options).Resolve(Addressing.Named("irc://irc.example.org/c")).Unknown);
        Assert.Single(new Router(options).Resolve(Addressing.Named("ircs://irc.example.org/c", "irc://127.0.0.1/c", "irc://irc.example.org/c")).Unknown);
    }

    [Theory]
    [InlineData("socks5://127.0.0.1:9050", true)]
    [InlineData("socks5://proxy.example.org", false)]
    public void Refuses_AUrlOfThisMachine_ThatGoesThroughAProxyElsewhere(string proxy, bool served)
    {
        var options = Options() with { Dynamic = new DynamicOptions { Proxy = new Uri(proxy) } };
        Assert.Equal(served, new Router(options).Resolve(Addressing.Named("irc://u:geheim-9@localhost/c")).Destinations.Count == 1);
    }

    [Fact]
    public void Serves_IfTheConfigurationAllows()
    {
        var options = Options() with { Dynamic = new DynamicOptions { AllowPlaintextLogin = true } };
        Assert.Single(new Router(options).Resolve(Addressing.Named("irc://u:geheim-9@irc.example.org/c")).Destinations);
    }

    [Fact]
    public async Task Opens_NoSession_NotEvenForWhatAnEarlierRunHasLeft()
    {
        await using var outbox = new MemoryOutbox(TimeProvider.System);
        using var log = new MemoryLog();
        var now = TimeProvider.System.GetUtcNow();
        var message = new Notification { Id = Guid.CreateVersion7(), Client = "ci", Input = "test", Text = "x", AcceptedAt = now, ExpiresAt = now + TimeSpan.FromHours(1) };
        await outbox.AppendAsync([new OutboxEntry(message, [new Destination(Elsewhere, "#c", "#c", "irc://irc.example.org:6667/#c")])], TestContext.Current.CancellationToken);

        await using var sessions = new Multiplexer(Options(), outbox, TimeProvider.System, log.CreateLogger<Multiplexer>());
        sessions.Start();
        Assert.StartsWith("a password would go unencrypted to irc.example.org", sessions.Ensure(Elsewhere), StringComparison.Ordinal);
        Assert.Empty(sessions.Snapshot());
        Assert.StartsWith("irc://irc.example.org:6667: 1 deliveries wait, but a password would go unencrypted", Assert.Single(log.Of(5020)), StringComparison.Ordinal);
        Assert.DoesNotContain("geheim", log.Text, StringComparison.Ordinal);
    }

    private static GatewayOptions Options() => new() { DynamicServers = ["*"] };
}
