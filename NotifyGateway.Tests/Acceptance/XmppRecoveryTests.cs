using System.Globalization;
using NotifyGateway.Tests.Support;
using Xunit;

namespace NotifyGateway.Tests.Acceptance;

/// <summary>Whatever happens to an XMPP server or to our connection, what was accepted arrives, in order.</summary>
public abstract class XmppRecoveryTests(XmppHouse house, ITestOutputHelper output)
{
    /// <summary>Of one connection that ends and is not taken up again.</summary>
    private const int Window = 32;

    private const int Count = 200;
    private const int Cuts = 10;

    [Fact]
    public async Task CutConnections_AreResumed_AndNothingIsLostOrRepeated()
    {
        await house.Gateway.JoinedAsync("cut", XmppHouse.Open);
        await using var witness = await house.WitnessAsync();
        var posted = PostAsync("cut");
        for (var cuts = 1; cuts <= Cuts; cuts++)
        {
            await witness.Messages.CollectAsync(InRoom("cut"), cuts * (Count / (Cuts + 1)), "the stream flows");
            house.Wire.Cut();
            house.Wire.Plug();
        }

        await posted;
        await SentAsync();

        Assert.Equal(Expected("cut"), (await witness.Messages.CollectAsync(InRoom("cut"), Count, "all in the room")).Select(m => m.Body));
        Assert.Equal(Expected("cut"), (await witness.Messages.CollectAsync(Alone("cut"), Count, "all to the user")).Select(m => m.Body));
        Assert.Equal(2 * Count, witness.Messages.Entries.Count);
        await Deadline.Poll(() => house.Server.Resumptions >= 1, "the server's log tells of resumptions");
        output.WriteLine($"{house.Server.Resumptions} of {Cuts} streams resumed");
    }

    /// <summary>The cuts are as many as in the other test; with a restart among them some of what was sent has to be sent again.</summary>
    [Fact]
    public async Task CutConnectionsAndARestartUnderLoad_KeepEverythingInOrder()
    {
        await house.Gateway.JoinedAsync("cut", XmppHouse.Open);
        await using var before = await house.WitnessAsync();
        var posted = PostAsync("restart");
        await CutAsync(before, "restart", 0);
        house.Wire.Cut();
        await CatchUpAsync(before);
        await house.Server.StopAsync();
        await house.Server.StartAgainAsync();
        await using var after = await house.WitnessAsync();
        house.Wire.Plug();
        await CutAsync(after, "restart", before.Messages.Entries.Count(InRoom("restart")));
        await posted;
        await SentAsync();
        var last = Expected("restart").Last();
        foreach (var place in new[] { InRoom("restart"), Alone("restart") }.Where(p => !before.Messages.Entries.Any(m => p(m) && m.Body == last)))
        {
            // Proved is not yet read by the witness.
            await after.Messages.CollectAsync(m => place(m) && m.Body == last, 1, "the last message");
        }

        var messages = before.Messages.Entries.Concat(after.Messages.Entries).ToList();
        foreach (var place in new[] { InRoom("restart"), Alone("restart") })
        {
            var seen = messages.Where(place).Select(m => m.Body).ToList();
            var first = seen.Distinct(StringComparer.Ordinal).ToList();
            Assert.Empty(Expected("restart").Except(first, StringComparer.Ordinal));
            Assert.Equal(Expected("restart"), first);
            Assert.InRange(seen.Count - first.Count, 0, Window);
        }

        output.WriteLine($"{before.Messages.Entries.Count} before the stop, {messages.Count - 1 - (2 * Count)} repeated");
    }

    /// <summary>
    /// What the server has proved to the gateway, it may still owe the witness, and a server that stops pays no debts. So the witness waits for a word of
    /// its own, which comes behind.
    /// </summary>
    private static async Task CatchUpAsync(XmppWatcher witness)
    {
        await witness.SendAsync($"<message type='groupchat' to='{XmppHouse.Open}'><body>caught up</body></message>");
        await witness.Messages.FirstAsync(m => m is { From: XmppHouse.Open + "/witness", Body: "caught up" }, "the witness has caught up");
    }

    /// <summary>Half of all cuts, while the stream flows.</summary>
    private async Task CutAsync(XmppWatcher witness, string what, int seen)
    {
        for (var cuts = 1; cuts <= Cuts / 2; cuts++)
        {
            await witness.Messages.CollectAsync(InRoom(what), Math.Min(cuts * (Count / (Cuts + 2)), (Count - seen) * cuts / Cuts), "the stream flows");
            house.Wire.Cut();
            house.Wire.Plug();
        }
    }

    /// <summary>Each to the room and to the user.</summary>
    private async Task PostAsync(string what)
    {
        foreach (var text in Expected(what))
        {
            await house.Gateway.PostAsync([$"cut/{XmppHouse.Open}?join", "cut/witness@localhost?message"], text);
        }
    }

    private async Task SentAsync() => await house.Gateway.SessionAsync("cut", s => s["queued"]!.GetValue<long>() == 0, "has nothing queued");

    private static IEnumerable<string> Expected(string what) =>
        Enumerable.Range(0, Count).Select(n => string.Create(CultureInfo.InvariantCulture, $"{what} number {n}"));

    private static Func<XmppWatched, bool> InRoom(string what) => From($"{XmppHouse.Open}/cut", what);

    private static Func<XmppWatched, bool> Alone(string what) => From("cut@localhost/notify", what);

    private static Func<XmppWatched, bool> From(string from, string what) => m => m.From == from && m.Body.StartsWith(what + " number", StringComparison.Ordinal);
}

public sealed class XmppRecoveryOnProsodyTests(ProsodyHouse house, ITestOutputHelper output) : XmppRecoveryTests(house, output), IClassFixture<ProsodyHouse>;

public sealed class XmppRecoveryOnEjabberdTests(EjabberdHouse house, ITestOutputHelper output) : XmppRecoveryTests(house, output), IClassFixture<EjabberdHouse>;
