using NotifyGateway.Core;
using NotifyGateway.Core.Configuration;
using NotifyGateway.Core.Dialects;
using Xunit;

namespace NotifyGateway.Tests.Dialects;

public sealed class AutoDialectTests
{
    private readonly LineParser _auto = LineDialects.For(Dialect.Auto);

    [Theory]
    [InlineData("""{"to":"irc://h/c","privmsg":"x"}""", "to=[irc://h/c] users=[] channels=[]", "x")]
    [InlineData("""{"message":"x","users":[]}""", "to=default users=[] channels=default", "x")]
    [InlineData("""{"text":"x"}""", "to=default users=default channels=default", "x")]
    [InlineData("""{"text":"x","to":["libera/#ops","log"]}""", "to=[libera/#ops|log] users=[] channels=[]", "x")]
    [InlineData("""{"text":"t","message":"m"}""", "to=default users=default channels=default", "m")]
    [InlineData("""{"level":"error","msg":"a log line"}""", "to=default users=default channels=default", """{"level":"error","msg":"a log line"}""")]
    [InlineData("#a,@nick,#b the text ", "to=default users=[nick] channels=[#a|#b]", "the text ")]
    [InlineData("@alice hi", "to=default users=[alice] channels=[]", "hi")]
    [InlineData("# a heading", "to=default users=default channels=default", "# a heading")]
    [InlineData("#a,b text", "to=default users=default channels=default", "#a,b text")]
    [InlineData("+1 great", "to=default users=default channels=default", "+1 great")]
    [InlineData("error: disk #1: full", "to=default users=default channels=default", "error: disk #1: full")]
    [InlineData("http://host:80/#x:y", "to=default users=default channels=default", "http://host:80/#x:y")]
    [InlineData("12:30:01 backup done", "to=default users=default channels=default", "12:30:01 backup done")]
    [InlineData("std::string", "to=default users=default channels=default", "std::string")]
    [InlineData("{deploy} finished", "to=default users=default channels=default", "{deploy} finished")]
    [InlineData("plain words", "to=default users=default channels=default", "plain words")]
    public void Tells_TheDialect_ByTheLine(string line, string to, string text)
    {
        var message = _auto.Message(line);
        Assert.Equal((ClientDirectory.Anonymous, to, text), (message.Client, message.To.Show(), message.Text));
    }

    [Fact]
    public void Speaks_Kaoz_WithAKnownSecret()
    {
        Assert.Equal("ci", _auto.Message("s3cret:#ops:hi", Speakers.KnownOnly).Client);
        Assert.Equal("colon", _auto.Message("a:b:c:bob:hi", Speakers.KnownOnly).Client);
        Assert.IsType<LineCommand>(_auto.Speak("s3cret::channels"));
    }

    /// <summary>None of these may ever be published: each may hold a secret with a typing error.</summary>
    [Theory]
    [InlineData("s3crt:#ops:hi", RefusalReason.Unauthorized)]
    [InlineData("gone:#ops:hi", RefusalReason.Unauthorized)]
    [InlineData("q:x:c:#ops:hi there", RefusalReason.Unauthorized)]
    [InlineData("s3crt:&local:hi", RefusalReason.Unauthorized)]
    [InlineData("s3crt::channels", RefusalReason.Unauthorized)]
    [InlineData("s3cret:hi", RefusalReason.Malformed)]
    [InlineData("""{"secret":"s3crt","text":"hi"}""", RefusalReason.Unauthorized)]
    [InlineData("""{"secret":"s3cret","txt":"hi"}""", RefusalReason.Malformed)]
    [InlineData("""{"secret":"s3cret","text":"hi" """, RefusalReason.Malformed)]
    [InlineData("""{"secret":"s3cret","text":"hi"} """ + "x", RefusalReason.Malformed)]
    [InlineData("""{"to":"irc://h/c","privmsg":5}""", RefusalReason.Malformed)]
    [InlineData("""{"to":"irc://h/c"}""", RefusalReason.Malformed)]
    [InlineData("#ops  \t ", RefusalReason.Malformed)]
    public void Refuses_WhatLooksLikeARequest(string line, string counter) => Assert.Equal(counter, _auto.Refusal(line).Counter);

    [Theory]
    [InlineData("plain")]
    [InlineData("#ops text")]
    [InlineData("""{"message":"x"}""")]
    [InlineData("""{"text":"x"}""")]
    [InlineData("""{"to":"irc://h/c","privmsg":"x"}""")]
    [InlineData("""{"level":"error"}""")]
    public void Needs_ASecret_WhereAnonymousIsOff(string line) =>
        Assert.Equal(RefusalReason.Unauthorized, _auto.Refusal(line, Speakers.KnownOnly).Counter);

    [Fact]
    public void Reads_EveryNativeField()
    {
        var message = _auto.Message(
            """{"to":["log"],"text":"x","title":"T","severity":"error","markup":"slack","expiresIn":60,"reply":true,"secret":"s3cret","client":"ci","repeatKey":null}""",
            Speakers.KnownOnly);
        Assert.Equal(
            ("ci", "T", Severity.Error, Markup.Slack, TimeSpan.FromMinutes(1), true, true),
            (message.Client, message.Title, message.Severity, message.Markup, message.ExpiresIn, message.Strict, message.WantsReply));
    }

    [Fact]
    public void Refuses_WrongNativeFields_AndStillKnowsThatAReplyIsWanted()
    {
        var refusal = _auto.Refusal("""{"text":5,"t0p-5ecret":1,"severty":2,"expiresIn":0,"reply":true}""");
        Assert.Equal((RefusalReason.Malformed, true), (refusal.Counter, refusal.WantsReply));
        Assert.Equal(
            "text must be a string; one of the names is no property of a message; one of the names is no property of a message; did you mean \"severity\"?; "
            + "expiresIn must be a whole number of seconds from 1 to 604800",
            refusal.Reason);
        Assert.False(_auto.Refusal("""{"text":5}""").WantsReply);
    }

    [Fact]
    public void Refuses_AWrongSecret_BeforeItLooksAtTheFields() =>
        Assert.Equal(RefusalReason.Unauthorized, _auto.Refusal("""{"text":5,"secret":"wrong"}""").Counter);

    [Fact]
    public void Refuses_AWrongSecret_WithAReply() =>
        Assert.True(_auto.Refusal("""{"text":"x","secret":"wrong","reply":true}""").WantsReply);
}
