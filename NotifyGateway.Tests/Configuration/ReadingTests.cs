using System.Text;
using NotifyGateway.Core.Configuration;
using NotifyGateway.Core.Configuration.Reading;
using Xunit;

namespace NotifyGateway.Tests.Configuration;

public sealed class ReadingTests
{
    [Fact]
    public void Accepts_CommentsTrailingCommasAndByteOrderMark()
    {
        var (root, errors) = JsonSettings.Read("f.json", [0xEF, 0xBB, 0xBF, .. "{ /* a */ \"A\": [1,], // b\n }"u8]);

        Assert.Empty(errors);
        Assert.Equal("1", Assert.IsType<SettingValue>(Assert.Single(Assert.IsType<SettingList>(root.Keys["a"]).Items)).Text);
    }

    [Theory]
    [InlineData("{ \"Gateway\": {\n  \"Admin\": hunter2 } }", "line 2, column 12")]
    [InlineData("{ \"Gateway\": {\n", "line 2, column 1")]
    [InlineData("{}\n{}", "line 2, column 1")]
    [InlineData("", "line 1, column 1")]
    [InlineData("{ \"ä\": x }", "line 1, column 8")]
    public void SyntaxError_NamesFileLineAndColumn(string text, string place)
    {
        var message = Loading.OnlyErrorAt("conf.json", GatewayConfiguration.Load([ConfigurationSource.Json("conf.json", text)]));

        Assert.Contains(place, message, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", message, StringComparison.Ordinal);
    }

    [Fact]
    public void Rejects_TextThatIsNotUtf8()
    {
        var (_, errors) = JsonSettings.Read("f.json", Encoding.Latin1.GetBytes("{ \"ä\": 1 }"));

        Assert.Equal("f.json: is not UTF-8 text", Assert.Single(errors).ToString());
    }

    [Fact]
    public void Rejects_RootThatIsNoObject() =>
        Assert.Contains("one JSON object", Loading.OnlyErrorAt("f.json", GatewayConfiguration.Load([ConfigurationSource.Json("f.json", "[]")])), StringComparison.Ordinal);

    [Fact]
    public void Rejects_HalfASurrogatePair() =>
        Assert.Contains("surrogate", Loading.OnlyErrorAt("Gateway:Outbox:Path", Loading.Load("""{ "Outbox": { "Path": "\ud800" } }""")), StringComparison.Ordinal);

    [Fact]
    public void DeepNesting_IsAnErrorAndNoCrash()
    {
        var text = new string('[', 100_000);

        Loading.OnlyErrorAt("f.json", GatewayConfiguration.Load([ConfigurationSource.Json("f.json", $$"""{ "Gateway": {{text}} }""")]));
    }

    [Theory]
    [InlineData("""{ "Irc": {}, "Irc": {} }""", "Gateway:Irc", "twice")]
    [InlineData("""{ "Irc": {}, "irc": {} }""", "Gateway:irc", "only by case")]
    [InlineData("""{ "Aliases": { "a": ["#a"], "A": ["#b"] } }""", "Gateway:Aliases:A", "only by case")]
    public void Rejects_KeysGivenTwice(string section, string path, string message) =>
        Assert.Contains(message, Loading.OnlyErrorAt(path, Loading.Load(section)), StringComparison.Ordinal);

    [Theory]
    [InlineData("a:b")]
    [InlineData("a/b")]
    [InlineData("a__b")]
    [InlineData("a,b")]
    [InlineData("a\\u0001b")]
    [InlineData(" a")]
    [InlineData("")]
    public void Rejects_NamesThatCannotBeWrittenElsewhere(string name)
    {
        var result = Loading.Load($$"""{ "Aliases": { "{{name}}": ["#a"] } }""");

        var message = Loading.OnlyErrorAt($"Gateway:Aliases:{name.Replace("\\u0001", "\u0001", StringComparison.Ordinal)}", result);
        Assert.StartsWith("a name must not", message, StringComparison.Ordinal);
    }

    [Fact]
    public void Rejects_PathAsAKey() =>
        Assert.Contains("inside", Loading.OnlyErrorAt("Gateway:Anonymous", GatewayConfiguration.Load([
            ConfigurationSource.Json("f.json", """{ "Gateway:Anonymous": "Any" }""")])), StringComparison.Ordinal);

    [Fact]
    public void Error_NamesFileAndLine()
    {
        var result = GatewayConfiguration.Load([ConfigurationSource.Json("my.json", "{\n \"Gateway\": {\n  \"MaxMessageBytes\": 1\n } }")]);

        Assert.Equal("my.json line 3", Assert.Single(result.Errors).Origin);
    }

    [Fact]
    public void Pairs_ThatContradictEachOtherAreErrors()
    {
        var result = GatewayConfiguration.Load([Loading.Pairs(("Gateway:Outbox", "x"), ("Gateway:Outbox:Path", "y"), ("GATEWAY:MaxMessageBytes", "300"), ("Gateway:MaxMessageBytes", "301"))]);

        Assert.Contains(result.Errors, e => e.Path == "Gateway:Outbox:Path" && e.Message.Contains("above", StringComparison.Ordinal));
        Assert.Contains(result.Errors, e => string.Equals(e.Path, "Gateway:MaxMessageBytes", StringComparison.OrdinalIgnoreCase) && e.Message.Contains("twice", StringComparison.Ordinal));
    }
}
