using System.Text.Json.Nodes;
using NotifyGateway.Tests.Support;
using Xunit;

namespace NotifyGateway.Tests.Acceptance;

/// <summary>What a real server has acknowledged, and the other side sends back.</summary>
public sealed class XmppBounceTests(XmppHouse house) : IClassFixture<XmppHouse>
{
    private const string Error = "<error type='cancel'><remote-server-timeout xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/><text xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'>nobody there</text></error>";

    [Fact]
    public async Task SentBack_Fails_WithAnEvent_AlsoAfterTheGatewayWasKilled()
    {
        var first = await DeliverAsync("the first");
        var second = await DeliverAsync("the second");

        using (var events = new StreamReader(await house.Gateway.Http.GetStreamAsync(new Uri("/api/v1/events", UriKind.Relative), TestContext.Current.CancellationToken)))
        {
            await SendBackAsync(first);
            var told = await EventAsync(events, first.Delivery().Text("id")!).Within();
            Assert.Equal(("failed", "remote-server-timeout: nobody there"), (told.Text("status"), told.Text("reason")));
        }

        await FailedAsync(first);
        await house.Gateway.Process.Kill9Async();
        await house.Gateway.StartAsync();
        await house.Gateway.SessionAsync("work", s => s.Text("state") == "online", "is online");
        await SendBackAsync(second);
        await FailedAsync(second);
    }

    [Fact]
    public async Task AStrangersWord_ChangesNothing()
    {
        var message = await DeliverAsync("for the watcher alone");
        await using var witness = await house.WitnessAsync();

        await witness.SendAsync($"<message type='error' id='{message.Delivery().Text("id")}' to='work@localhost/notify'>{Error}</message>");
        await Deadline.Poll(_ => Task.FromResult(house.Gateway.Log.Contains("came back from witness@localhost", StringComparison.Ordinal)), "the word has come");
        await DeliverAsync("something later");

        Assert.Equal("delivered", (await house.Gateway.SettledAsync(message.Text("id")!)).Text("status"));
    }

    private async Task<JsonNode> DeliverAsync(string text)
    {
        var message = await house.Gateway.PostAsync("work/watcher@localhost?message", text, wait: 10);
        Assert.Equal(("delivered", "ack"), (message.Text("status"), message.Delivery().Text("proof")));
        return message;
    }

    private Task SendBackAsync(JsonNode message) =>
        house.Watcher.SendAsync($"<message type='error' id='{message.Delivery().Text("id")}' to='work@localhost/notify'>{Error}</message>");

    private Task FailedAsync(JsonNode message) => Deadline.Poll(
        async token => JsonNode.Parse(await house.Gateway.Http.GetStringAsync(new Uri($"/api/v1/messages/{message.Text("id")}", UriKind.Relative), token))!.Text("status") is "failed",
        "the message has failed");

    private static async Task<JsonNode> EventAsync(StreamReader events, string delivery)
    {
        while (await events.ReadLineAsync(TestContext.Current.CancellationToken) is { } line)
        {
            if (line.StartsWith("data: ", StringComparison.Ordinal) && JsonNode.Parse(line["data: ".Length..])!.Text("id") == delivery)
            {
                return JsonNode.Parse(line["data: ".Length..])!;
            }
        }

        throw new EndOfStreamException();
    }
}
