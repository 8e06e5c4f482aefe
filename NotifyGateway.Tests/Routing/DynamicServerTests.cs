using FsCheck;
using FsCheck.Fluent;
using NotifyGateway.Core;
using NotifyGateway.Core.Routing;
using NotifyGateway.Tests.Support;
using Xunit;

namespace NotifyGateway.Tests.Routing;

public sealed class DynamicServerTests
{
    [Theory]
    [InlineData(null, null, "irc://h:6667")]
    [InlineData("u", null, "irc://u@h:6667")]
    [InlineData(null, "p", "irc://:p@h:6667")]
    [InlineData("u", "p", "irc://u:p@h:6667")]
    [InlineData("u:x", "p/w@:%?#", "irc://u%3Ax:p%2Fw%40%3A%25%3F%23@h:6667")]
    public void Key_HoldsEncodedCredentials(string? user, string? password, string key)
    {
        var server = new DynamicServer("h", 6667, Tls: false, user, password);

        Assert.Equal(key, server.Key.Value);
        Assert.True(server.Key.IsDynamic);
        Assert.Equal("irc://h:6667", server.Key.Name);
        Assert.Equal("irc://h:6667", server.ToString());
    }

    [Fact]
    public void Key_IsReadBack() =>
        Prop.ForAll<string, string, bool>((user, password, tls) =>
        {
            var server = new DynamicServer(tls ? "2001:db8::1" : "irc.example.org", 7000, tls, Usable(user, " @"), Usable(password, ""));
            var authority = server.Key.Value[(server.Key.Value.IndexOf("://", StringComparison.Ordinal) + 3)..];
            return DynamicServer.Parse(server.Key) == server
                && authority.Count(c => c == '@') == (server.User is null && server.Password is null ? 0 : 1)
                && !authority.Contains('/');
        }).Holds(1000);

    [Theory]
    [InlineData("libera")]
    [InlineData("http://h:80")]
    [InlineData("irc://secret:word@:6667")]
    [InlineData("")]
    public void Refuses_OtherKeys_WithoutTellingSecrets(string key)
    {
        var error = Assert.Throws<FormatException>(() => DynamicServer.Parse(new SessionKey(key)));

        Assert.DoesNotContain("secret", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("*", "irc.example.org", true)]
    [InlineData("*", "::1", true)]
    [InlineData("irc.example.org", "irc.example.org", true)]
    [InlineData("IRC.Example.org", "irc.example.org", true)]
    [InlineData("*.example.org", "irc.example.org", true)]
    [InlineData("*.example.org", "a.b.example.org", true)]
    [InlineData("*.example.org", "example.org", false)]
    [InlineData("*.example.org", "irc.example.org.evil.net", false)]
    [InlineData("irc?.example.org", "irc1.example.org", true)]
    [InlineData("irc?.example.org", "irc.example.org", false)]
    [InlineData("i*c*.org", "irc.example.org", true)]
    [InlineData("a*b*c", "aXbXbX", false)]
    [InlineData("[::1]", "::1", true)]
    [InlineData("::1", "::1", true)]
    [InlineData("", "h", false)]
    [InlineData("h", "", false)]
    [InlineData("irc.example.org", "ircXexample.org", false)]
    public void HostPattern_Matches(string pattern, string host, bool matches) => Assert.Equal(matches, HostPattern.Matches(pattern, host));

    private static string? Usable(string? text, string without)
    {
        var usable = string.Concat((text ?? "").Where(c => !char.IsControl(c) && !char.IsSurrogate(c) && !without.Contains(c, StringComparison.Ordinal)));
        return usable.Length == 0 ? null : usable;
    }
}
