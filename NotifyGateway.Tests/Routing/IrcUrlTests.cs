using NotifyGateway.Core.Routing;
using Xunit;

namespace NotifyGateway.Tests.Routing;

public sealed class IrcUrlTests
{
    [Theory]
    [InlineData("irc://h/chan", "h", 6667, false, "#chan")]
    [InlineData("ircs://h/chan", "h", 6697, true, "#chan")]
    [InlineData("irc://h:6668/chan", "h", 6668, false, "#chan")]
    [InlineData("irc://h:/chan", "h", 6667, false, "#chan")]
    [InlineData("IRCS://Chat.Example.ORG./Chan", "chat.example.org", 6697, true, "#Chan")]
    [InlineData("irc://h/#chan", "h", 6667, false, "#chan")]
    [InlineData("irc://h/##chan", "h", 6667, false, "##chan")]
    [InlineData("irc://h#chan", "h", 6667, false, "#chan")]
    [InlineData("irc://h//chan", "h", 6667, false, "#chan")]
    [InlineData("irc://h/%23chan", "h", 6667, false, "#chan")]
    [InlineData("irc://h/&local", "h", 6667, false, "&local")]
    [InlineData("irc://h/+modeless", "h", 6667, false, "+modeless")]
    [InlineData("irc://h/!safe", "h", 6667, false, "!safe")]
    [InlineData("irc://h/foo#bar", "h", 6667, false, "#foo#bar")]
    [InlineData("irc://h/a/b", "h", 6667, false, "#a/b")]
    [InlineData("irc://h/c%C3%A4fe", "h", 6667, false, "#cäfe")]
    [InlineData("irc://h/cäfe", "h", 6667, false, "#cäfe")]
    [InlineData("irc://h/100%", "h", 6667, false, "#100%")]
    [InlineData("irc://h/c++", "h", 6667, false, "#c++")]
    [InlineData("irc://127.0.0.1:6667/chan", "127.0.0.1", 6667, false, "#chan")]
    [InlineData("irc://[::1]/chan", "::1", 6667, false, "#chan")]
    [InlineData("ircs://[2001:DB8::1]:7000/chan", "2001:db8::1", 7000, true, "#chan")]
    [InlineData("irc://bücher.example/chan", "xn--bcher-kva.example", 6667, false, "#chan")]
    public void Reads_HostPortAndChannel(string text, string host, int port, bool tls, string target)
    {
        Assert.True(IrcUrl.TryParse(text, out var url, out var fault), fault);

        Assert.Equal(new IrcUrl(new DynamicServer(host, port, tls, null, null), target, IsNick: false, Key: null), url);
    }

    [Theory]
    [InlineData("irc://h/alice,isnick", "alice")]
    [InlineData("irc://h/alice,ISNICK", "alice")]
    [InlineData("irc://h/al%5Bce,isnick", "al[ce")]
    public void Reads_Nick(string text, string nick)
    {
        Assert.True(IrcUrl.TryParse(text, out var url, out var fault), fault);

        Assert.Equal((nick, true, null), (url.Target, url.IsNick, url.Key));
    }

    [Theory]
    [InlineData("irc://h/chan?key=K", "#chan", "K")]
    [InlineData("irc://h/chan?K", "#chan", "K")]
    [InlineData("irc://h/#chan?key=K", "#chan", "K")]
    [InlineData("irc://h/#chan?K", "#chan", "K")]
    [InlineData("irc://h/?key=K#chan", "#chan", "K")]
    [InlineData("irc://h?key=K#chan", "#chan", "K")]
    [InlineData("irc://h/chan?key=a#b", "#chan", "a#b")]
    [InlineData("irc://h/chan?key=a=b&c", "#chan", "a=b&c")]
    [InlineData("irc://h/chan?key=a%20b?", null, "a channel key holds no space")]
    [InlineData("irc://h/chan?key=%25", "#chan", "%")]
    [InlineData("irc://h/chan?a?b", "#chan", "a?b")]
    [InlineData("irc://h/chan?", "#chan", null)]
    [InlineData("irc://h/chan?key=", "#chan", null)]
    public void Reads_Key(string text, string? target, string? key)
    {
        var read = IrcUrl.TryParse(text, out var url, out var fault);

        Assert.Equal(target is not null, read);
        Assert.Equal((target, key), read ? (url.Target, url.Key) : (null, fault));
    }

    [Theory]
    [InlineData("irc://user:pass@h/c", "user", "pass")]
    [InlineData("irc://user@h/c", "user", null)]
    [InlineData("irc://:pass@h/c", null, "pass")]
    [InlineData("irc://user:@h/c", "user", null)]
    [InlineData("irc://@h/c", null, null)]
    [InlineData("irc://user:p%2Fw%40%3A@h/c", "user", "p/w@:")]
    [InlineData("irc://user:p@ss@h/c", "user", "p@ss")]
    [InlineData("irc://user:a:b@h/c", "user", "a:b")]
    [InlineData("irc://user:p%20w@h/c", "user", "p w")]
    public void Reads_Credentials(string text, string? user, string? password)
    {
        Assert.True(IrcUrl.TryParse(text, out var url, out var fault), fault);

        Assert.Equal((user, password), (url.Server.User, url.Server.Password));
    }

