using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using NotifyGateway.Tests.Support;

namespace NotifyGateway.Tests.Tracing;

/// <summary>A small OTLP/HTTP collector: keeps what comes and reads as much of its protobuf as a test asks for.</summary>
internal sealed class OtlpReceiver : IAsyncDisposable
{
    private readonly WebApplication _app;

    private OtlpReceiver(WebApplication app) => _app = app;

    public Uri Url => new(_app.Urls.Single());

    /// <summary>Each request: its path, its header x-key, its bytes.</summary>
    public Journal<(string Path, string Key, byte[] Body)> Requests { get; } = new("the collector");

    public Journal<Span> Spans { get; } = new("spans");

    public static async Task<OtlpReceiver> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var receiver = new OtlpReceiver(builder.Build());
        receiver._app.Run(receiver.ReceiveAsync);
        await receiver._app.StartAsync();
        return receiver;
    }

    /// <summary>The names of metrics or spans stand as they are in the bytes.</summary>
    public Task HasMetricAsync(string name) =>
        Requests.FirstAsync(r => r.Path is "/v1/metrics" && r.Body.AsSpan().IndexOf(Encoding.UTF8.GetBytes(name)) >= 0, name, TimeSpan.FromSeconds(30));

    public Task<Span> SpanAsync(Func<Span, bool> matches, string what) => Spans.FirstAsync(matches, what, TimeSpan.FromSeconds(30));

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private async Task ReceiveAsync(HttpContext context)
    {
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body);
        Requests.Add((context.Request.Path, context.Request.Headers["x-key"].ToString(), body.ToArray()));
        if (context.Request.Path == "/v1/traces")
        {
            // TracesData → resource_spans → scope_spans → spans
            foreach (var resource in Fields(body.ToArray(), 1))
            {
                foreach (var scope in Fields(resource, 2))
                {
                    foreach (var span in Fields(scope, 2))
                    {
                        Spans.Add(new Span(Hex(span, 1), Hex(span, 2), Hex(span, 4), Encoding.UTF8.GetString(Fields(span, 5).Single()), Encoding.UTF8.GetString(span)));
                    }
                }
            }
        }

        context.Response.ContentType = "application/x-protobuf";
    }

    private static string Hex(byte[] message, int field) => Convert.ToHexStringLower(Fields(message, field).SingleOrDefault() ?? []);

    /// <summary>The length-delimited values of a field.</summary>
    private static List<byte[]> Fields(byte[] message, int field)
    {
        var found = new List<byte[]>();
        for (var at = 0; at < message.Length;)
        {
            var key = Varint(message, ref at);
            switch (key & 7)
            {
                case 0:
                    Varint(message, ref at);
                    break;
                case 1:
                    at += sizeof(ulong);
                    break;
                case 2:
                    var length = (int)Varint(message, ref at);
                    if ((int)(key >> 3) == field)
                    {
                        found.Add(message[at..(at + length)]);
                    }

                    at += length;
                    break;
                case 5:
                    at += sizeof(uint);
                    break;
                default:
                    throw new InvalidDataException("no protobuf");
            }
        }

        return found;
    }

    private static ulong Varint(byte[] message, ref int at)
    {
        var value = 0ul;
        for (var shift = 0; ; shift += 7)
        {
            var one = message[at++];
            value |= (ulong)(one & 0x7F) << shift;
            if (one < 0x80)
            {
                return value;
            }
        }
    }
}

/// <summary>A span as it was received.</summary>
/// <param name="Text">All of its bytes as text, for what stands in its attributes.</param>
internal sealed record Span(string Trace, string Id, string Parent, string Name, string Text);
