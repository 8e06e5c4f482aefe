using System.Text;
using NotifyGateway.Core;
using NotifyGateway.Core.Configuration;
using NotifyGateway.Core.Dialects;
using Xunit;

namespace NotifyGateway.Tests.Dialects;

public sealed class KaozDialectTests
{
    private readonly LineParser _kaoz = LineDialects.For(Dialect.Kaoz);

    [Theory]
    [InlineData("s3cret:#ops:hello", "ci", "to=[#ops] users=[] channels=[]", "hello")]
    [InlineData("s3cret:#ops:a: b:c :", "ci", "to=[#ops] users=[] channels=[]", "a: b:c :")]
    [InlineData("s3cret:alice:hi", "ci", "to=default users=[alice] channels=[]", "hi")]
    [InlineData("s3cret:&local:hi", "ci", "to=[&local] users=[] channels=[]", "hi")]
    [InlineData("s3cret:+x:hi", "ci", "to=[+x] users=[] channels=[]", "hi")]
    [InlineData("s3cret:!y:hi", "ci", "to=[!y] users=[] channels=[]", "hi")]
    [InlineData("s3cret:libera/#ops:hi", "ci", "to=[libera/#ops] users=[] channels=[]", "hi")]
    [InlineData("a:b:c:#ops:hi", "colon", "to=[#ops] users=[] channels=[]", "hi")]
    [InlineData("a:#ops:hi", "short", "to=[#ops] users=[] channels=[]", "hi")]
    [InlineData("a:b:hi", "short", "to=default users=[b] channels=[]", "hi")]
    public void Reads_Messages(string line, string client, string to, string text)
    {
        var message = _kaoz.Message(line, Speakers.KnownOnly);
        Assert.Equal((client, to, text), (message.Client, message.To.Show(), message.Text));
    }

    [Theory]
    [InlineData("s3cret::channels", "channels")]
    [InlineData("s3cret::other thing", "other thing")]
    [InlineData("s3cret::", "")]
    [InlineData("a:b:c::channels", "channels")]
    public void Reads_Commands(string line, string name) =>
        Assert.Equal(name, Assert.IsType<LineCommand>(_kaoz.Speak(line, Speakers.KnownOnly)).Name);

    [Theory]
    [InlineData("wrong:#ops:hello")]
    [InlineData("gone:#ops:hello")]
    [InlineData(":#ops:hello")]
    [InlineData("s3cret")]
    [InlineData("S3CRET:#ops:hello")]
    [InlineData("{\"message\":\"x\",\"secret\":\"s3cret\"}")]
    public void Refuses_WrongSecrets(string line)
    {
        var refusal = _kaoz.Refusal(line, Speakers.Anyone);
        Assert.Equal(RefusalReason.Unauthorized, refusal.Counter);
        Assert.Equal("wrong secret", refusal.Reason);
    }

    [Theory]
    [InlineData("s3cret:")]
    [InlineData("s3cret:foo")]
    public void Refuses_ASecretWithoutATarget(string line) => Assert.Equal(RefusalReason.Malformed, _kaoz.Refusal(line).Counter);

    [Theory]
    [InlineData("")]
    [InlineData("s3cret:#ops:")]
    public void Ignores_EmptyMessages(string line) => Assert.IsType<LineNothing>(_kaoz.Speak(line));

    [Fact]
    public void Looks_ForTheSecret_NoFurtherThanItsBounds()
    {
        Assert.IsType<LineRefusal>(_kaoz.Speak(new string(':', 60_000)));
        Assert.IsType<LineRefusal>(_kaoz.Speak(new string('x', 60_000) + ":#ops:hi"));
        Assert.Equal(new string(':', 60_000), _kaoz.Message("s3cret:#ops:" + new string(':', 60_000)).Text);
    }

    [Fact]
    public void Reads_InvalidUtf8()
    {
        byte[] line = [.. "s3cret:#caf"u8, 0xE9, .. ":\xFFo"u8, 0xFF];
        var message = Assert.IsType<LineMessage>(_kaoz(line, Speakers.KnownOnly));
        Assert.Equal(["#café"], message.To.To);
        Assert.EndsWith("oÿ", message.Text, StringComparison.Ordinal);
    }
}
