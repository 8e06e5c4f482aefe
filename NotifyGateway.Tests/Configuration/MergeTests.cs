using FsCheck;
using FsCheck.Fluent;
using NotifyGateway.Core.Configuration;
using NotifyGateway.Tests.Support;
using Xunit;

namespace NotifyGateway.Tests.Configuration;

public sealed class MergeTests
{
    [Fact]
    public void LaterFile_ReplacesListWhole() =>
        Assert.Equal(["#c"], Loading.Good("""{ "DefaultTo": ["#a", "#b"] }""", """{ "DefaultTo": ["#c"] }""").DefaultTo);

    [Theory]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("\"\"")]
    public void LaterFile_EmptiesList(string nothing) =>
        Assert.Empty(Loading.Good("""{ "DefaultTo": ["#a", "#b"] }""", $$"""{ "DefaultTo": {{nothing}} }""").DefaultTo);

    [Fact]
    public void Pairs_ReplaceListWhole()
    {
        var result = GatewayConfiguration.Load([
            ConfigurationSource.Json("a.json", """{ "Gateway": { "DefaultTo": ["#a", "#b", "#c"] } }"""),
            Loading.Pairs(("Gateway:DefaultTo:0", "#x"), ("gateway:defaultto:1", "#y"))]);

        Assert.Equal(["#x", "#y"], Loading.Good(result).DefaultTo);
    }

    [Fact]
    public void LaterPairs_ReplaceEarlierPairsWhole()
    {
        var result = GatewayConfiguration.Load([
            Loading.Pairs(("Gateway:DefaultTo:0", "#x"), ("Gateway:DefaultTo:1", "#y")),
            Loading.Pairs(("Gateway:DefaultTo:1", "#z"))]);

        Assert.Equal(["#z"], Loading.Good(result).DefaultTo);
    }

    [Fact]
    public void Pairs_OrderItemsByNumber()
    {
        var pairs = Enumerable.Range(0, 12).Select(i => ($"Gateway:DefaultTo:{i}", (string?)$"#{i}")).Reverse().ToArray();

        Assert.Equal(Enumerable.Range(0, 12).Select(i => $"#{i}"), Loading.Good(GatewayConfiguration.Load([Loading.Pairs(pairs)])).DefaultTo);
    }

    [Fact]
    public void Pairs_EmptyValueEmptiesList()
    {
        var result = GatewayConfiguration.Load([
            ConfigurationSource.Json("a.json", """{ "Gateway": { "DefaultTo": ["#a"] } }"""), Loading.Pairs(("Gateway:DefaultTo", ""))]);

        Assert.Empty(Loading.Good(result).DefaultTo);
    }

    [Fact]
    public void ListOfObjects_IsReplacedWhole()
    {
        var options = Loading.Good(
            Loading.Network("""  "Channels": [ { "Name": "#a", "Key": "k" }, { "Name": "#b" } ] """),
            """{ "Irc": { "LIBERA": { "Channels": [ { "Name": "#c" } ] } } }""");

        var channel = Assert.Single(Assert.Single(options.Irc).Value.Channels);
        Assert.Equal(new IrcChannelOptions { Name = "#c" }, channel);
    }

    [Fact]
    public void Objects_AreMergedByKeyWhateverItsCase()
    {
        var options = Loading.Good(Loading.Network(""" "Port": 7000 """), """{ "irc": { "LIBERA": { "nick": "other" }, "oftc": { "Server": "irc.oftc.net", "Nick": "bot" } } }""");

        Assert.Equal(["libera", "oftc"], options.Irc.Keys.Order());
        Assert.Equal((7000, "other"), (options.Irc["libera"].Port, options.Irc["libera"].Nick));
    }

    [Fact]
    public void Null_TakesAnEntryAway() =>
        Assert.Empty(Loading.Good(Loading.Network(""" "Port": 7000 """), """{ "Irc": { "libera": null } }""").Irc);

    [Fact]
    public void Null_BringsTheDefaultBack()
    {
        var options = Loading.Good(
            """{ "MaxMessageBytes": 1000, "PublicUrl": "https://x.example", "Outbox": { "ExpireAfter": "00:01:00" }, "Anonymous": "Any" }""",
            """{ "MaxMessageBytes": null, "PublicUrl": null, "Outbox": null, "Anonymous": "" }""");

        Assert.Equal(new GatewayOptions().MaxMessageBytes, options.MaxMessageBytes);
        Assert.Null(options.PublicUrl);
        Assert.Equal(new OutboxOptions(), options.Outbox);
        Assert.Equal(AnonymousAccess.None, options.Anonymous);
    }

    [Fact]
    public void LastList_WinsWhateverCameBefore() =>
        Prop.ForAll(
            ArbMap.Default.ArbFor<NonEmptyArray<PositiveInt[]>>(),
            lists =>
            {
                var sources = lists.Get.Select((list, i) => i % 2 == 0
                    ? ConfigurationSource.Json("f.json", $$"""{ "Gateway": { "DefaultTo": [{{string.Join(',', list.Select(n => $"\"#{n.Get}\""))}}] } }""")
                    : Loading.Pairs([("Gateway:MaxMessageBytes", "4096"), .. list.Length == 0
                        ? [("Gateway:DefaultTo", "")]
                        : list.Select((n, at) => ($"Gateway:DefaultTo:{at}", (string?)$"#{n.Get}"))]));

                return GatewayConfiguration.Load([.. sources]).Options!.DefaultTo.SequenceEqual(lists.Get[^1].Select(n => $"#{n.Get}"));
            }).Holds();

    [Theory]
    [InlineData("""{ "Endpoint": "127.0.0.1:0", "Dialect": "TwistedPrism" }""", 250)]
    [InlineData("""{ "Endpoint": "127.0.0.1:0", "Dialect": "TwistedPrism", "CloseAfter": null }""", null)]
    [InlineData("""{ "Endpoint": "127.0.0.1:0", "Dialect": "twistedprism", "closeafter": "00:00:01" }""", 1000)]
    [InlineData("""{ "Endpoint": "127.0.0.1:0", "Dialect": "Auto" }""", null)]
    [InlineData("""{ "Endpoint": "127.0.0.1:0", "Dialect": "Irker", "CloseAfter": "00:00:02" }""", 2000)]
    public void CloseAfter_DefaultsByDialectUnlessTheKeyIsThere(string door, int? milliseconds)
    {
        var options = Loading.Good($$"""{ "Listeners": { "Tcp": { "d": {{door}} } } }""");

        Assert.Equal(milliseconds, options.Listeners.Tcp["D"].CloseAfter?.TotalMilliseconds);
    }

    [Fact]
    public void OtherSections_AreHandedOnMerged()
    {
        var result = GatewayConfiguration.Load([
            ConfigurationSource.Json("a.json", """{ "Logging": { "LogLevel": { "Default": "Warning", "X": "Debug" } }, "Urls": "http://a:1", "List": [1, 2, 3] }"""),
            ConfigurationSource.Json("b.json", """{ "Logging": { "LogLevel": { "Default": "Error" } }, "List": [4] }""")]);

        Assert.Equal(
            [("List:0", "4"), ("Logging:LogLevel:Default", "Error"), ("Logging:LogLevel:X", "Debug"), ("Urls", "http://a:1")],
            result.HostSettings.Select(s => (s.Key, s.Value)).OrderBy(s => s.Key, StringComparer.Ordinal)!);
    }
}
