using System.Net;
using System.Text.Json.Nodes;
using NotifyGateway.Tests.Support;
using Xunit;

namespace NotifyGateway.Tests.Acceptance;

/// <summary>Two networks on one server; on the second somebody else has the gateway's nick.</summary>
public sealed class WaitHouse : House
{
    private IrcWatcher _thief = null!;

    /// <summary>Operator of every channel that it has made.</summary>
    internal IrcWatcher Founder { get; private set; } = null!;

    private protected override JsonObject Networks()
    {
        var net = Installation.Network(Server.Port, "#ok");
        net["Channels"]!.AsArray().Add(new JsonObject { ["Name"] = "#keyed", ["Key"] = "sesame" });
        net["JoinRetryAfter"] = "00:00:01";
        var twin = Installation.Network(Server.Port);
        twin["Nick"] = "taken";
        twin["NickFallback"] = "spare%03d";
        return new JsonObject { ["net"] = net, ["twin"] = twin };
    }

    private protected override async Task ArriveAsync()
    {
        _thief = await IrcWatcher.ConnectAsync(Server.Port, "taken");
        Founder = await IrcWatcher.ConnectAsync(Server.Port, "founder", "#ok", "#keyed sesame", "#club", "#mod", "#banned", "#wrongkey");
        await Founder.ModeAsync("#club", "+i");
        await Founder.ModeAsync("#mod", "+m");
        await Founder.ModeAsync("#wrongkey", "+k other");
    }

    private protected override Task SettleAsync() => Gateway.JoinedAsync("net", "#ok", "#keyed");

    private protected override async Task LeaveAsync()
    {
        await _thief.DisposeAsync();
        await Founder.DisposeAsync();
    }
}

/// <summary><c>?wait=</c> tells what has become of a message, in the server's own words.</summary>
public sealed class WaitTests(WaitHouse house) : IClassFixture<WaitHouse>
{
    [Fact]
    public async Task Delivered_WithProof()
    {
        using var answer = await house.Gateway.TryPostAsync(["net/#ok"], "proven", wait: 10);

        var message = JsonNode.Parse(await answer.Content.ReadAsStringAsync())!;
        Assert.Equal((HttpStatusCode.OK, "delivered"), (answer.StatusCode, message.Text("status")));
        var delivery = message.Delivery();
        Assert.Equal(("delivered", "pong", "1", null, "net/#ok"), (delivery.Text("status"), delivery.Text("proof"), delivery.Text("attempts"), delivery.Text("reason"), delivery.Text("to")));
        Assert.NotNull(delivery.Text("settledAt"));
        await house.Founder.SettleAsync();
        Assert.Contains(house.Founder.Messages.Entries, m => m is { Target: "#ok", Text: "proven" });
        Assert.Equal($"/api/v1/messages/{message.Text("id")}", answer.Headers.Location?.ToString());
    }

    [Fact]
    public async Task NickThatIsNotThere_FailsWithTheServersWords()
    {
        var message = await house.Gateway.PostAsync("net/nobody", "anybody?", wait: 10);

        Assert.Equal("failed", message.Text("status"));
        Assert.Matches("^401 .*[Nn]o such nick", message.Delivery().Text("reason")!);
        Assert.Null(message.Delivery().Text("proof"));
    }

    [Fact]
    public async Task ModeratedChannel_FailsWithTheServersWordsAndWorksOnceItIsOpen()
    {
        var refused = await house.Gateway.PostAsync("net/#mod", "unheard", wait: 10);
        await house.Founder.ModeAsync("#mod", "-m");
        var heard = await house.Gateway.PostAsync("net/#mod", "heard", wait: 10);

        Assert.Equal("failed", refused.Text("status"));
        Assert.Matches("^404 .*[Cc]annot send", refused.Delivery().Text("reason")!);
        Assert.Equal("delivered", heard.Text("status"));
        Assert.Equal("heard", (await house.Founder.MessagesAsync("#mod", 1))[0].Text);
    }

    [Fact]
    public async Task ImpossibleChannel_FailsAtOnce()
    {
        var message = await house.Gateway.PostAsync("net/#" + new string('x', 60), "too long a name", wait: 10);

        Assert.Equal("failed", message.Text("status"));
        Assert.Matches("^(403|476|479) ", message.Delivery().Text("reason")!);
    }

