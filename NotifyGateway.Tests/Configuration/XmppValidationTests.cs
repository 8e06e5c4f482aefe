using NotifyGateway.Core.Configuration;
using Xunit;

namespace NotifyGateway.Tests.Configuration;

public sealed class XmppValidationTests
{
    private const string Account = "\"Jid\": \"bot@example.org\", \"Password\": \"pw\"";

    [Theory]
    [InlineData("\"Jid\": \"\"", "Jid", "like bot@example.org")]
    [InlineData("\"Jid\": \"example.org\"", "Jid", "like bot@example.org")]
    [InlineData("\"Jid\": \"bot@example.org/x\"", "Jid", "stands in Resource")]
    [InlineData("\"Jid\": \"bot@exa mple.org\"", "Jid", "no host name")]
    [InlineData("\"Jid\": \"b t@example.org\"", "Jid", "before the @")]
    [InlineData("\"Password\": \"\"", "Password", "is needed")]
    [InlineData("\"Password\": \"a\\u0001b\"", "Password", "control")]
    [InlineData("\"Resource\": \"a\\u0001b\"", "Resource", "control")]
    [InlineData("\"Host\": \"example.org:5222\"", "Host", "stands in Port")]
    [InlineData("\"Port\": 65536", "Port", "1 to 65535")]
    [InlineData("\"Tls\": \"None\"", "Tls", "StartTls, Direct")]
    [InlineData("\"TlsCaFile\": \"/nowhere/ca.pem\"", "TlsCaFile", "/nowhere/ca.pem")]
    [InlineData("\"TlsFingerprint\": \"AB:CD\"", "TlsFingerprint", "64 digits")]
    [InlineData("\"Rooms\": [{ }]", "Rooms:0:Jid", "must be a room")]
    [InlineData("\"Rooms\": [{ \"Jid\": \"conference.example.org\" }]", "Rooms:0:Jid", "must be a room")]
    [InlineData("\"Rooms\": [{ \"Jid\": \"ops@conference.example.org/bot\" }]", "Rooms:0:Jid", "stands in Nick")]
    [InlineData("\"Rooms\": [{ \"Jid\": \"a@c.example\" }, { \"Jid\": \"A@C.example\" }]", "Rooms:1:Jid", "same room as Rooms:0")]
    [InlineData("\"Rooms\": [{ \"Jid\": \"a@c.example\", \"Nick\": \" \" }]", "Rooms:0:Nick", "empty")]
    [InlineData("\"Rooms\": [{ \"Jid\": \"a@c.example\", \"Nick\": \"a\\tb\" }]", "Rooms:0:Nick", "control")]
    [InlineData("\"Rooms\": [{ \"Jid\": \"a@c.example\", \"Password\": \"a\\u0000b\" }]", "Rooms:0:Password", "control")]
    [InlineData("\"Users\": [\"alice@example.org\", \"b<b@example.org\"]", "Users:1", "before the @")]
    [InlineData("\"DefaultUsers\": [\"@example.org\"]", "DefaultUsers:0", "nothing stands before the @")]
    [InlineData("\"DefaultRooms\": [\"ops\"]", "DefaultRooms:0", "must be a room")]
    [InlineData("\"JoinUnlisted\": false, \"DefaultRooms\": [\"ops@c.example\"]", "DefaultRooms:0", "not one of Rooms")]
    [InlineData("\"JoinAttempts\": 0", "JoinAttempts", "1 to 1000")]
    [InlineData("\"JoinRetry\": \"00:00:00\"", "JoinRetry", "longer than")]
    [InlineData("\"JoinRetryAfter\": \"00:00:00\"", "JoinRetryAfter", "longer than")]
    [InlineData("\"MaxLinks\": 0", "MaxLinks", "1 to 50")]
    [InlineData("\"MessagesPerSecond\": -1", "MessagesPerSecond", "0 to 1000000")]
    [InlineData("\"Burst\": 0", "Burst", "1 to 1000")]
    [InlineData("\"Window\": 1025", "Window", "1 to 1024")]
    [InlineData("\"ReconnectMin\": \"00:10:00\"", "ReconnectMax", "shorter than ReconnectMin")]
    [InlineData("\"ConnectSpacing\": \"-00:00:01\"", "ConnectSpacing", "must be a time")]
    [InlineData("\"ConnectTimeout\": \"00:00:00\"", "ConnectTimeout", "longer than")]
    [InlineData("\"PingInterval\": \"50.00:00:00\"", "PingInterval", "at most")]
    [InlineData("\"PingTimeout\": \"00:00:00\"", "PingTimeout", "longer than")]
    [InlineData("\"Proxy\": \"ftp://proxy.example\"", "Proxy", "socks5://")]
    [InlineData("\"Nick\": \"bot\"", "Nick", "is unknown")]
    public void Account_IsChecked(string keys, string key, string message) => Assert.Contains(
        message, Loading.OnlyErrorAt($"Gateway:Xmpp:work:{key}", Loading.Load(Xmpp("work", Account), Xmpp("work", keys))), StringComparison.Ordinal);

