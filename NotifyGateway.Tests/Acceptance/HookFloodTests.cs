using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using NotifyGateway.Tests.Support;
using Xunit;

namespace NotifyGateway.Tests.Acceptance;

/// <summary>What hostile bodies cost the process.</summary>
public sealed class HookFloodTests(ITestOutputHelper output)
{
    private const string Token = "flood-token-4714";
    private const int Limit = 4 * 1024 * 1024;
    private const int MegaByte = 1024 * 1024;

    private static readonly (string Name, byte[] Body, bool Chunked, bool Fits)[] Bodies =
    [
        ("levels", Repeat("[", Limit), false, false),
        ("values", [.. "[1"u8, .. Repeat(",1", Limit - 10), .. "]"u8], false, false),
        ("wide lines", Encoding.UTF8.GetBytes($"{new string('[', 60)}{string.Join(',', Enumerable.Repeat("1", 90_000))}{new string(']', 60)}"), false, true),
        ("one long text", [.. "{\"text\":\""u8, .. Repeat("\\u00fc", Limit - 100), .. "\"}"u8], true, true),
        ("50 MB", Repeat("{\"a\":", 50 * MegaByte), false, false),
        ("50 MB in chunks", Repeat("{\"a\":", 50 * MegaByte), true, false),
    ];

    [Fact]
    public async Task Memory_DoesNotGrow_AndTheNextRequestIsServed()
    {
        await using var gateway = await Installation.StartAsync(new() { ["net"] = Installation.Network(FreePort.Next(), "#in") }, settings =>
            settings["Gateway"]!["Hooks"] = new JsonObject { ["flood"] = new JsonObject { ["Token"] = Token, ["To"] = new JsonArray("net/#in"), ["PerMinute"] = 1_000_000 } });

        // The first flood shows what one costs; a second one must cost no more.
        await FloodAsync(gateway, 8);
        var before = gateway.Process.Process.Memory("VmHWM");
        await FloodAsync(gateway, 16);
        var after = gateway.Process.Process.Memory("VmHWM");
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"peak of the first flood {before} MB, of both {after} MB"));

        Assert.InRange(after, 1, 1000);
        Assert.InRange(after - before, 0, 400);
        using var next = await PostAsync(gateway, """{"text":"served"}"""u8.ToArray(), chunked: false);
        Assert.Equal(HttpStatusCode.OK, next.StatusCode);
    }

    private static async Task FloodAsync(Installation gateway, int times) => await Task.WhenAll(Enumerable.Repeat(Bodies, times).SelectMany(b => b).Select(async body =>
    {
        try
        {
            using var answer = await PostAsync(gateway, body.Body, body.Chunked);
            Assert.True(body.Fits ? answer.StatusCode is HttpStatusCode.OK or HttpStatusCode.ServiceUnavailable : (int)answer.StatusCode is >= 400 and < 500, $"{body.Name}: {answer.StatusCode}");
        }
        catch (HttpRequestException e) when (body.Body.Length > Limit && e.InnerException is IOException)
        {
            // A sender that does not stop when it is told to is cut off.
        }
    }));

    private static Task<HttpResponseMessage> PostAsync(Installation gateway, byte[] body, bool chunked)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, $"/hooks/{Token}") { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        request.Headers.TransferEncodingChunked = chunked;
        return gateway.Http.SendAsync(request);
    }

    private static byte[] Repeat(string piece, int bytes) => Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat(piece, bytes / piece.Length)));
}
