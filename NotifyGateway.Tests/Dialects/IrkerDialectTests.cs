using System.Text;
using NotifyGateway.Core;
using NotifyGateway.Core.Configuration;
using NotifyGateway.Core.Dialects;
using Xunit;

namespace NotifyGateway.Tests.Dialects;

public sealed class IrkerDialectTests
{
    private readonly LineParser _irker = LineDialects.For(Dialect.Irker);

    [Theory]
    [InlineData("""{"to": "irc://host/chan", "privmsg": "hello"}""", "irc://host/chan", "hello")]
    [InlineData("""{"privmsg":"hello","to":["irc://host/a","ircs://host:7000/b?key=k"]}""", "irc://host/a|ircs://host:7000/b?key=k", "hello")]
    [InlineData("""  {"to":"irc://h/c","privmsg":""}""", "irc://h/c", "")]
    [InlineData("""{"to":"irc://h/c","privmsg":"two\nlines\r and a CR"}""", "irc://h/c", "two\nlines\r and a CR")]
    [InlineData("""{"to":"irc://h/c","privmsg":"a","privmsg":"b","to":"irc://h/d"}""", "irc://h/d", "b")]
    [InlineData("""{"to":"irc://h/c","privmsg":"x","other":{"to":[1,{"privmsg":2}]},"n":null}""", "irc://h/c", "x")]
    [InlineData("""{"t\u006f":"irc://h/\u00e9","pri\u0076msg":"\u00fc\ud83d\ude00\"\\\/\b\f\t"}""", "irc://h/é", "ü😀\"\\/\b\f\t")]
    [InlineData("""{"to":"irc://h/c","privmsg":"lone \ud800 and \udc00\ud83d"}""", "irc://h/c", "lone \uFFFD and \uFFFD\uFFFD")]
    [InlineData("""{"to":"irc://h/c","privmsg":"x","\ud800":"lone surrogate in a name"}""", "irc://h/c", "x")]
    [InlineData("""{"to":"irc://h/c","privmsg":"\u0000\u001b"}""", "irc://h/c", "\0\u001b")]
    public void Reads_Requests(string line, string to, string text)
    {
        var message = _irker.Message(line);
        Assert.Equal(to.Split('|'), message.To.To);
        Assert.Equal([], message.To.Users);
        Assert.Equal([], message.To.Channels);
        Assert.Equal(text, message.Text);
        Assert.False(message.WantsReply);
        Assert.False(message.Strict);
    }

