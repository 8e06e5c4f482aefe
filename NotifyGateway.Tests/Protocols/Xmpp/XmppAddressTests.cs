using NotifyGateway.Core.Protocols.Xmpp;
using Xunit;

namespace NotifyGateway.Tests.Protocols.Xmpp;

public sealed class XmppAddressTests
{
    [Theory]
    [InlineData("alice@example.org", XmppPlace.Unknown, null, null)]
    [InlineData("x@example.org unknown nick=the%20bot", XmppPlace.Unknown, "the bot", null)]
    [InlineData("alice@example.org user", XmppPlace.User, null, null)]
    [InlineData("alice@example.org/at%20home user", XmppPlace.User, null, null)]
    [InlineData("example.org user", XmppPlace.User, null, null)]
    [InlineData("ops@conference.example.org room", XmppPlace.Room, null, null)]
    [InlineData("ops@conference.example.org room nick=the%20bot", XmppPlace.Room, "the bot", null)]
    [InlineData("ops@conference.example.org room nick=b%C3%B6t password=a%20b%3Dc%25", XmppPlace.Room, "böt", "a b=c%")]
    [InlineData("ops@conference.example.org room password=x", XmppPlace.Room, null, "x")]
    [InlineData("password%3Dx@example.org", XmppPlace.Unknown, null, null)]
    public void ReadsWhatItWrites(string text, XmppPlace place, string? nick, string? password)
    {
        var address = XmppAddress.Parse(text, out var fault);

        Assert.Null(fault);
        Assert.Equal((place, nick, password), (address!.Place, address.Nick, address.Password));
        Assert.Equal(text, address.Format());
    }

    [Theory]
    [InlineData("password=x@example.org")]
    [InlineData("nick=x@conference.example.org room")]
    public void NameThatLooksLikeASetting_IsAName(string text)
    {
        var address = XmppAddress.Parse(text, out _);

        Assert.Equal((text.Split('@')[0], null, null), (address!.Jid.Local, address.Nick, address.Password));
    }

    [Theory]
    [InlineData("")]
    [InlineData("a@b@c user")]
    [InlineData("alice@example.org people")]
    [InlineData("alice@example.org user nick=x")]
    [InlineData("alice@example.org unknown password=x")]
    [InlineData("ops@conference.example.org room nick")]
    [InlineData("ops@conference.example.org/nick room")]
    [InlineData("conference.example.org room")]
    public void RefusesWhatIsNone_AndSaysWhy(string text)
    {
        Assert.Null(XmppAddress.Parse(text, out var fault));
        Assert.NotEmpty(fault!);
    }

    [Fact]
    public void ShowsNoPassword()
    {
        var address = XmppAddress.Parse("ops@conference.example.org room nick=bot password=sesame", out _)!;

        Assert.Equal("ops@conference.example.org room nick=bot", address.ToString());
    }

    [Fact]
    public void LoneSurrogate_IsNoReasonToThrow() =>
        Assert.Equal("a@b room nick=x%EF%BF%BD", new XmppAddress(new Jid("a", "b", null), XmppPlace.Room, "x\ud800").Format());
}
