using System.Net.Http.Headers;
using System.Text;
using NotifyGateway.Core.Configuration;
using Xunit;

namespace NotifyGateway.Tests.Http;

/// <summary>What a page of another site can make a browser send, with nobody's consent: nothing of it is taken.</summary>
public sealed class ForeignPageTests
{
    private const string Evil = "https://evil.example";
    private const string Message = """{"to":["net/#ops"],"text":"evil"}""";

    public static TheoryData<string, string, string, string, string[]> Requests => new()
    {
        // <img src>, <script src>, <link>: GET without Origin. The second is sent to an address that the browser does not trust: no Sec-Fetch-Site.
        { "GET", "/notification/send?message=evil", "", "", ["Sec-Fetch-Site: cross-site", "Sec-Fetch-Mode: no-cors", "Sec-Fetch-Dest: image", $"Referer: {Evil}/"] },
        { "GET", "/notification/send?message=evil", "", "", [$"Referer: {Evil}/page", "Accept: image/avif,*/*"] },
        { "GET", "/hooks/get-token-1?text=evil", "", "", ["Sec-Fetch-Site: cross-site", "Sec-Fetch-Dest: image"] },

        // A form, sent by a script: three content types need no leave (CORS).
        { "POST", "/notification/send", "message=evil&channels=%23ops", "application/x-www-form-urlencoded", ["Sec-Fetch-Site: cross-site", $"Origin: {Evil}"] },
        { "POST", "/notification/send", "message=evil&channels=%23ops", "application/x-www-form-urlencoded", [$"Origin: {Evil}"] },
        { "POST", "/notification/send", """{"message":"evil"}""", "text/plain", [$"Origin: {Evil}"] },
        { "POST", "/notification/send", """{"message":"evil"}""", "text/plain", ["Origin: null"] },
        { "POST", "/api/v1/messages", Message, "text/plain", [$"Origin: {Evil}"] },
        { "POST", "/api/v1/messages", Message, "application/json", [$"Origin: {Evil}"] },
        { "POST", "/api/v1/messages", Message, "application/json", ["Origin: null", "Sec-Fetch-Site: cross-site"] },
        { "POST", "/api/v1/messages", Message, "application/json", ["Sec-Fetch-Site: same-site"] },
        { "POST", "/api/v1/sessions/net/reconnect", "", "text/plain", [$"Origin: {Evil}"] },
        { "POST", "/hooks/get-token-1", """{"text":"evil"}""", "text/plain", [$"Origin: {Evil}"] },
        { "POST", "/hooks/get-token-1", "payload=%7B%22text%22%3A%22evil%22%7D", "application/x-www-form-urlencoded", ["Sec-Fetch-Site: cross-site"] },
        { "POST", "/post/get-token-1", """{"text":"evil"}""", "text/plain", ["Origin: null"] },
        { "POST", "/ntfy/get-token-1", "evil", "text/plain", [$"Origin: {Evil}"] },
        { "POST", "/message?token=get-token-1", "message=evil", "application/x-www-form-urlencoded", [$"Origin: {Evil}"] },

        // The page's own name was made to point here: for the browser it is the same site.
        { "POST", "/api/v1/messages", Message, "application/json", ["Host: evil.example", "Origin: http://evil.example", "Sec-Fetch-Site: same-origin"] },
        { "GET", "/notification/send?message=evil", "", "", ["Host: evil.example:8080", "Sec-Fetch-Site: same-origin", "Referer: http://evil.example:8080/"] },
        { "GET", "/api/v1/messages", "", "", ["Host: evil.example"] },
        { "GET", "/api/v1/events", "", "", ["Host: evil.example"] },

        // To read is to be refused as well.
        { "GET", "/api/v1/messages", "", "", [$"Origin: {Evil}"] },
        { "GET", "/api/v1/events", "", "", ["Sec-Fetch-Site: cross-site"] },
        { "GET", "/api/v1/sessions", "", "", [$"Referer: {Evil}/"] },
    };

    [Theory]
    [MemberData(nameof(Requests))]
    public async Task NothingIsTaken_EvenWhereEverybodyMaySend(string method, string path, string body, string type, string[] headers)
    {
        await using var host = await StartAsync();

        var answer = await host.SendAsync(new HttpMethod(method), path, type.Length == 0 ? null : Content(body, type), headers);

        Assert.True(answer.Code is 403 or 405 or 415, $"{answer.Code} {answer.Body}");
        Assert.Empty(await host.AcceptedAsync());
        Assert.DoesNotContain(answer.Headers.Keys, k => k.StartsWith("Access-Control-", StringComparison.OrdinalIgnoreCase));
    }

    /// <summary>A browser asks first whether it may send JSON, or a header of its own: nobody says that it may.</summary>
    [Theory]
    [InlineData("/api/v1/messages")]
    [InlineData("/notification/send")]
    [InlineData("/hooks/get-token-1")]
    public async Task Preflight_GetsNoLeave(string path)
    {
        await using var host = await StartAsync();
        var answer = await host.SendAsync(HttpMethod.Options, path, null, $"Origin: {Evil}", "Access-Control-Request-Method: POST", "Access-Control-Request-Headers: content-type");
        Assert.InRange(answer.Code, 400, 499);
        Assert.DoesNotContain(answer.Headers.Keys, k => k.StartsWith("Access-Control-", StringComparison.OrdinalIgnoreCase));
    }

    [Theory]
    [InlineData("Referer: http://localhost/swagger/index.html")]
    [InlineData("Referer: https://notify.example.org/")]
    [InlineData("Sec-Fetch-Site: none")]
    [InlineData("Accept: */*")]
    public async Task OwnPages_AndThoseThatAreNone_AreServed(string header)
    {
        await using var host = await StartAsync();
        Assert.Equal(202, (await host.GetAsync("/notification/send?message=good", header, "Host: localhost")).Code);
    }

    /// <summary>Programs that send to a hook may say where they come from.</summary>
    [Fact]
    public async Task AHooksSender_MayHaveAReferer()
    {
        await using var host = await StartAsync();
        Assert.Equal(200, (await host.PostJsonAsync("/hooks/get-token-1", """{"text":"good"}""", $"Referer: {Evil}/")).Code);
        Assert.Equal(["net/#ops|good"], await host.AcceptedAsync());
    }

    private static Task<DoorHost> StartAsync() => DoorHost.StartAsync(o => o with
    {
        Anonymous = AnonymousAccess.Any,
        Hooks = new Dictionary<string, HookOptions>(StringComparer.OrdinalIgnoreCase) { ["h"] = new() { Token = "get-token-1", To = ["net/#ops"], AllowGet = true } },
    });

    private static ByteArrayContent Content(string body, string type)
    {
        var content = new ByteArrayContent(Encoding.UTF8.GetBytes(body));
        content.Headers.ContentType = new MediaTypeHeaderValue(type);
        return content;
    }
}
