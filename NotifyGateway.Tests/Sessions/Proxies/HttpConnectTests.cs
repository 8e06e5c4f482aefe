using NotifyGateway.Tests.Support;
using Xunit;

namespace NotifyGateway.Tests.Sessions.Proxies;

public sealed class HttpConnectTests
{
    private const string Greeting = ":irc.example.org NOTICE * :hello\r\n\r\n";
    private const string Request = "CONNECT irc.example.org:6697 HTTP/1.1\r\nHost: irc.example.org:6697\r\n\r\n";
    private const string WithLogin = "CONNECT irc.example.org:6697 HTTP/1.1\r\nHost: irc.example.org:6697\r\nProxy-Authorization: Basic dXNlcjpnZWhlaW0tOQ==\r\n\r\n";

    [Theory]
    [InlineData("HTTP/1.1 200 Connection established\r\n\r\n")]
    [InlineData("HTTP/1.0 200\r\nVia: x\r\n\r\n")]
    [InlineData("HTTP/1.1 204 No Content\nX: y\n\n")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 10\r\nTransfer-Encoding: chunked\r\n\r\n")]
    [InlineData("HTTP/1.1 103 Early Hints\r\nA: b\r\n\r\nHTTP/1.1 200 OK\r\n\r\n")]
    public async Task Success_LeavesTheWholeTunnel_InOnePacketToo(string answer)
    {
        Assert.Equal(Greeting, await Tunnels.ReadAsync(
            "http://127.0.0.1:PORT",
            async proxy =>
            {
                await proxy.ExpectAsync(Request);
                await proxy.SendAsync(answer + Greeting);
            }));
        Assert.Equal(Greeting, await Tunnels.ReadAsync(
            "http://127.0.0.1:PORT",
            async proxy =>
            {
                await proxy.ExpectAsync(Request);
                await proxy.SendSlowlyAsync(answer + Greeting);
            }));
    }

    [Fact]
    public async Task AddressOfIPv6_StandsInBrackets() => Assert.Null(await Tunnels.RefusalAsync(
        "http://127.0.0.1:PORT",
        async proxy =>
        {
            await proxy.ExpectAsync("CONNECT [2001:db8::1]:6697 HTTP/1.1\r\nHost: [2001:db8::1]:6697\r\n\r\n");
            await proxy.SendAsync("HTTP/1.1 200 OK\r\n\r\n");
        },
        "2001:db8::1"));

    [Fact]
    public async Task UserAndPassword_AreSent() => Assert.Null(await Tunnels.RefusalAsync(
        "http://user:geheim-9@127.0.0.1:PORT",
        async proxy =>
        {
            await proxy.ExpectAsync(WithLogin);
            await proxy.SendAsync("HTTP/1.1 200 OK\r\n\r\n");
        }));

    [Theory]
    [InlineData("HTTP/1.1 407 Proxy Authentication Required", "refused the user or password (HTTP 407 Proxy Authentication Required)")]
    [InlineData("HTTP/1.0 401 Unauthorized", "refused the user or password (HTTP 401 Unauthorized)")]
    [InlineData("HTTP/1.1 403 user may not", "refused: HTTP 403")]
    [InlineData("HTTP/1.1 403 not with geheim-9", "refused: HTTP 403")]
    [InlineData("HTTP/1.1 403 not with dXNlcjpnZWhlaW0tOQ==", "refused: HTTP 403")]
    [InlineData("HTTP/1.1 403 not with dXNlcjpnZWhlaW0tOQ", "refused: HTTP 403")]
    public async Task Refusal_RepeatsNoLogin(string answer, string why) => Assert.Equal(why, await Tunnels.RefusalAsync(
        "http://user:geheim-9@127.0.0.1:PORT",
        async proxy =>
        {
            await proxy.ExpectAsync(WithLogin);
            await proxy.SendAsync(answer + "\r\n\r\n");
        }));

    [Theory]
    [InlineData("HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate: Basic\r\n\r\n<html>", "wants a user and password (HTTP 407 Proxy Authentication Required)")]
    [InlineData("HTTP/1.1 403 Filtered\r\n\r\n", "refused: HTTP 403 Filtered")]
    [InlineData("HTTP/1.1 502 Bad\x1b\x07 Gateway\r\n\r\n", "refused: HTTP 502 Bad Gateway")]
    [InlineData("HTTP/1.1 504\r\n\r\n", "refused: HTTP 504")]
    [InlineData("HTTP/1.1 301 Moved\r\nLocation: x\r\n\r\n", "refused: HTTP 301 Moved")]
    [InlineData("HTTP/2 200 OK\r\n\r\n", "does not speak HTTP")]
    [InlineData("HTTP/1.1 99 OK\r\n\r\n", "does not speak HTTP")]
    [InlineData("HTTP/1.1 -20 OK\r\n\r\n", "does not speak HTTP")]
    [InlineData("\r\n", "does not speak HTTP")]
    [InlineData(":irc.example.org NOTICE * :this is no proxy\r\n", "does not speak HTTP")]
    [InlineData("HTTP/1.1 200 OK\r\nVia: x\r\n", "closed the connection instead of an answer")]
    [InlineData("", "closed the connection instead of an answer")]
    public async Task Refusal_IsSaid(string answer, string why) => Assert.Equal(why, await Tunnels.RefusalAsync(
        "http://127.0.0.1:PORT",
        async proxy =>
        {
            await proxy.ExpectAsync(Request);
            await proxy.SendAsync(answer);
        }));

    [Fact]
    public async Task AnswerWithoutEnd_IsNotReadForEver() => Assert.Equal("sent more than 16384 bytes of headers", await Tunnels.RefusalAsync(
        "http://127.0.0.1:PORT",
        async proxy =>
        {
            await proxy.ExpectAsync(Request);
            await proxy.SendAsync("HTTP/1.1 200 OK\r\n" + string.Concat(Enumerable.Repeat("X: yyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyy\r\n", 1000)));
        }));
}