    [Theory]
    [InlineData("#invite", "^473 ")]
    [InlineData("#wrongkey", "^475 ")]
    public async Task ClosedChannel_StaysQueuedWithTheReasonWhileOthersGoOn(string channel, string reason)
    {
        using var answer = await house.Gateway.TryPostAsync([$"net/{channel}", "net/#ok"], $"for {channel} and #ok", wait: 1);
        var message = JsonNode.Parse(await answer.Content.ReadAsStringAsync())!;
        var others = await house.Gateway.PostAsync("net/#ok", "right through", wait: 10);

        Assert.Equal((HttpStatusCode.Accepted, "queued"), (answer.StatusCode, message.Text("status")));
        var closed = message["deliveries"]!.AsArray().Single(d => d!.Text("to") == $"net/{channel}")!;
        var open = message["deliveries"]!.AsArray().Single(d => d!.Text("to") == "net/#ok")!;
        Assert.Equal(("queued", "delivered"), (closed.Text("status"), open.Text("status")));
        Assert.Matches(reason, closed.Text("reason")!);
        Assert.Equal("delivered", others.Text("status"));
        var session = await house.Gateway.SessionAsync("net", s => s["channels"]!.AsArray().Any(c => c!.Text("name") == channel && c!.Text("state") == "parked"), "has parked it");
        Assert.Matches(reason, session["channels"]!.AsArray().Single(c => c!.Text("name") == channel)!.Text("reason")!);
    }

    [Fact]
    public async Task ClosedChannelThatOpens_GetsWhatWaited()
    {
        var first = await house.Gateway.PostAsync("net/#club", "waited first", wait: 1);
        var second = await house.Gateway.PostAsync("net/#club", "waited second");
        Assert.Matches("^473 ", first.Delivery().Text("reason")!);

        await house.Founder.ModeAsync("#club", "-i");

        Assert.Equal(["waited first", "waited second"], (await house.Founder.MessagesAsync("#club", 2)).Select(m => m.Text));
        Assert.Equal("delivered", (await house.Gateway.SettledAsync(first.Text("id")!)).Text("status"));
        Assert.Equal("delivered", (await house.Gateway.SettledAsync(second.Text("id")!)).Text("status"));
    }

    [Fact]
    public async Task Ban_IsToldInTheServersWords()
    {
        await house.Founder.ModeAsync("#banned", "+b gateway!*@*");

        var message = await house.Gateway.PostAsync("net/#banned", "unwelcome", wait: 1);

        Assert.Equal("queued", message.Text("status"));
        Assert.Matches("^474 ", message.Delivery().Text("reason")!);
    }

    [Fact]
    public async Task KeyedChannel_IsJoinedWithItsKey()
    {
        var message = await house.Gateway.PostAsync("net/#keyed", "with the key", wait: 10);

        Assert.Equal("delivered", message.Text("status"));
        await house.Founder.SettleAsync();
        Assert.Contains(house.Founder.Messages.Entries, m => m is { Target: "#keyed", Text: "with the key" });
    }

    [Fact]
    public async Task TakenNick_IsReplacedByTheFallback()
    {
        var message = await house.Gateway.PostAsync("twin/#ok", "under another name", wait: 10);

        Assert.Equal("delivered", message.Text("status"));
        await house.Founder.SettleAsync();
        var seen = Assert.Single(house.Founder.Messages.Entries, m => m.Text == "under another name");
        Assert.Matches("^spare[0-9]{3}$", seen.Nick);
        var session = await house.Gateway.SessionAsync("twin", s => s.Text("state") == "online", "is online");
        Assert.Equal(seen.Nick, session.Text("nick"));
    }

    [Fact]
    public async Task UnknownDestination_Is422AndNothingIsSent()
    {
        using var answer = await house.Gateway.TryPostAsync(["net/#ok", "nowhere/#x"], "half known", wait: 1);

        Assert.Equal(HttpStatusCode.UnprocessableEntity, answer.StatusCode);
        Assert.Contains("nowhere/#x", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        await house.Gateway.PostAsync("net/#ok", "after the unknown", wait: 10);
        await house.Founder.SettleAsync();
        Assert.DoesNotContain(house.Founder.Messages.Entries, m => m.Text == "half known");
    }
}
