using NotifyGateway.Core;
using NotifyGateway.Core.Configuration;
using NotifyGateway.Core.Configuration.Binding;
using Xunit;

namespace NotifyGateway.Tests.Configuration;

public sealed class BindingTests
{
    [Fact]
    public void Binds_EveryKindOfValue()
    {
        var options = Loading.Good("""
            { "PublicUrl": "https://notify.example.org/x", "Anonymous": "loopback", "MaxMessageBytes": "1024",
              "Clients": { "ci": { "Secret": "long-enough", "Disabled": "True", "Expires": "2030-01-31" } },
              "Irc": { "net.example": { "Server": "::1", "Nick": "bot", "Port": 6697, "Tls": false, "LinesPerSecond": 2.5, "MessageType": "Notice",
                       "Channels": [ { "Name": "#a", "Key": "k" } ], "ReconnectMax": "1.02:03:04.5" } },
              "Aliases": { "oncall": ["net.example/alice"] } }
            """);

        Assert.Equal(new Uri("https://notify.example.org/x"), options.PublicUrl);
        Assert.Equal(AnonymousAccess.Loopback, options.Anonymous);
        Assert.Equal(1024, options.MaxMessageBytes);
        Assert.Equal(new ClientOptions { Secret = "long-enough", Disabled = true, Expires = new DateTimeOffset(2030, 1, 31, 0, 0, 0, TimeSpan.Zero) }, options.Clients["CI"]);
        var network = options.Irc["net.example"];
        Assert.Equal(("::1", 6697, false, 2.5, IrcMessageType.Notice), (network.Server, network.Port, network.Tls, network.LinesPerSecond, network.MessageType));
        Assert.Equal(new TimeSpan(1, 2, 3, 4, 500), network.ReconnectMax);
        Assert.Equal(new IrcChannelOptions { Name = "#a", Key = "k" }, Assert.Single(network.Channels));
        Assert.Equal(["net.example/alice"], options.Aliases["oncall"]);
    }

    [Theory]
    [InlineData("""{ "Irc": { "libera": { "Server": "irc.example.org", "Nick": "bot" } } }""", "Irc", "must stand inside \"Gateway\", { \"Gateway\": { \"Irc\": … } }")]
    [InlineData("""{ "anonymous": "Loopback" }""", "anonymous", "must stand inside \"Gateway\", { \"Gateway\": { \"Anonymous\": … } }")]
    [InlineData("""{ "Gatway": { } }""", "Gatway", "is unknown; did you mean Gateway?")]
    public void KeysBesideOurSection_AreErrors_NotSilence(string json, string path, string message) =>
        Assert.Equal(message, Loading.OnlyErrorAt(path, GatewayConfiguration.Load([ConfigurationSource.Json("a.json", json)])));

    [Fact]
    public void OtherSections_AreNotOurs() =>
        Loading.Good(GatewayConfiguration.Load([ConfigurationSource.Json("a.json", """{ "Logging": { }, "AllowedHosts": "*", "Urls": "http://*:1", "Company": { "Irc": 1 } }""")]));

    [Fact]
    public void ATextInPlaceOfAnObject_IsToldWhichKeyIsWanted() =>
        Assert.Equal("must be an object, { \"Name\": … }", Loading.OnlyErrorAt("Gateway:Irc:libera:Channels:0", Loading.Load(Loading.Network("\"Channels\": [\"#ops\"]"))));

    [Fact]
    public void Nothing_IsTheDefaults()
    {
        var options = Loading.Good(GatewayConfiguration.Load([]));

        Assert.Equal(new OutboxOptions(), options.Outbox);
        Assert.Empty(options.Listeners.Tcp);
    }

