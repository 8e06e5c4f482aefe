using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using Xunit;

namespace NotifyGateway.Tests.Acceptance;

/// <summary>
/// One destination's numbered messages at an even rate, each posted until it is accepted: again with the same Idempotency-Key when the answer was lost, so
/// that every number is one message, whatever becomes of the gateway.
/// </summary>
/// <param name="place">What the texts begin with.</param>
/// <param name="to">The destination.</param>
/// <param name="pause">Between two messages.</param>
internal sealed class SoakStream(string place, string to, TimeSpan pause)
{
    private int _accepted;

    public string Place => place;

    /// <summary>How many were accepted: the numbers below.</summary>
    public int Accepted => Volatile.Read(ref _accepted);

    /// <summary>How often a post had to be repeated.</summary>
    public int Repeated { get; private set; }

    /// <summary>Posts until it is told to stop; what it has begun it brings to its end.</summary>
    public async Task RunAsync(HttpClient http, CancellationToken stop)
    {
        using var timer = new PeriodicTimer(pause);
        while (!stop.IsCancellationRequested)
        {
            while (!await TryAsync(http))
            {
                Repeated++;
                await timer.WaitForNextTickAsync(CancellationToken.None);
            }

            Volatile.Write(ref _accepted, _accepted + 1);
            await timer.WaitForNextTickAsync(CancellationToken.None);
        }
    }

    /// <summary>Checks that all accepted were seen, and in order as each came first. Returns how many came again.</summary>
    public int Check(IEnumerable<string> seen)
    {
        var start = place + " number ";
        var numbers = seen.Where(t => t.StartsWith(start, StringComparison.Ordinal)).Select(t => int.Parse(t[start.Length..], CultureInfo.InvariantCulture)).ToList();
        var first = numbers.Distinct().ToList();
        Assert.True(first.Count == Accepted, $"{place}: {first.Count} of {Accepted} arrived; missing: {string.Join(' ', Enumerable.Range(0, Accepted).Except(first).Take(20))}");
        Assert.Equal(Enumerable.Range(0, Accepted), first);
        return numbers.Count - first.Count;
    }

    private async Task<bool> TryAsync(HttpClient http)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/v1/messages");
        request.Headers.Add("Idempotency-Key", string.Create(CultureInfo.InvariantCulture, $"{place}/{_accepted}"));
        request.Content = JsonContent.Create(new { to = new[] { to }, text = string.Create(CultureInfo.InvariantCulture, $"{place} number {_accepted}") });
        try
        {
            using var answer = await http.SendAsync(request);
            Assert.True(answer.StatusCode is HttpStatusCode.Accepted or HttpStatusCode.ServiceUnavailable, $"{place}: {(int)answer.StatusCode}: {await answer.Content.ReadAsStringAsync()}");
            return answer.StatusCode == HttpStatusCode.Accepted;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }
}
