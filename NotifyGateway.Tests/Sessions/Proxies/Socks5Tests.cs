using NotifyGateway.Tests.Support;
using Xunit;

namespace NotifyGateway.Tests.Sessions.Proxies;

public sealed class Socks5Tests
{
    private const string Greeting = ":irc.example.org NOTICE * :hello\r\n";
    private const string Granted = "\x05\0\0\x01\x7f\0\0\x01\x1f\x90";
    private const string ToName = "\x05\x01\0\x03\x0firc.example.org\x1a\x29";

    [Theory]
    [InlineData("irc.example.org", ToName)]
    [InlineData("192.0.2.1", "\x05\x01\0\x01\xc0\0\x02\x01\x1a\x29")]
    [InlineData("2001:db8::1", "\x05\x01\0\x04\x20\x01\x0d\xb8\0\0\0\0\0\0\0\0\0\0\0\x01\x1a\x29")]
    public async Task NameOrAddress_IsTheProxysToReach(string host, string request) => Assert.Equal(Greeting, await Tunnels.ReadAsync(
        "socks5://127.0.0.1:PORT",
        async proxy =>
        {
            await proxy.ExpectAsync("\x05\x01\0");
            await proxy.SendAsync("\x05\0");
            await proxy.ExpectAsync(request);
            await proxy.SendAsync(Granted + Greeting);
        },
        host));

    [Theory]
    [InlineData("\x05\0\0\x01\x7f\0\0\x01\x1f\x90")]
    [InlineData("\x05\0\0\x03\x09localhost\x1f\x90")]
    [InlineData("\x05\0\0\x03\0\x1f\x90")]
    [InlineData("\x05\0\0\x04\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\x01\x1f\x90")]
    public async Task Answer_ByteByByte_LeavesTheWholeTunnel(string granted) => Assert.Equal(Greeting, await Tunnels.ReadAsync(
        "socks5h://127.0.0.1:PORT",
        async proxy =>
        {
            await proxy.ExpectAsync("\x05\x01\0");
            await proxy.SendSlowlyAsync("\x05\0");
            await proxy.ExpectAsync(ToName);
            await proxy.SendSlowlyAsync(granted + Greeting);
        }));

    [Fact]
    public async Task UserAndPassword_AreSentWhereTheyAreWanted() => Assert.Equal(Greeting, await Tunnels.ReadAsync(
        "socks5://us%40r:p%3Ass%C3%A9@127.0.0.1:PORT",
        async proxy =>
        {
            await proxy.ExpectAsync("\x05\x02\0\x02");
            await proxy.SendAsync("\x05\x02");
            await proxy.ExpectAsync("\x01\x04us@r\x06p:ss\xc3\xa9");
            await proxy.SendSlowlyAsync("\x01\0");
            await proxy.ExpectAsync(ToName);
            await proxy.SendAsync(Granted + Greeting);
        }));

    [Fact]
    public async Task UserAndPassword_StayHereWhereNobodyWantsThem() => Assert.Null(await Tunnels.RefusalAsync(
        "socks5://user:geheim-9@127.0.0.1:PORT",
        async proxy =>
        {
            await proxy.ExpectAsync("\x05\x02\0\x02");
            await proxy.SendAsync("\x05\0");
            await proxy.ExpectAsync(ToName);
            await proxy.SendAsync(Granted);
        }));

    [Theory]
    [InlineData("", "\x05\xff", "wants a login, a user and password or another kind (SOCKS 255)")]
    [InlineData("user:geheim-9@", "\x05\xff", "takes no login by user and password (SOCKS 255)")]
    [InlineData("", "\x05\x02", "does not speak SOCKS 5")]
    [InlineData("user:geheim-9@", "\x05\x01", "does not speak SOCKS 5")]
    [InlineData("", "HTTP/1.1 400 Bad Request\r\n\r\n", "does not speak SOCKS 5")]
    [InlineData("", "", "closed the connection instead of an answer")]
    [InlineData("", "\x05", "closed the connection instead of an answer")]
    public async Task RefusalOfTheLogin_IsSaid(string login, string answer, string why) => Assert.Equal(why, await Tunnels.RefusalAsync(
        $"socks5://{login}127.0.0.1:PORT",
        async proxy =>
        {
            await proxy.ExpectAsync(login.Length > 0 ? "\x05\x02\0\x02" : "\x05\x01\0");
            await proxy.SendAsync(answer);
        }));

    [Theory]
    [InlineData("\x01\x01", "refused the user or password (SOCKS 1)")]
    [InlineData("\x01\xff", "refused the user or password (SOCKS 255)")]
    [InlineData("\x01", "closed the connection instead of an answer")]
    public async Task WrongPassword_IsSaidWithoutIt(string answer, string why) => Assert.Equal(why, await Tunnels.RefusalAsync(
        "socks5://user:geheim-9@127.0.0.1:PORT",
        async proxy =>
        {
            await proxy.ExpectAsync("\x05\x02\0\x02");
            await proxy.SendAsync("\x05\x02");
            await proxy.ExpectAsync("\x01\x04user\x08geheim-9");
            await proxy.SendAsync(answer);
        }));

    [Theory]
    [InlineData("\x05\x01", "refused: general failure (SOCKS 1)")]
    [InlineData("\x05\x02\0\x01\0\0\0\0\0\0", "refused: its rules do not allow this connection (SOCKS 2)")]
    [InlineData("\x05\x03\0\x01\0\0\0\0\0\0", "refused: network unreachable (SOCKS 3)")]
    [InlineData("\x05\x04\0\x01\0\0\0\0\0\0", "refused: host unreachable (SOCKS 4)")]
    [InlineData("\x05\x05\0\x01\0\0\0\0\0\0", "refused: connection refused (SOCKS 5)")]
    [InlineData("\x05\x06\0\x01\0\0\0\0\0\0", "refused: the connection took too long (TTL expired) (SOCKS 6)")]
    [InlineData("\x05\x07\0\x01\0\0\0\0\0\0", "refused: it does not know the command CONNECT (SOCKS 7)")]
    [InlineData("\x05\x08\0\x01\0\0\0\0\0\0", "refused: it does not know this kind of address (SOCKS 8)")]
    [InlineData("\x05\xf0\0\x01\0\0\0\0\0\0", "refused: an unknown reason (SOCKS 240)")]
    [InlineData("\x04\0\0\x01\0\0\0\0\0\0", "does not speak SOCKS 5")]
    [InlineData("\x05\0\0\x02\0\0\0\0\0\0", "does not speak SOCKS 5")]
    [InlineData("\x05\0\0\x01\0\0\0", "closed the connection instead of an answer")]
    public async Task RefusalOfTheConnection_IsSaidInWords(string answer, string why) => Assert.Equal(why, await Tunnels.RefusalAsync(
        "socks5://127.0.0.1:PORT",
        async proxy =>
        {
            await proxy.ExpectAsync("\x05\x01\0");
            await proxy.SendAsync("\x05\0");
            await proxy.ExpectAsync(ToName);
            await proxy.SendSlowlyAsync(answer);
        }));
}