    [Theory]
    [InlineData("irc:h/chan", "an IRC URL begins with irc:// or ircs://")]
    [InlineData("irc://", "the URL names no host")]
    [InlineData("irc:///chan", "the URL names no host")]
    [InlineData("irc://:6667/chan", "the URL names no host")]
    [InlineData("irc://u:p@/chan", "the URL names no host")]
    [InlineData("irc://h", "the URL names no channel")]
    [InlineData("irc://h/", "the URL names no channel")]
    [InlineData("irc://h//", "the URL names no channel")]
    [InlineData("irc://h/?key=K", "the URL names no channel")]
    [InlineData("irc://h/,isnick", "the URL names no channel")]
    [InlineData("irc://h:0/c", "the port is no number from 1 to 65535")]
    [InlineData("irc://h:65536/c", "the port is no number from 1 to 65535")]
    [InlineData("irc://h:+6667/c", "the port is no number from 1 to 65535")]
    [InlineData("irc://h:port/c", "the port is no number from 1 to 65535")]
    [InlineData("irc://2001:db8::1/c", "an IPv6 address stands in brackets")]
    [InlineData("irc://::1/c", "the URL names no host")]
    [InlineData("irc://[::1/c", "the bracket of the address is not closed")]
    [InlineData("irc://[::1]x/c", "the port is no number from 1 to 65535")]
    [InlineData("irc://[h]/c", "the brackets hold no IPv6 address")]
    [InlineData("irc://[]/c", "the brackets hold no IPv6 address")]
    [InlineData("irc://[::1%25eth0]/c", "the brackets hold no IPv6 address")]
    [InlineData("irc://a b/c", "the URL's host is no host name")]
    [InlineData("irc://a..b/c", "the URL's host is no host name")]
    [InlineData("irc://./c", "the URL's host is no host name")]
    [InlineData("irc://h%2Fx/c", "the URL's host is no host name")]
    [InlineData("irc://h\r\nQUIT/c", "the URL's host is no host name")]
    [InlineData("irc://h/a,b", "a channel name holds no comma; give each channel as a destination of its own")]
    [InlineData("irc://h/#a,#b", "a channel name holds no comma; give each channel as a destination of its own")]
    [InlineData("irc://h/a b", "a channel name holds no space")]
    [InlineData("irc://h/a%20b", "a channel name holds no space")]
    [InlineData("irc://h/a%0D%0AQUIT", "a channel name holds no control character")]
    [InlineData("irc://h/a%00", "a channel name holds no control character")]
    [InlineData("irc://h/a\u0007", "a channel name holds no control character")]
    [InlineData("irc://h/#x,isnick", "a nick does not begin with #")]
    [InlineData("irc://h/$*,isnick", "a nick does not begin with $")]
    [InlineData("irc://h/a!b@c,isnick", "a nick holds no !")]
    [InlineData("irc://h/c?key=a,b", "a channel key holds no comma")]
    [InlineData("irc://h/c?key=:a", "a channel key does not begin with a colon")]
    [InlineData("irc://h/c?key=a%0Ab", "a channel key holds no control character")]
    [InlineData("irc://u%0As:p@h/c", "a user name holds no space, @ or control character")]
    [InlineData("irc://u%40x:p@h/c", "a user name holds no space, @ or control character")]
    [InlineData("irc://u:p%0D%0A@h/c", "a password holds no control character")]
    public void Refuses_WithReason(string text, string reason)
    {
        Assert.False(IrcUrl.TryParse(text, out _, out var fault));
        Assert.Equal(reason, fault);
    }

    [Fact]
    public void Refuses_TargetThatIsTooLong()
    {
        Assert.True(IrcUrl.TryParse("irc://h/" + new string('a', 199), out _, out _));
        Assert.False(IrcUrl.TryParse("irc://h/" + new string('a', 200), out _, out var fault));
        Assert.Equal("a channel name has at most 200 bytes", fault);
        Assert.False(IrcUrl.TryParse("irc://h/" + new string('漢', 67), out _, out _));
    }

    [Fact]
    public void Refuses_LoneSurrogate() => Assert.False(IrcUrl.TryParse("irc://h/a\uD800", out _, out _));

    [Theory]
    [InlineData("irc://H/chan", "irc://h:6667/#chan")]
    [InlineData("ircs://u:p@h/#c?key=K", "ircs://h:6697/#c")]
    [InlineData("irc://h/alice,isnick", "irc://h:6667/alice,isnick")]
    [InlineData("irc://[::1]/a%3Fb%2525", "irc://[::1]:6667/#a%3Fb%2525")]
    public void PublicName_MeansTheSame_WithoutSecrets(string text, string name)
    {
        Assert.True(IrcUrl.TryParse(text, out var url, out _));
        Assert.Equal(name, url.PublicName);

        Assert.True(IrcUrl.TryParse(name, out var again, out _));
        Assert.Equal(url with { Key = null, Server = url.Server with { User = null, Password = null } }, again);
    }
}