    [Theory]
    [InlineData("hello")]
    [InlineData("[]")]
    [InlineData("5")]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("{")]
    [InlineData("""{"to":"irc://h/c"}""")]
    [InlineData("""{"privmsg":"x"}""")]
    [InlineData("""{"to":"irc://h/c","privmsg":5}""")]
    [InlineData("""{"to":"irc://h/c","privmsg":["x"]}""")]
    [InlineData("""{"to":"irc://h/c","privmsg":null}""")]
    [InlineData("""{"to":5,"privmsg":"x"}""")]
    [InlineData("""{"to":[],"privmsg":"x"}""")]
    [InlineData("""{"to":["irc://h/c",5],"privmsg":"x"}""")]
    [InlineData("""{"to":["irc://h/c",["irc://h/d"]],"privmsg":"x"}""")]
    [InlineData("""{"to":{"a":"b"},"privmsg":"x"}""")]
    [InlineData("""{"to":"irc://h/c","privmsg":"x"} trailing""")]
    [InlineData("""{"to":"irc://h/c","privmsg":"x"}{}""")]
    [InlineData("""{"to":"irc://h/c","privmsg":"x",}""")]
    [InlineData("""{"to":"irc://h/c","privmsg":"\ud80"}""")]
    [InlineData("""{"to":"irc://h/c","privmsg":"x","secret":["s3cret"]}""")]
    [InlineData("{\"to\":\"irc://h/c\",\"privmsg\":\"raw \u0001 control\"}")]
    public void Refuses_OtherShapes(string line) => Assert.Equal(RefusalReason.Malformed, _irker.Refusal(line).Counter);

    [Theory]
    [InlineData('[', ']')]
    [InlineData('{', '}')]
    public void Refuses_DeepNesting(char open, char close)
    {
        var nested = open == '[' ? new string(open, 100_000) + new string(close, 100_000) : string.Concat(Enumerable.Repeat("{\"a\":", 100_000));
        Assert.Equal(RefusalReason.Malformed, _irker.Refusal(nested).Counter);
        Assert.Equal(RefusalReason.Malformed, _irker.Refusal($$"""{"privmsg":"x","to":{{nested}}}""").Counter);
    }

    [Fact]
    public void Reads_InvalidUtf8AsLatin1()
    {
        byte[] line = [.. "{\"to\":\"irc://h/c\",\"privmsg\":\"gr"u8, 0xFC, 0xDF, .. "e, ok: ü "u8, 0x80, .. "\\u0021\"}"u8];
        Assert.Equal("grüße, ok: ü \uFFFD!", Assert.IsType<LineMessage>(_irker(line, Speakers.Anyone)).Text);
    }

    [Theory]
    [InlineData("")]
    [InlineData("  \t")]
    public void Ignores_BlankLines(string line) => Assert.IsType<LineNothing>(_irker.Speak(line));

    [Theory]
    [InlineData("""{"to":"irc://h/c","privmsg":"x","secret":"s3cret"}""", "ci")]
    [InlineData("""{"to":"irc://h/c","privmsg":"x","secret":"s3cret","client":"ci"}""", "ci")]
    public void Admits_KnownSecrets(string line, string client) => Assert.Equal(client, _irker.Message(line, Speakers.KnownOnly).Client);

    [Theory]
    [InlineData("""{"to":"irc://h/c","privmsg":"x","secret":"wrong"}""", "wrong secret")]
    [InlineData("""{"to":"irc://h/c","privmsg":"x","secret":"s3cret","client":"short"}""", "wrong secret")]
    [InlineData("""{"to":"irc://h/c","privmsg":"x","secret":"gone"}""", "wrong secret")]
    [InlineData("""{"to":"irc://h/c","privmsg":"x","secret":""}""", "wrong secret")]
    [InlineData("""{"to":"irc://h/c","privmsg":"x","client":"ci"}""", "no secret")]
    public void Refuses_WrongSecrets_EvenWhereAnyoneMaySend(string line, string reason)
    {
        var refusal = _irker.Refusal(line, Speakers.Anyone);
        Assert.Equal(RefusalReason.Unauthorized, refusal.Counter);
        Assert.StartsWith(reason, refusal.Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(AnonymousAccess.None, true, false)]
    [InlineData(AnonymousAccess.Loopback, true, true)]
    [InlineData(AnonymousAccess.Loopback, false, false)]
    [InlineData(AnonymousAccess.Any, false, true)]
    public void Serves_AnonymousLines_WhereAllowed(AnonymousAccess access, bool loopback, bool served)
    {
        var answer = _irker.Speak("""{"to":"irc://h/c","privmsg":"x"}""", new Callers(Speakers.Directory(access), loopback));
        Assert.Equal(served, answer is LineMessage { Client: ClientDirectory.Anonymous });
        Assert.Equal(!served, answer is LineRefusal { Counter: RefusalReason.Unauthorized });
    }

    [Fact]
    public void Gives_TheSameAddressInstance_ForTheSameBytes()
    {
        var first = _irker.Message("""{"to":["irc://h/c","irc://h/d"],"privmsg":"x"}""");
        var second = _irker.Message("""{"privmsg":"y","to":["irc://h/c","irc://h/d"]}""");
        var other = _irker.Message("""{"privmsg":"y","to":"irc://h/c"}""");
        Assert.Same(first.To, second.To);
        Assert.Equal("to=[irc://h/c] users=[] channels=[]", other.To.Show());
    }

    [Fact]
    public void Keeps_NoMoreTargetsThanItsBound()
    {
        for (var i = 0; i < 5000; i++)
        {
            Assert.Equal([$"irc://h/c{i}"], _irker.Message($$"""{"to":"irc://h/c{{i}}","privmsg":"x"}""").To.To);
        }
    }
}