    [Theory]
    [InlineData("""{ "MaxMessageBytes": "abc" }""", "Gateway:MaxMessageBytes", "whole number")]
    [InlineData("""{ "MaxMessageBytes": 1e3 }""", "Gateway:MaxMessageBytes", "whole number")]
    [InlineData("""{ "MaxMessageBytes": [] }""", "Gateway:MaxMessageBytes", "whole number")]
    [InlineData("""{ "MaxMessageBytes": 99999999999 }""", "Gateway:MaxMessageBytes", "whole number")]
    [InlineData("""{ "Anonymous": "Everybody" }""", "Gateway:Anonymous", "None, Loopback, Any")]
    [InlineData("""{ "Anonymous": "1" }""", "Gateway:Anonymous", "None, Loopback, Any")]
    [InlineData("""{ "Outbox": { "ExpireAfter": "5" } }""", "Gateway:Outbox:ExpireAfter", "hours:minutes:seconds")]
    [InlineData("""{ "Outbox": { "ExpireAfter": 5 } }""", "Gateway:Outbox:ExpireAfter", "hours:minutes:seconds")]
    [InlineData("""{ "Outbox": { "ExpireAfter": "24:00:00" } }""", "Gateway:Outbox:ExpireAfter", "1.00:00:00")]
    [InlineData("""{ "Outbox": { "ExpireAfter": "-00:00:01" } }""", "Gateway:Outbox:ExpireAfter", "hours:minutes:seconds")]
    [InlineData("""{ "Outbox": [] }""", "Gateway:Outbox", "object")]
    [InlineData("""{ "Outbox": "data" }""", "Gateway:Outbox", "object")]
    [InlineData("""{ "DefaultTo": "#a" }""", "Gateway:DefaultTo", "list")]
    [InlineData("""{ "DefaultTo": { "0": "#a" } }""", "Gateway:DefaultTo", "list")]
    [InlineData("""{ "DefaultTo": ["#a", null] }""", "Gateway:DefaultTo:1", "empty")]
    [InlineData("""{ "DefaultTo": ["#a", ["#b"]] }""", "Gateway:DefaultTo:1", "text")]
    [InlineData("""{ "Irc": [] }""", "Gateway:Irc", "names")]
    [InlineData("""{ "Irc": { "a": "irc.example.org" } }""", "Gateway:Irc:a", "object")]
    [InlineData("""{ "PublicUrl": "notify" }""", "Gateway:PublicUrl", "URL")]
    [InlineData("""{ "Clients": { "a": { "Secret": "long-enough", "Expires": "soon" } } }""", "Gateway:Clients:a:Expires", "2030-01-31")]
    [InlineData("""{ "Clients": { "a": { "Secret": "long-enough", "Expires": "2030-01-31T12:00:00" } } }""", "Gateway:Clients:a:Expires", "zone")]
    [InlineData("""{ "Clients": { "a": { "Secret": "long-enough", "Disabled": "yes" } } }""", "Gateway:Clients:a:Disabled", "true or false")]
    [InlineData("""{ "Clients": { "a": { "Secret": ["long-enough"] } } }""", "Gateway:Clients:a:Secret", "text")]
    public void WrongType_SaysThePathAndTheRightForm(string section, string path, string form) =>
        Assert.Contains(form, Loading.OnlyErrorAt(path, Loading.Load(section)), StringComparison.Ordinal);

    [Fact]
    public void ItemThatDoesNotFit_LeavesThePathsOfTheOthersRight()
    {
        var result = Loading.Load(Loading.Network(""" "Channels": [ 1, { "Name": "ops" } ] """));

        Assert.Equal(["Gateway:Irc:libera:Channels:0", "Gateway:Irc:libera:Channels:1:Name"], result.Errors.Select(e => e.Path));
    }

    [Fact]
    public void AllErrors_ComeAtOnce()
    {
        var result = Loading.Load(
            """{ "MaxMessageBytes": "x", "Irc": { "a": { "Nick": "1", "Prot": 3 } } }""", """{ "Outbox": { "Path": "o.db", "KeepSettled": "00:00:00" }, "Foo": 1 }""");

        Assert.Equal(
            ["Gateway:Foo", "Gateway:Irc:a:Nick", "Gateway:Irc:a:Prot", "Gateway:Irc:a:Server", "Gateway:MaxMessageBytes", "Gateway:Outbox:KeepSettled"],
            result.Errors.Select(e => e.Path));
    }

    [Theory]
    [InlineData("""{ "Irc": { "libera": { "Server": "a.example", "Nick": "b", "Chanels": [] } } }""", "Gateway:Irc:libera:Chanels", "Channels")]
    [InlineData("""{ "Irc": { "libera": { "Server": "a.example", "Nick": "b", "Sals": {} } } }""", "Gateway:Irc:libera:Sals", "Sasl")]
    [InlineData("""{ "Listener": {} }""", "Gateway:Listener", "Listeners")]
    [InlineData("""{ "Outbox": { "KeepSetled": "00:00:01" } }""", "Gateway:Outbox:KeepSetled", "KeepSettled")]
    [InlineData("""{ "Client": {} }""", "Gateway:Client", "Clients")]
    public void UnknownKey_IsAnErrorWithTheNearestKnownOne(string section, string path, string nearest) =>
        Assert.Equal($"is unknown; did you mean {nearest}?", Loading.OnlyErrorAt(path, Loading.Load(section)));

    [Fact]
    public void UnknownKeyLikeNoOther_ListsWhatIsKnown() =>
        Assert.Equal("is unknown; known here: ExpireAfter, KeepSettled, MaxQueuedPerSession, Path, Provider", Loading.OnlyErrorAt("Gateway:Outbox:Zzz", Loading.Load("""{ "Outbox": { "Zzz": 1 } }""")));

    [Theory]
    [InlineData("Chanels", "Channels")]
    [InlineData("PROT", "Port")]
    [InlineData("nik", "Nick")]
    [InlineData("Password", null)]
    public void NearestName_IsFoundByFewTypingErrors(string written, string? nearest) =>
        Assert.Equal(nearest, NearestName.To(written, ["Channels", "Port", "Nick", "Server"]));

    [Theory]
    [InlineData("""{ "Outbox": { "RabbitMq": {} } }""", "Gateway:Outbox:RabbitMq")]
    [InlineData("""{ "Outbox": { "Provider": "rabbitmq" } }""", "Gateway:Outbox:Provider")]
    public void KeysOfLaterVersions_AreRefusedByName(string section, string path) =>
        Assert.Equal("is not supported by this version yet", Loading.OnlyErrorAt(path, Loading.Load(section)));

    [Fact]
    public void KeysOfLaterVersions_MayBeNull() =>
        Loading.Good("""{ "MetricsNeedSecret": null, "Irc": { "a": { "Server": "a.example", "Nick": "b", "Proxy": null, "Sasl": null, "Channels": [ { "Name": "#a", "Greeting": null } ] } } }""");
}
