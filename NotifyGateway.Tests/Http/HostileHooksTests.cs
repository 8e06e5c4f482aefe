using System.IO.Compression;
using System.Text;
using Xunit;

namespace NotifyGateway.Tests.Http;

/// <summary>What a sender may post with malice: it is refused, or costs an odd character, and the next request is served.</summary>
public sealed class HostileHooksTests
{
    private static readonly string[] Doors = ["/hooks/{0}", "/services/a/b/{0}", "/post/{0}", "/ntfy/{0}", "/message?token={0}"];

    public static TheoryData<string> Names => [.. Refused.Keys];

    /// <summary>Refused by every door, whatever the format.</summary>
    private static readonly Dictionary<string, (string Type, Func<byte[]> Body, string? Encoding)> Refused = new(StringComparer.Ordinal)
    {
        ["50 MB"] = ("application/json", () => Repeat("[\"xxxxxxxxxxxxxxxx\",", 50_000_000), null),
        ["5 MB of a text"] = ("text/plain", () => Repeat("x", 5_000_000), null),
        ["a gzip bomb"] = ("application/json", () => Gzip(10_000_000), "gzip"),
        ["br"] = ("application/json", () => "{}"u8.ToArray(), "br"),
        ["chunks of encodings"] = ("application/json", () => "{}"u8.ToArray(), "identity, gzip"),
        ["endless parts"] = ("multipart/form-data; boundary=b", () => Repeat("--b\r\nContent-Disposition: form-data; name=a\r\n\r\n\r\n", 2_000_000), null),
        ["a long boundary"] = ($"multipart/form-data; boundary={new string('b', 5000)}", () => Repeat("--b", 100_000), null),
        ["a header without an end"] = ("multipart/form-data; boundary=b", () => [.. "--b\r\n"u8, .. Repeat("x", 1_000_000)], null),
    };

    [Theory]
    [MemberData(nameof(Names))]
    public async Task IsRefusedFast_AndTheNextIsServed(string name)
    {
        await using var host = await HookHost.StartAsync();
        var (type, make, encoding) = Refused[name];
        var body = make();
        foreach (var door in Doors)
        {
            Assert.InRange(await PostAsync(host, door, "auto", body, type, encoding), 400, 499);
        }

        Assert.Empty(await host.AcceptedAsync());
        Assert.Equal("ok", (await host.PostJsonAsync($"/hooks/{HookHost.Token("auto")}", """{"a":1}""")).Body);
    }

    [Theory]
    [InlineData("100,000 levels")]
    [InlineData("100,000 levels of objects")]
    [InlineData("a million values")]
    [InlineData("10,000 attachments")]
    [InlineData("a lone brace")]
    public async Task Json_IsRefused(string name)
    {
        var body = name switch
        {
            "100,000 levels" => Repeat("[", 100_000),
            "100,000 levels of objects" => Repeat("{\"\":", 500_000),
            "a million values" => [.. "[1"u8, .. Repeat(",1", 2_000_000), .. "]"u8],
            "10,000 attachments" => [.. "{\"attachments\":[{}"u8, .. Repeat(",{\"text\":\"x\"}", 150_000), .. "]}"u8],
            _ => "{"u8.ToArray(),
        };
        await using var host = await HookHost.StartAsync();
        foreach (var hook in new[] { "auto", "slack" })
        {
            var answer = await host.PostAsync($"/hooks/{HookHost.Token(hook)}", body, "application/json");
            Assert.Equal((400, "invalid_payload"), (answer.Code, answer.Body));
        }

        Assert.Empty(await host.AcceptedAsync());
        Assert.Equal("ok", (await host.PostJsonAsync($"/hooks/{HookHost.Token("slack")}", """{"text":"x"}""")).Body);
    }

    [Theory]
    [InlineData("application/x-www-form-urlencoded")]
    public async Task Form_WithTooManyFields_IsRefused(string type)
    {
        await using var host = await HookHost.StartAsync();
        Assert.Equal((400, "invalid_payload"), (await CodeAsync(host, Repeat("a=1&", 2_000_000), type)));
    }

