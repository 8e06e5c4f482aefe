using NotifyGateway.Core.Routing;
using Xunit;

namespace NotifyGateway.Tests.Routing;

public sealed class PublicNameTests
{
    [Theory]
    [InlineData("#ops", "#ops")]
    [InlineData("libera/#ops", "libera/#ops")]
    [InlineData("irc://h:6667/#ops", "irc://h:6667/#ops")]
    [InlineData("irc://user:secret@h/#ops", "irc://h/#ops")]
    [InlineData("irc://h/#ops?key=secret", "irc://h/#ops")]
    [InlineData("irc://h/#ops?secret", "irc://h/#ops")]
    [InlineData("irc://user:sec/ret@h/#ops", "irc://h/#ops")]
    [InlineData("irc://user:sec#ret@h/#ops", "irc://h/#ops")]
    [InlineData("irc://user:sec?ret@h/#ops", "irc://h/#ops")]
    [InlineData("irc://user:sec@ret@h/#ops?key=secret", "irc://h/#ops")]
    [InlineData("irc://user:secret", "irc://user:…")]
    [InlineData("irc://user:se:cret/#ops", "irc://user:…")]
    [InlineData("irc://user:12 secret/#ops?secret", "irc://user:…")]
    [InlineData("irc://h/#a@b", "irc://h/#a@b")]
    [InlineData("irc://[::1]/#a", "irc://[::1]/#a")]
    [InlineData("irc://[::1]:6667/#a", "irc://[::1]:6667/#a")]
    [InlineData("irc://user:secret@[::1]/#a", "irc://[::1]/#a")]
    [InlineData("http://user:secret@h/x?token=secret", "http://h/x")]
    [InlineData("xmpp:alice@example.org", "xmpp:alice@example.org")]
    [InlineData("xmpp:a@c.example?join", "xmpp:a@c.example?join")]
    [InlineData("xmpp:a@c.example?join;nick=N;password=secret", "xmpp:a@c.example?join;nick=N")]
    [InlineData("xmpp:a@c.example?join;password=secret;nick=N", "xmpp:a@c.example?join")]
    [InlineData("XMPP:a@c.example?JOIN;PASSWORD=secret", "XMPP:a@c.example?JOIN")]
    [InlineData("xmpp:a@c.example;password=secret", "xmpp:a@c.example")]
    [InlineData("xmpp:a@c.example?secret", "xmpp:a@c.example")]
    [InlineData("xmpp:a@c.example?joinsecret", "xmpp:a@c.example")]
    [InlineData("a@c.example?join;password=secret", "a@c.example?join")]
    [InlineData("work/a@c.example?join;password=secret", "work/a@c.example?join")]
    [InlineData("xmpp://bot@example.org/a@c.example?join;password=secret", "xmpp://bot@example.org/a@c.example?join")]
    [InlineData("xmpp://bot:secret@example.org/a@c.example?join", "xmpp://c.example")]
    [InlineData("xmpp://bot:sec/ret@example.org/a@c.example", "xmpp://c.example")]
    [InlineData("#a\r\nQUIT", "#a\uFFFD\uFFFDQUIT")]
    public void Hides_Secrets(string name, string shown) => Assert.Equal(shown, PublicName.Of(name));

    [Fact]
    public void Shortens_EndlessNames() => Assert.Equal(new string('a', 200) + "…", PublicName.Of(new string('a', 60_000)));
}
