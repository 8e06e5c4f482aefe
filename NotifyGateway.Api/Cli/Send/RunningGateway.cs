using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using NotifyGateway.Api.Http;

namespace NotifyGateway.Api.Cli.Send;

/// <summary>Sends through a gateway that runs, and waits there for the outcome.</summary>
/// <param name="url">Where it is.</param>
/// <param name="secret">Null: as an anonymous sender.</param>
internal sealed class RunningGateway(Uri url, string? secret) : IDisposable
{
    private const string Path = "api/v1/messages";
    private const int LongestWait = 60;
    private const int LargestAnswer = 16 * 1024 * 1024;

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(500);

    /// <summary>An answer may be late by that: the gateway was asked to wait as long as we do.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(5);

    private readonly Uri _messages = new(url.AbsoluteUri.TrimEnd('/') + '/' + Path);

    // A redirect would take the secret elsewhere, or lose it.
    private readonly HttpClient _http = new(new SocketsHttpHandler { AllowAutoRedirect = false, ConnectTimeout = TimeSpan.FromSeconds(10), RequestHeaderEncodingSelector = (_, _) => Encoding.UTF8 })
    {
        Timeout = Timeout.InfiniteTimeSpan,
        MaxResponseContentBufferSize = LargestAnswer,
    };

    public async Task<SendOutcome> SendAsync(SendOrder order, CancellationToken cancellation)
    {
        var begun = Stopwatch.GetTimestamp();
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(order.Timeout + Grace);
        var gateway = url.GetLeftPart(UriPartial.Authority);
        try
        {
            var (status, body) = await PostAsync(order, limit.Token);
            if (status is not (HttpStatusCode.OK or HttpStatusCode.Accepted))
            {
                return SendOutcome.Refused(Refusals($"{gateway} answers", status, body));
            }

            var receipt = Read(body);
            while (receipt.Status is "queued" && Stopwatch.GetElapsedTime(begun) + Pause < order.Timeout)
            {
                await Task.Delay(Pause, limit.Token);
                receipt = await AskAsync(receipt.Id, limit.Token) ?? receipt;
            }

            return new SendOutcome(
                [.. receipt.Deliveries.Select(d => SentDelivery.Of(d.To, d.Status, d.Reason, d.Proof, order.Timeout, ", the gateway goes on trying"))], []);
        }
        catch (HttpRequestException e)
        {
            return SendOutcome.Refused($"{gateway} cannot be reached: {e.Message}");
        }
        catch (JsonException)
        {
            return SendOutcome.Refused($"{gateway} answers with what is no message's outcome: is it a NotifyGateway?");
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return SendOutcome.Refused(string.Create(CultureInfo.InvariantCulture, $"{gateway} has not answered within {order.Timeout.TotalSeconds:0} s"));
        }
    }

    public void Dispose() => _http.Dispose();

    /// <summary>A connection that breaks may have brought the message already: it is sent again under the same key, which makes it the same message.</summary>
    private async Task<(HttpStatusCode, byte[])> PostAsync(SendOrder order, CancellationToken cancellation)
    {
        var key = Guid.NewGuid().ToString("N");
        var body = Body(order);
        var wait = Math.Clamp((int)order.Timeout.TotalSeconds, 1, LongestWait);
        var target = new Uri(_messages, string.Create(CultureInfo.InvariantCulture, $"?wait={wait}"));
        for (var wasThere = false; ; await Task.Delay(Pause, cancellation))
        {
            using var request = Request(HttpMethod.Post, target);
            request.Headers.Add("Idempotency-Key", key);
            request.Content = new ByteArrayContent(body) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } };
            try
            {
                return await AnswerAsync(request, cancellation);
            }
            catch (HttpRequestException e) when (wasThere || e.HttpRequestError is HttpRequestError.ResponseEnded or HttpRequestError.Unknown)
            {
                wasThere = true;
            }
        }
    }

    /// <summary>Null: not to be had at the moment.</summary>
    private async Task<ReceiptBody?> AskAsync(string id, CancellationToken cancellation)
    {
        try
        {
            using var request = Request(HttpMethod.Get, new Uri($"{_messages.AbsoluteUri}/{Uri.EscapeDataString(id)}"));
            var (status, body) = await AnswerAsync(request, cancellation);
            return status == HttpStatusCode.OK ? Read(body) : null;
        }
        catch (HttpRequestException)
        {
            return null; // a gateway that restarts keeps the message
        }
    }

    private HttpRequestMessage Request(HttpMethod method, Uri target)
    {
        var request = new HttpRequestMessage(method, target);
        request.Headers.Authorization = secret is null ? null : new AuthenticationHeaderValue("Bearer", secret);
        return request;
    }

    private async Task<(HttpStatusCode Status, byte[] Body)> AnswerAsync(HttpRequestMessage request, CancellationToken cancellation)
    {
        using var response = await _http.SendAsync(request, cancellation);
        return (response.StatusCode, await response.Content.ReadAsByteArrayAsync(cancellation));
    }

    private static byte[] Body(SendOrder order)
    {
        var body = new JsonObject { ["to"] = new JsonArray([.. order.To.Select(to => (JsonNode)to)]), ["text"] = order.Text };
        foreach (var (name, value) in new[] { ("title", order.Title), ("severity", order.Severity), ("markup", order.Markup) })
        {
            if (value is not null)
            {
                body[name] = value;
            }
        }

        return Encoding.UTF8.GetBytes(body.ToJsonString());
    }

    /// <exception cref="JsonException">It is no receipt.</exception>
    private static ReceiptBody Read(byte[] body) =>
        JsonSerializer.Deserialize(body, ApiJson.Web.ReceiptBody) is { Id: not null, Status: not null, Deliveries: not null } receipt ? receipt : throw new JsonException();

    /// <summary>What a problem+json says: its errors by field, or its detail.</summary>
    private static List<string> Refusals(string who, HttpStatusCode status, byte[] body)
    {
        var lines = new List<string>();
        var problem = Problem(body);
        foreach (var (field, errors) in problem?["errors"] as JsonObject ?? [])
        {
            // What is wrong with a destination begins with its name.
            lines.AddRange((errors as JsonArray ?? []).Select(e => field is "to" ? $"{e}" : $"{field}: {e}"));
        }

        if (lines.Count == 0)
        {
            var detail = problem?["detail"] is JsonValue text ? $": {text}" : "";
            lines.Add(string.Create(CultureInfo.InvariantCulture, $"{who} {(int)status}{detail}"));
        }

        return lines;
    }

    private static JsonObject? Problem(byte[] body)
    {
        try
        {
            return JsonNode.Parse(body) as JsonObject;
        }
        catch (JsonException)
        {
            return null; // not ours: the status says enough
        }
    }
}