    [Fact]
    public async Task OddJson_CostsAnOddCharacter()
    {
        await using var host = await HookHost.StartAsync();
        Assert.Equal("ok", (await host.PostJsonAsync($"/hooks/{HookHost.Token("slack")}", """{"text":"a","text":"b\ud800c","text\udfff":"d"}""")).Body);
        Assert.Equal("ok", (await host.PostJsonAsync($"/hooks/{HookHost.Token("template")}", """{"host":"\udc00","host":"b","state":"\ud83d"}""")).Body);
        Assert.Equal(["net/#ops|b\uFFFDc", "net/#dev|b\uFFFDc", "net/#ops|b is \uFFFD"], await host.AcceptedAsync());
    }

    [Fact]
    public async Task BillionLaughs_AreNoLaughs()
    {
        var laughs = new StringBuilder("<?xml version=\"1.0\"?><!DOCTYPE lolz [<!ENTITY l0 \"lol\">");
        for (var i = 1; i < 10; i++)
        {
            laughs.Append(System.Globalization.CultureInfo.InvariantCulture, $"<!ENTITY l{i} \"{string.Concat(Enumerable.Repeat($"&l{i - 1};", 10))}\">");
        }

        laughs.Append("]><soapenv:Envelope xmlns:soapenv=\"http://schemas.xmlsoap.org/soap/envelope/\"><soapenv:Body><Notification><Message>&l9;</Message></Notification></soapenv:Body></soapenv:Envelope>");
        await using var host = await HookHost.StartAsync();
        var before = GC.GetTotalAllocatedBytes();
        var answer = await host.PostAsync($"/hooks/{HookHost.Token("auto")}", laughs.ToString(), "application/xml");

        // Whoever knows no XML sends it as the text that it is; nobody expands it.
        Assert.True(answer.Code is 200 or 400, answer.Body);
        Assert.InRange(GC.GetTotalAllocatedBytes() - before, 0, 20_000_000);
        Assert.DoesNotContain(await host.AcceptedAsync(), a => a.Contains("lollol", StringComparison.Ordinal));
    }

    [Fact]
    public async Task TooLongAText_IsShortened_WithANote()
    {
        await using var host = await HookHost.StartAsync(o => o with { MaxMessageBytes = 1000 });
        var items = string.Join(',', Enumerable.Repeat("\"ü\"", 50_000));
        Assert.Equal("ok", (await host.PostJsonAsync($"/hooks/{HookHost.Token("auto")}", $"[{items}]")).Body);
        Assert.Equal("ok", (await host.PostAsync($"/hooks/{HookHost.Token("text")}", new string('ü', 100_000), "text/plain")).Body);
        Assert.Equal("ok", (await host.PostJsonAsync($"/hooks/{HookHost.Token("yaml")}", $"[{items}]")).Body);
        foreach (var text in (await host.AcceptedAsync()).Select(a => a["net/#ops|".Length..]))
        {
            Assert.EndsWith("\n… (shortened)", text, StringComparison.Ordinal);
            Assert.InRange(Encoding.UTF8.GetByteCount(text), 950, 1000);
        }
    }

    private static async Task<(int, string)> CodeAsync(DoorHost host, byte[] body, string type)
    {
        var answer = await host.PostAsync($"/hooks/{HookHost.Token("auto")}", body, type);
        return (answer.Code, answer.Body);
    }

    private static async Task<int> PostAsync(DoorHost host, string door, string hook, byte[] body, string type, string? encoding)
    {
        using var content = new ByteArrayContent(body);
        Assert.True(content.Headers.TryAddWithoutValidation("Content-Type", type));
        if (encoding is not null)
        {
            content.Headers.TryAddWithoutValidation("Content-Encoding", encoding);
        }

        using var request = new HttpRequestMessage(HttpMethod.Post, string.Format(System.Globalization.CultureInfo.InvariantCulture, door, HookHost.Token(hook))) { Content = content };
        request.Headers.ExpectContinue = true;
        using var response = await host.Client.SendAsync(request, TestContext.Current.CancellationToken);
        return (int)response.StatusCode;
    }

    private static byte[] Repeat(string piece, int bytes) => Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat(piece, bytes / piece.Length)));

    private static byte[] Gzip(int bytes)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest))
        {
            gzip.Write(new byte[bytes]);
        }

        return packed.ToArray();
    }
}
