using System.Text.Json.Nodes;
using NotifyGateway.Tests.Support;
using Xunit;

namespace NotifyGateway.Tests.Acceptance;

/// <summary>What a real server has acknowledged, and then comes back.</summary>
public abstract class XmppBounceTests(XmppHouse house)
{
    private const string Error = """
        <error type='cancel'><remote-server-timeout xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/><text xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'>nobody there</text></error>
        """;

    private const string Reason = "remote-server-timeout: nobody there";

    [Fact]
    public async Task SentBack_Fails_WithAnEvent_AlsoAfterTheGatewayWasKilled()
    {
        var first = await DeliverAsync("the first");
        var second = await DeliverAsync("the second");

        await AssertFailsAsync(first);
        await house.Gateway.Process.Kill9Async();
        await house.Gateway.StartAsync();
        await house.Gateway.SessionAsync("work", s => s.Text("state") == "online", "is online");
        Assert.Equal("delivered", (await house.Gateway.SettledAsync(second.Text("id")!)).Text("status"));
        await AssertFailsAsync(second);
    }

    [Fact]
    public async Task AStrangersWord_ChangesNothing()
    {
        var message = await DeliverAsync("for the watcher alone");
        await using var witness = await house.WitnessAsync();
        await SendBackAsync(witness, message);
        await house.Gateway.Process.Process.Output.FirstAsync(
            l => l.Contains($"{message.Delivery().Text("id")} came back from witness@localhost/", StringComparison.Ordinal), "the word has come");

        // Whatever was made of it is on disk before what comes later.
        await AssertFailsAsync(await DeliverAsync("something later"));
        Assert.Equal("delivered", (await house.Gateway.SettledAsync(message.Text("id")!)).Text("status"));
    }

    private async Task<JsonNode> DeliverAsync(string text)
    {
        var message = await house.Gateway.PostAsync("work/watcher@localhost?message", text, wait: 10);
        Assert.Equal(("delivered", "ack"), (message.Text("status"), message.Delivery().Text("proof")));
        return message;
    }

    private async Task AssertFailsAsync(JsonNode message)
    {
        using var events = new StreamReader(await house.Gateway.Http.GetStreamAsync(new Uri("/api/v1/events", UriKind.Relative), TestContext.Current.CancellationToken));
        await SendBackAsync(house.Watcher, message);

        Assert.Equal(Reason, (await FailureAsync(events, message.Delivery().Text("id")!).Within()).Text("reason"));
        Assert.Equal(Reason, (await house.Gateway.FailedAsync(message.Text("id")!)).Delivery().Text("reason"));
    }

    private static Task SendBackAsync(XmppWatcher from, JsonNode message) =>
        from.SendAsync($"<message type='error' id='{message.Delivery().Text("id")}' to='work@localhost/notify'>{Error}</message>");

    /// <summary>The event that tells it.</summary>
    private static async Task<JsonNode> FailureAsync(StreamReader events, string delivery)
    {
        while (await events.ReadLineAsync(TestContext.Current.CancellationToken) is { } line)
        {
            if (line.StartsWith("data: ", StringComparison.Ordinal) && JsonNode.Parse(line["data: ".Length..])! is var told
                && told.Text("id") == delivery && told.Text("status") == "failed")
            {
                return told;
            }
        }

        throw new EndOfStreamException();
    }
}

public sealed class XmppBounceOnProsodyTests(ProsodyHouse house) : XmppBounceTests(house), IClassFixture<ProsodyHouse>;

public sealed class XmppBounceOnEjabberdTests(EjabberdHouse house) : XmppBounceTests(house), IClassFixture<EjabberdHouse>;
