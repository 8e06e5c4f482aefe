using System.Text;
using NotifyGateway.Core;
using NotifyGateway.Core.Configuration;
using NotifyGateway.Core.Dialects;
using Xunit;

namespace NotifyGateway.Tests.Dialects;

public sealed class TwistedPrismTests
{
    private readonly LineParser _prism = LineDialects.For(Dialect.TwistedPrism);

    [Theory]
    [InlineData("disk full on web1", "to=default users=default channels=default", "disk full on web1")]
    [InlineData("[error] not JSON", "to=default users=default channels=default", "[error] not JSON")]
    [InlineData("{braces} in prose", "to=default users=default channels=default", "{braces} in prose")]
    [InlineData("""{"message":"x"}""", "to=default users=default channels=default", "x")]
    [InlineData("""{"message":"x","users":null,"channels":null}""", "to=default users=default channels=default", "x")]
    [InlineData("""{"message":"x","users":["a"]}""", "to=default users=[a] channels=default", "x")]
    [InlineData("""{"message":"x","users":"irc://h/a,isnick,b"}""", "to=default users=[irc://h/a,isnick|b] channels=default", "x")]
    [InlineData("""{"message":"x","users":[],"channels":["#a","#b"]}""", "to=default users=[] channels=[#a|#b]", "x")]
    [InlineData("""{"message":"x","users":"a, b,,c","channels":"#foo"}""", "to=default users=[a|b|c] channels=[#foo]", "x")]
    [InlineData("""{"message":"x","users":"","channels":[" #a ",""]}""", "to=default users=[] channels=[#a]", "x")]
    [InlineData("""{"message":"a","message":"b","users":["x"],"users":[]}""", "to=default users=[] channels=default", "b")]
    [InlineData("""{"message":"\ud800","extra":[[{}]]}""", "to=default users=default channels=default", "\uFFFD")]
    public void Reads_Lines(string line, string to, string text)
    {
        var message = _prism.Message(line);
        Assert.Equal(to, message.To.Show());
        Assert.Equal(text, message.Text);
    }

    [Theory]
    [InlineData("{}", "message not specified")]
    [InlineData("""{"users":["a"]}""", "message not specified")]
    [InlineData("""{"message":""}""", "message not specified")]
    [InlineData("""{"message":null}""", "message not specified")]
    [InlineData("""{"message":5}""", "message must be a string")]
    [InlineData("""{"message":"a","message":5}""", "message must be a string")]
    [InlineData("""{"message":"x","users":5}""", "users must be a list of strings, or one string")]
    [InlineData("""{"message":"x","users":[5]}""", "users must be a list of strings, or one string")]
    [InlineData("""{"message":"x","channels":[["#a"]]}""", "channels must be a list of strings, or one string")]
    [InlineData("""{"message":"x","channels":{"#a":1}}""", "channels must be a list of strings, or one string")]
    [InlineData("""{"message":"x"} {}""", "not valid JSON, at line 1, byte 17")]
    [InlineData("""{"message":"x" """, "not valid JSON, at line 1, byte 16")]
    public void Refuses_OtherShapes(string line, string reason)
    {
        var refusal = _prism.Refusal(line);
        Assert.Equal(RefusalReason.Malformed, refusal.Counter);
        Assert.Equal(reason, refusal.Reason);
    }

    [Fact]
    public void Needs_ASecret_WhereAnonymousIsOff()
    {
        Assert.Equal(RefusalReason.Unauthorized, _prism.Refusal("raw", Speakers.KnownOnly).Counter);
        Assert.Equal(RefusalReason.Unauthorized, _prism.Refusal("""{"message":"x"}""", Speakers.KnownOnly).Counter);
        Assert.Equal("ci", _prism.Message("""{"message":"x","secret":"s3cret"}""", Speakers.KnownOnly).Client);
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("")]
    [InlineData("\"message\"")]
    [InlineData("nonsense")]
    public void Refuses_WhatIsNoObject(string json)
    {
        Assert.False(TwistedPrismRequest.TryParse(Encoding.UTF8.GetBytes(json), out _, out var error));
        Assert.StartsWith("not ", error, StringComparison.Ordinal);
    }

    [Fact]
    public void Reads_MultilineJson()
    {
        Assert.True(TwistedPrismRequest.TryParse("{\r\n  \"message\": \"x\"\r\n}\r\n"u8, out var request, out var error), error);
        Assert.Equal("x", request.Message);
    }

    [Fact]
    public void Reads_JsonBehindAByteOrderMark()
    {
        Assert.True(TwistedPrismRequest.TryParse([0xEF, 0xBB, 0xBF, .. """{"message":"x"}"""u8], out var request, out var error), error);
        Assert.Equal("x", request.Message);
    }

    [Theory]
    [InlineData("", "")]
    [InlineData("a,b", "a|b")]
    [InlineData("a;b,c", "a|b|c")]
    [InlineData(" #x, ,#y,", "#x|#y")]
    [InlineData("irc://h/nick,isnick,bob,isnick", "irc://h/nick,isnick|bob|isnick")]
    [InlineData("irc://h/nick , isnick", "irc://h/nick,isnick")]
    [InlineData("isnick,irc://h/c", "isnick|irc://h/c")]
    public void Splits_AtCommas_ButNotBeforeAUrlsIsnick(string values, string names) =>
        Assert.Equal(names, string.Join('|', TwistedPrismRequest.Split(values.Split(';'))));

    /// <summary>MVC hands an empty value over as null.</summary>
    [Fact]
    public void Takes_ANullValue_ForAnEmptyOne() => Assert.Empty(TwistedPrismRequest.Split([null]));

    [Fact]
    public void Hides_ItsSecret()
    {
        Assert.True(TwistedPrismRequest.TryParse("""{"message":"x","secret":"s3cret"}"""u8, out var request, out _));
        Assert.DoesNotContain("s3cret", $"{request}", StringComparison.Ordinal);
    }
}
