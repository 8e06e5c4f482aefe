using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace NotifyGateway.Api.Http;

/// <summary>
/// Writes one reader's server-sent events: every session at first and whenever it changed, every delivery of the reader's own messages
/// as it ends. A comment every 15 s keeps proxies from closing the connection.
/// </summary>
internal sealed class EventStream(HttpResponse response, EventFeed.Reader reader, SessionBoard sessions, TimeProvider time)
{
    private static readonly TimeSpan Look = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Heartbeat = TimeSpan.FromSeconds(15);

    private readonly Dictionary<string, byte[]> _shown = new(StringComparer.Ordinal);
    private long _written = time.GetTimestamp();

    /// <summary>Runs until the reader goes away or the gateway stops.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        response.ContentType = "text/event-stream";
        response.Headers.CacheControl = "no-store";
        response.Headers["X-Accel-Buffering"] = "no";
        await WriteAsync(": notify-gateway\n\n"u8.ToArray(), cancellationToken);

        using var timer = new PeriodicTimer(Look, time);
        var tick = timer.WaitForNextTickAsync(cancellationToken).AsTask();
        var settled = reader.Settlements.WaitToReadAsync(cancellationToken).AsTask();
        await ShowSessionsAsync(cancellationToken);
        while (true)
        {
            await response.Body.FlushAsync(cancellationToken);
            await Task.WhenAny(tick, settled);
            if (settled.IsCompleted)
            {
                await settled;
                await ShowSettledAsync(cancellationToken);
                settled = reader.Settlements.WaitToReadAsync(cancellationToken).AsTask();
            }

            if (tick.IsCompleted)
            {
                await tick;
                await ShowSessionsAsync(cancellationToken);
                tick = timer.WaitForNextTickAsync(cancellationToken).AsTask();
            }

            if (time.GetElapsedTime(_written) >= Heartbeat)
            {
                await WriteAsync(":\n\n"u8.ToArray(), cancellationToken);
            }
        }
    }

    private async Task ShowSettledAsync(CancellationToken cancellationToken)
    {
        if (reader.TakeDropped() is > 0 and var dropped)
        {
            await WriteAsync("dropped", new DroppedBody(dropped), ApiJson.Web.DroppedBody, cancellationToken);
        }

        while (reader.Settlements.TryRead(out var settlement))
        {
            await WriteAsync("delivery", DeliveryEventBody.Of(settlement), ApiJson.Web.DeliveryEventBody, cancellationToken);
        }
    }

    private async Task ShowSessionsAsync(CancellationToken cancellationToken)
    {
        var now = sessions.Bodies();
        foreach (var session in now)
        {
            var body = JsonSerializer.SerializeToUtf8Bytes(session, ApiJson.Web.SessionBody);
            if (!_shown.TryGetValue(session.Name, out var before) || !before.AsSpan().SequenceEqual(body))
            {
                _shown[session.Name] = body;
                await WriteAsync("session", body, cancellationToken);
            }
        }

        if (_shown.Count > now.Count)
        {
            foreach (var gone in _shown.Keys.Except(now.Select(s => s.Name), StringComparer.Ordinal).ToList())
            {
                _shown.Remove(gone);
                await WriteAsync("removed", new SessionRemovedBody(gone), ApiJson.Web.SessionRemovedBody, cancellationToken);
            }
        }
    }

    private Task WriteAsync<T>(string name, T body, JsonTypeInfo<T> type, CancellationToken cancellationToken) =>
        WriteAsync(name, JsonSerializer.SerializeToUtf8Bytes(body, type), cancellationToken);

    /// <summary>JSON holds no raw newline: one data line is enough.</summary>
    private Task WriteAsync(string name, byte[] json, CancellationToken cancellationToken) =>
        WriteAsync([.. "event: "u8, .. System.Text.Encoding.ASCII.GetBytes(name), .. "\ndata: "u8, .. json, .. "\n\n"u8], cancellationToken);

    private async Task WriteAsync(byte[] bytes, CancellationToken cancellationToken)
    {
        _written = time.GetTimestamp();
        await response.Body.WriteAsync(bytes, cancellationToken);
    }
}
