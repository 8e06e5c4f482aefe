using NotifyGateway.Core;
using NotifyGateway.Tests.Support;
using Xunit;

namespace NotifyGateway.Tests.Http;

/// <summary>What did not arrive lately, in numbers.</summary>
public sealed class LossesTests
{
    private const string Ci = $"X-Api-Key: {DoorHost.CiSecret}";
    private const string Admin = $"X-Api-Key: {DoorHost.AdminSecret}";

    private readonly ManualTime _time = new();

    [Fact]
    public async Task CountsWhatFailedOrExpired_OfOnesOwn_AndOfAllForTheAdministrator()
    {
        await using var host = await DoorHost.StartAsync(time: _time);
        await LoseAsync(host, Outcome.Failed("no such nick"), Ci);
        await LoseAsync(host, new Outcome(DeliveryStatus.Expired), Ci);
        await LoseAsync(host, Outcome.Failed("no such nick"));
        await LoseAsync(host, new Outcome(DeliveryStatus.Cancelled), Ci);
        await LoseAsync(host, Outcome.Delivered(Proof.Pong), Ci);

        Assert.Equal("""{"failed":1,"expired":1} {"failed":1,"expired":1}""", await NumbersAsync(host, Ci));
        Assert.Equal("""{"failed":1,"expired":0} {"failed":1,"expired":0}""", await NumbersAsync(host));
        Assert.Equal("""{"failed":2,"expired":1} {"failed":2,"expired":1}""", await NumbersAsync(host, Admin));
        Assert.Equal(401, (await host.GetAsync("/api/v1/summary", "X-Api-Key: wrong")).Code);
    }

    [Fact]
    public async Task ForgetsAfterAnHour_AndAfterADay()
    {
        await using var host = await DoorHost.StartAsync(time: _time);
        var since = _time.GetUtcNow();
        await LoseAsync(host, Outcome.Failed("first"));
        _time.Advance(TimeSpan.FromMinutes(59));
        Assert.Equal("""{"failed":1,"expired":0} {"failed":1,"expired":0}""", await NumbersAsync(host));

        _time.Advance(TimeSpan.FromMinutes(2));
        await LoseAsync(host, Outcome.Failed("second"));
        Assert.Equal("""{"failed":1,"expired":0} {"failed":2,"expired":0}""", await NumbersAsync(host));

        _time.Advance(TimeSpan.FromHours(23));
        Assert.Equal("""{"failed":0,"expired":0} {"failed":1,"expired":0}""", await NumbersAsync(host));
        _time.Advance(TimeSpan.FromHours(2));
        await LoseAsync(host, Outcome.Failed("third"));
        Assert.Equal("""{"failed":1,"expired":0} {"failed":1,"expired":0}""", await NumbersAsync(host));
        Assert.Equal(since, (await host.GetAsync("/api/v1/summary")).Json.GetProperty("since").GetDateTimeOffset());
    }

    private static async Task LoseAsync(DoorHost host, Outcome outcome, params string[] who)
    {
        Assert.Equal(202, (await host.PostJsonAsync("/api/v1/messages", """{"to":["net/#ops"],"text":"x"}""", who)).Code);
        await host.Outbox.SettleAllAsync("net", outcome);
    }

    private static async Task<string> NumbersAsync(DoorHost host, params string[] who)
    {
        var summary = (await host.GetAsync("/api/v1/summary", who)).Json;
        return $"{summary.GetProperty("hour").GetRawText()} {summary.GetProperty("day").GetRawText()}";
    }
}
