using System.Text;
using NotifyGateway.Core.Protocols.Sasl;
using Xunit;

namespace NotifyGateway.Tests.Protocols.Sasl;

public sealed class SaslSimpleTests
{
    // RFC 4616, section 4.
    [Theory]
    [InlineData("tim", "tanstaaftanstaaf", "\0tim\0tanstaaftanstaaf")]
    [InlineData("zoë", "pässword", "\0zoë\0pässword")]
    public void Plain_SaysAccountAndPassword(string account, string password, string message)
    {
        var plain = new SaslPlain(account, password);

        Assert.False(plain.Proved);
        Assert.Equal(message, Encoding.UTF8.GetString(plain.Begin().Response));
        Assert.True(plain.Proved);
        Assert.True(plain.Complete);
        Assert.Equal("PLAIN", plain.Name);
    }

    [Theory]
    [InlineData("a\0b", "c")]
    [InlineData("a", "b\0c")]
    public void Plain_CarriesNoNul(string account, string password)
    {
        var step = new SaslPlain(account, password).Begin();

        Assert.Contains("NUL", step.Fault, StringComparison.Ordinal);
        Assert.Empty(step.Response);
    }

    [Theory]
    [InlineData(null, "")]
    [InlineData("bot", "bot")]
    public void External_SaysWhomItActsFor(string? identity, string message)
    {
        var external = new SaslExternal(identity);

        Assert.Equal(message, Encoding.UTF8.GetString(external.Begin().Response));
        Assert.True(external.Proved);
        Assert.False(external.ByPassword);
        Assert.Equal("EXTERNAL", external.Name);
    }

    [Fact]
    public void Both_HaveOneMessage()
    {
        Assert.NotNull(new SaslPlain("a", "b").Answer("more"u8).Fault);
        Assert.NotNull(new SaslExternal(null).Answer([]).Fault);
    }
}