    [Theory]
    [InlineData("\"Host\": \"2001:db8::1\", \"Port\": 5222")]
    [InlineData("\"Tls\": \"direct\"")]
    [InlineData("\"Jid\": \"BOT@Example.ORG\"")]
    [InlineData("\"Users\": [\"alice@example.org\", \"bob@example.org/phone\", \"gateway.example.org\"]")]
    [InlineData("\"Rooms\": [{ \"Jid\": \"ops@c.example\", \"Nick\": \"Alert Bot\", \"Password\": \"pass word\" }]")]
    [InlineData("\"JoinUnlisted\": false, \"Rooms\": [{ \"Jid\": \"OPS@c.example\" }], \"DefaultRooms\": [\"ops@C.example\"]")]
    [InlineData("\"MessagesPerSecond\": 0, \"Window\": 1024, \"ConnectSpacing\": \"00:00:00\"")]
    [InlineData("\"Proxy\": \"socks5://user:pw@127.0.0.1:9050\"")]
    public void Account_MayBe(string keys) => Loading.Good(Xmpp("work", Account), Xmpp("work", keys));

    [Fact]
    public void AccountAndNetwork_HaveDifferentNames() => Assert.Contains(
        "also the name of an IRC network", Loading.OnlyErrorAt("Gateway:Xmpp:LIBERA", Loading.Load(Loading.Network("\"Tls\": true"), Xmpp("LIBERA", Account))), StringComparison.Ordinal);

    [Fact]
    public void TwoEntriesOfOneAccount_NeedTwoResources()
    {
        Assert.Contains("taken by Xmpp:a", Loading.OnlyErrorAt("Gateway:Xmpp:b:Resource", Loading.Load(Xmpp("a", Account), Xmpp("b", Account))), StringComparison.Ordinal);
        Loading.Good(Xmpp("a", Account), Xmpp("b", Account + ", \"Resource\": \"other\""));
    }

    [Theory]
    [InlineData("work", "name of an XMPP account")]
    [InlineData("a@b", "XMPP address")]
    public void Alias_IsNoAccountAndNoAddress(string name, string message) => Assert.Contains(
        message, Loading.OnlyErrorAt($"Gateway:Aliases:{name}", Loading.Load(Xmpp("work", Account), $$"""{ "Aliases": { "{{name}}": ["#a"] } }""")), StringComparison.Ordinal);

    [Theory]
    [InlineData("\"To\": [\"#a\"]", "Token", "needs Token or TokenSha256")]
    [InlineData("\"To\": [\"#a\"], \"Token\": \"short77\"", "Token", "shorter than 8")]
    [InlineData("\"To\": [\"#a\"], \"Token\": \"with/slash\"", "Token", "slash")]
    [InlineData("\"To\": [\"#a\"], \"TokenSha256\": \"abcd\"", "TokenSha256", "64 digits")]
    [InlineData("\"To\": [\"#a\"], \"Token\": \"long-enough\", \"TokenSha256\": \"9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08\"", "TokenSha256", "only one")]
    [InlineData("\"Token\": \"long-enough\"", "To", "at least one")]
    [InlineData("\"Token\": \"long-enough\", \"To\": [\"#a\", \"x y\"]", "To:1", "spaces")]
    [InlineData("\"Token\": \"long-enough\", \"To\": [\"#a\"], \"Nick\": \" \"", "Nick", "empty")]
    [InlineData("\"Token\": \"long-enough\", \"To\": [\"#a\"], \"Format\": \"Xml\"", "Format", "one of")]
    public void Hook_IsChecked(string keys, string key, string message) => Assert.Contains(
        message, Loading.OnlyErrorAt($"Gateway:Hooks:grafana:{key}", Loading.Load($$"""{ "Hooks": { "grafana": { {{keys}} } } }""")), StringComparison.Ordinal);

    [Theory]
    [InlineData("""{ "Clients": { "ci": { "Secret": "long-enough" } } }""", "Clients:ci")]
    [InlineData("""{ "Hooks": { "a": { "Token": "long-enough", "To": ["#a"] } } }""", "Hooks:a")]
    public void Token_IsNobodyElses(string other, string owner) => Assert.Contains(
        $"that of {owner}", Loading.OnlyErrorAt("Gateway:Hooks:b:Token", Loading.Load(other, """{ "Hooks": { "b": { "Token": "long-enough", "To": ["#a"] } } }""")), StringComparison.Ordinal);

    private static string Xmpp(string name, string keys) => $$"""{ "Xmpp": { "{{name}}": { {{keys}} } } }""";
}
