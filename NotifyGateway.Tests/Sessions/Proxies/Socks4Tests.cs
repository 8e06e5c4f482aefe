using NotifyGateway.Tests.Support;
using Xunit;

namespace NotifyGateway.Tests.Sessions.Proxies;

public sealed class Socks4Tests
{
    private const string Greeting = ":irc.example.org NOTICE * :hello\r\n";
    private const string Granted = "\0\x5a\0\0\0\0\0\0";

    [Theory]
    [InlineData("socks4://127.0.0.1:PORT", "irc.example.org", "\x04\x01\x1a\x29\0\0\0\x01\0irc.example.org\0")]
    [InlineData("socks4a://us%25er@127.0.0.1:PORT", "irc.example.org", "\x04\x01\x1a\x29\0\0\0\x01us%er\0irc.example.org\0")]
    [InlineData("socks4://127.0.0.1:PORT", "192.0.2.1", "\x04\x01\x1a\x29\xc0\0\x02\x01\0")]
    [InlineData("socks4://127.0.0.1:PORT", "2001:db8::1", "\x04\x01\x1a\x29\0\0\0\x01\0" + "2001:db8::1\0")]
    public async Task NameOrAddress_IsTheProxysToReach(string url, string host, string request) => Assert.Equal(Greeting, await Tunnels.ReadAsync(
        url,
        async proxy =>
        {
            await proxy.ExpectAsync(request);
            await proxy.SendAsync(Granted + Greeting);
        },
        host));

    [Theory]
    [InlineData("\0\x5a\0\0\0\0\0\0")]
    [InlineData("\x04\x5a\x1a\x29\x7f\0\0\x01")]
    public async Task Answer_ByteByByte_LeavesTheWholeTunnel(string granted) => Assert.Equal(Greeting, await Tunnels.ReadAsync(
        "socks4://127.0.0.1:PORT",
        async proxy =>
        {
            await proxy.ExpectAsync("\x04\x01\x1a\x29\0\0\0\x01\0irc.example.org\0");
            await proxy.SendSlowlyAsync(granted + Greeting);
        }));

    [Theory]
    [InlineData("\0\x5b\0\0\0\0\0\0", "refused: rejected or failed (SOCKS 91)")]
    [InlineData("\0\x5b", "refused: rejected or failed (SOCKS 91)")]
    [InlineData("\0\x5c\0\0\0\0\0\0", "refused: it cannot reach an identd on this machine (SOCKS 92)")]
    [InlineData("\0\x5d\0\0\0\0\0\0", "refused: the user is not the one that identd names (SOCKS 93)")]
    [InlineData("\0\0\0\0\0\0\0\0", "refused: an unknown reason (SOCKS 0)")]
    [InlineData("\x05\xff", "does not speak SOCKS 4")]
    [InlineData("HTTP/1.1 400 Bad Request\r\n\r\n", "does not speak SOCKS 4")]
    [InlineData("", "closed the connection instead of an answer")]
    [InlineData("\0\x5a\0\0", "closed the connection instead of an answer")]
    public async Task Refusal_IsSaidInWords(string answer, string why) => Assert.Equal(why, await Tunnels.RefusalAsync(
        "socks4://127.0.0.1:PORT",
        async proxy =>
        {
            await proxy.ExpectAsync("\x04\x01\x1a\x29\0\0\0\x01\0irc.example.org\0");
            await proxy.SendSlowlyAsync(answer);
        }));
}
