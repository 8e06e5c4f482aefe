using NotifyGateway.Core;
using NotifyGateway.Core.Configuration;
using NotifyGateway.Core.Sessions;
using NotifyGateway.Tests.Support;
using Xunit;

namespace NotifyGateway.Tests.Sessions;

/// <summary>Another configuration while sessions run, down to the lines on the wire.</summary>
public sealed class ChangedSettingsTests
{
    private const string Ops = "#ops";
    private const string Refusal = ":srv 473 gateway #ops :Cannot join channel (+i)";

    [Fact]
    public async Task AddedChannel_IsJoinedOnTheOpenConnection_AndARemovedOneIsLeft()
    {
        await using var peer = ScriptedPeer.Start();
        await using var world = await SessionWorld.StartAsync(SessionWorld.Irc(peer.Port));
        var connection = await OnlineAsync(peer);

        Change(world, peer, n => n with { Channels = [new IrcChannelOptions { Name = Ops }, new IrcChannelOptions { Name = "#new", Key = "k" }] });
        await connection.JoinAsync("#new", key: "k");
        Change(world, peer, n => n with { Channels = [new IrcChannelOptions { Name = "#new", Key = "k" }] });
        await connection.ExpectAsync("PART #ops");
        await world.SayAsync("net/#new", "still here");

        await connection.ProveAsync("#new", "still here");
        Assert.Equal(["#new"], world.Status.Channels.Select(c => c.Name));
        Assert.Equal(1, peer.Connections);
    }

    [Fact]
    public async Task RemovedChannel_IsLeftOnlyWhenWhatWasAcceptedForItIsDelivered()
    {
        await using var peer = ScriptedPeer.Start();
        await using var world = await SessionWorld.StartAsync(SessionWorld.Irc(peer.Port) with { Window = 1 });
        var connection = await OnlineAsync(peer);
        var (first, second) = (await world.SayAsync("net/#ops", "one"), await world.SayAsync("net/#ops", "two"));
        var barrier = await connection.MessageAsync(Ops, "one");

        Change(world, peer, n => n with { Channels = [], Window = 1 });
        await connection.PongAsync(barrier);
        await connection.ProveAsync(Ops, "two");

        await connection.ExpectAsync("PART #ops");
        Assert.Equal(DeliveryStatus.Delivered, (await world.OutcomeAsync(first)).Outcome.Status);
        Assert.Equal(DeliveryStatus.Delivered, (await world.OutcomeAsync(second)).Outcome.Status);
    }

    [Fact]
    public async Task ChannelThatRefusedUs_IsTriedAtOnceWithItsNewKey()
    {
        await using var peer = ScriptedPeer.Start();
        var patient = SessionWorld.Irc(peer.Port) with { JoinRetry = TimeSpan.FromMinutes(5) };
        await using var world = await SessionWorld.StartAsync(patient with { Channels = [new IrcChannelOptions { Name = Ops, Key = "wrong" }] });
        var connection = await peer.WelcomeAsync();
        await connection.ExpectAsync("JOIN #ops wrong");
        await connection.SendAsync(":srv 475 gateway #ops :Cannot join channel (+k)");
        await world.StateAsync(s => s.Channels is [{ State: ChannelState.Parked }], "#ops is parked");

        Change(world, peer, n => n with { JoinRetry = patient.JoinRetry, Channels = [new IrcChannelOptions { Name = Ops, Key = "right" }] });

        await connection.JoinAsync(Ops, key: "right");
    }

    [Fact]
    public async Task Nick_IsChangedOnTheOpenConnection()
    {
        await using var peer = ScriptedPeer.Start();
        await using var world = await SessionWorld.StartAsync(SessionWorld.Irc(peer.Port));
        var connection = await OnlineAsync(peer);

        Change(world, peer, n => n with { Nick = "other" });
        await connection.ExpectAsync("NICK other");
        await connection.SendAsync(":gateway!gateway@host.example NICK other");

        await world.StateAsync(s => s.Nick == "other", "is other");
        Assert.Equal(1, peer.Connections);
    }

    [Fact]
    public async Task NickThatIsTaken_IsTakenWhenItsHolderLeaves()
    {
        await using var peer = ScriptedPeer.Start();
        await using var world = await SessionWorld.StartAsync(SessionWorld.Irc(peer.Port) with { Channels = [] });
        var connection = await peer.WelcomeAsync(isupport: "MONITOR=100");
        Change(world, peer, n => n with { Nick = "other", Channels = [] });
        await connection.ExpectAsync("NICK other");
        await connection.SendAsync(":srv 433 gateway other :Nickname is already in use");
        Change(world, peer, n => n with { Nick = "third", Channels = [] });

        await connection.ExpectAsync("NICK third");
        await connection.SendAsync(":gateway!gateway@host.example NICK third");
        await world.StateAsync(s => s.Nick == "third", "is third");
    }

    [Fact]
    public async Task OtherLogin_ReconnectsWhenWhatIsOnTheWireIsProved()
    {
        await using var peer = ScriptedPeer.Start();
        await using var world = await SessionWorld.StartAsync(SessionWorld.Irc(peer.Port));
        var connection = await OnlineAsync(peer);
        var message = await world.SayAsync("net/#ops", "on the wire");
        var barrier = await connection.MessageAsync(Ops, "on the wire");

        Change(world, peer, n => n with { RealName = "Somebody else" });
        await connection.PongAsync(barrier);
        await connection.ExpectAsync("QUIT reconnecting");
        await connection.CloseAsync();

        var next = await peer.AcceptAsync();
        await next.ExpectEventuallyAsync(l => l.StartsWith("USER ", StringComparison.Ordinal) && l.EndsWith(":Somebody else", StringComparison.Ordinal), "the new name");
        Assert.Equal((DeliveryStatus.Delivered, 1), ((await world.OutcomeAsync(message)).Outcome.Status, (await world.OutcomeAsync(message)).Attempts));
    }

    [Fact]
    public async Task RemovedNetwork_Quits_AndWhatWaitsForItIsServedWhenItReturns()
    {
        await using var peer = ScriptedPeer.Start();
        await using var world = await SessionWorld.StartAsync(SessionWorld.Irc(peer.Port));
        var connection = await OnlineAsync(peer);

        world.Sessions.Change(new GatewayOptions());
        await connection.ExpectAsync("QUIT leaving");
        await connection.CloseAsync();
        await Deadline.Poll(() => world.Sessions.Snapshot().Count == 0);
        var message = await world.SayAsync("net/#ops", "for later");
        Change(world, peer, n => n);

        var again = await OnlineAsync(peer);
        await again.ProveAsync(Ops, "for later");
        Assert.Equal(DeliveryStatus.Delivered, (await world.OutcomeAsync(message)).Outcome.Status);
    }

    [Fact]
    public async Task AddedNetwork_Connects_AndTheOtherIsNotTouched()
    {
        await using var peer = ScriptedPeer.Start();
        await using var other = ScriptedPeer.Start();
        await using var world = await SessionWorld.StartAsync(SessionWorld.Irc(peer.Port));
        var connection = await OnlineAsync(peer);

        world.Sessions.Change(Options(("net", SessionWorld.Irc(peer.Port)), ("more", SessionWorld.Irc(other.Port))));
        await OnlineAsync(other);
        await world.SayAsync("net/#ops", "next line");

        await connection.ProveAsync(Ops, "next line");
        Assert.Equal(1, peer.Connections);
        Assert.DoesNotContain("net: its settings have changed", world.Log, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Rate_IsAnotherAtOnce()
    {
        await using var peer = ScriptedPeer.Start();
        var slow = SessionWorld.Irc(peer.Port) with { LinesPerSecond = 0.001, Burst = 1 };
        await using var world = await SessionWorld.StartAsync(slow);
        var connection = await OnlineAsync(peer);
        await world.SayAsync("net/#ops", "one");
        await connection.ProveAsync(Ops, "one");
        await world.SayAsync("net/#ops", "two");

        Change(world, peer, n => n with { LinesPerSecond = 1000, Burst = 10 });

        await connection.ProveAsync(Ops, "two");
    }

    [Fact]
    public async Task KeyThatComesWithAMessageAfterTheChange_IsMaskedInTheTrafficLog()
    {
        using var folder = new TempFolder();
        await using var peer = ScriptedPeer.Start();
        var logged = SessionWorld.Irc(peer.Port) with { TrafficLog = folder["traffic.log"] };
        await using (var world = await SessionWorld.StartAsync(logged))
        {
            var connection = await OnlineAsync(peer);
            Change(world, peer, n => n with { TrafficLog = logged.TrafficLog, LinesPerSecond = 1000 });
            await Deadline.Poll(() => world.Log.Contains("net: its settings have changed", StringComparison.Ordinal));

            await world.SayAsync($"irc://127.0.0.1:{peer.Port}/#vault?key=sesame", "open");
            await connection.JoinAsync("#vault", key: "sesame");
            await connection.SendAsync(":srv 324 gateway #vault +k sesame");
            await connection.ProveAsync("#vault", "open");
        }

        var log = await File.ReadAllTextAsync(folder["traffic.log"], TestContext.Current.CancellationToken);
        Assert.Contains("324 gateway #vault +k ***", log, StringComparison.Ordinal);
    }

    [Fact]
    public async Task FallbackThatIsTakenAway_LeavesWhatWentThroughItWaiting_AndAnotherCarriesIt()
    {
        await using var peer = ScriptedPeer.Start();
        var network = SessionWorld.Irc(peer.Port) with { JoinAttempts = 1, JoinRetryAfter = TimeSpan.FromMinutes(1), FallbackChannel = "#first" };
        await using var world = await SessionWorld.StartAsync(network);
        var connection = await peer.WelcomeAsync();
        await RefuseAsync(connection);
        await world.SayAsync("net/#ops", "one");
        await connection.JoinAsync("#first");
        await connection.ExpectAsync(l => l.StartsWith("PRIVMSG #first :", StringComparison.Ordinal), "one, in the fallback");
        await connection.PongAsync((await connection.ExpectAsync(l => l.StartsWith("PING ", StringComparison.Ordinal), "the barrier"))[5..]);

        Change(world, peer, _ => network with { FallbackChannel = null });
        await connection.ExpectAsync("JOIN #ops");
        await connection.ExpectAsync("PART #first");
        await connection.SendAsync(Refusal);
        var waits = await world.SayAsync("net/#ops", "two");
        Change(world, peer, _ => network with { FallbackChannel = "#second" });
        await RefuseAsync(connection);

        await connection.JoinAsync("#second");
        await connection.ExpectAsync(l => l.StartsWith("PRIVMSG #second :", StringComparison.Ordinal) && l.Contains("two", StringComparison.Ordinal), "two, in the other fallback");
        await connection.PongAsync((await connection.ExpectAsync(l => l.StartsWith("PING ", StringComparison.Ordinal), "the barrier"))[5..]);
        Assert.Equal(DeliveryStatus.Delivered, (await world.OutcomeAsync(waits)).Outcome.Status);
    }

    [Fact]
    public async Task SessionThatWaitsAfterARefusal_TriesTheNewPasswordAtOnce()
    {
        await using var peer = ScriptedPeer.Start();
        var network = SessionWorld.Irc(peer.Port) with { ServerPassword = "wrong" };
        await using var world = await SessionWorld.StartAsync(network);
        var connection = await peer.AcceptAsync();
        await connection.ExpectEventuallyAsync(l => l == "PASS wrong", "the password");
        await connection.SendAsync(":srv 464 * :Password incorrect");
        await world.StateAsync(s => s.State == SessionState.Faulted, "is faulted");

        Change(world, peer, _ => network with { ServerPassword = "right" });

        var next = await peer.AcceptAsync();
        await next.ExpectEventuallyAsync(l => l == "PASS right", "the password");
    }

    [Fact]
    public async Task OneThatCannotBeMade_KeepsNoOtherFromItsSettings_AndIsTriedAgain()
    {
        await using var peer = ScriptedPeer.Start();
        await using var next = ScriptedPeer.Start();
        await using var world = await SessionWorld.StartAsync(SessionWorld.Irc(peer.Port));
        var connection = await OnlineAsync(peer);
        // No validator has seen this one.
        var impossible = SessionWorld.Irc(next.Port) with { Proxy = new Uri("gopher://127.0.0.1") };
        var more = SessionWorld.Irc(peer.Port) with { Channels = [new IrcChannelOptions { Name = Ops }, new IrcChannelOptions { Name = "#new" }] };

        Assert.Throws<AggregateException>(() => world.Sessions.Change(Options(("a", impossible), (SessionWorld.Network, more))));
        await connection.JoinAsync("#new");
        Assert.Throws<AggregateException>(() => world.Sessions.Change(Options(("a", impossible), (SessionWorld.Network, more))));
        world.Sessions.Change(Options(("a", impossible with { Proxy = null }), (SessionWorld.Network, more)));

        await next.WelcomeAsync();
        Assert.Equal(1, peer.Connections);
    }

    [Fact]
    public async Task OneThatCouldNotBeChanged_IsChangedByTheNextCall_ThoughNothingElseIsNew()
    {
        await using var peer = ScriptedPeer.Start();
        await using var other = ScriptedPeer.Start();
        await using var world = await SessionWorld.StartAsync(SessionWorld.Irc(peer.Port));
        await OnlineAsync(peer);
        var impossible = SessionWorld.Irc(other.Port) with { Proxy = new Uri("gopher://127.0.0.1") };
        var options = Options((SessionWorld.Network, impossible));
        Assert.Throws<AggregateException>(() => world.Sessions.Change(options));
        await world.StateAsync(s => s.State == SessionState.Online, "goes on as it was");

        Assert.Throws<AggregateException>(() => world.Sessions.Change(options));
        world.Sessions.Change(Options((SessionWorld.Network, impossible with { Proxy = null })));

        await other.WelcomeAsync();
    }

    [Fact]
    public async Task ListedChannelWithoutItsKey_IsEnteredWithTheKeyOfAMessage()
    {
        await using var peer = ScriptedPeer.Start();
        await using var world = await SessionWorld.StartAsync(SessionWorld.Irc(peer.Port) with { JoinRetry = TimeSpan.FromMilliseconds(50) });
        var connection = await peer.WelcomeAsync();
        var message = await world.SayAsync(string.Create(System.Globalization.CultureInfo.InvariantCulture, $"irc://127.0.0.1:{peer.Port}/ops?key=k"), "with the key");
        string join;
        do
        {
            join = await connection.ServeUntilAsync(l => l.StartsWith("JOIN ", StringComparison.Ordinal), "a JOIN");
            await connection.SendAsync(join == "JOIN #ops k"
                ? $":gateway!gateway@{IrcScript.Host} JOIN #ops\r\n:srv 353 gateway = #ops :gateway\r\n:srv 366 gateway #ops :End"
                : ":srv 475 gateway #ops :Cannot join channel (+k)");
        }
        while (join != "JOIN #ops k");

        await connection.ServeUntilAsync(l => l == "PRIVMSG #ops :with the key", "the message");
        var barrier = await connection.ExpectAsync(l => l.StartsWith("PING ", StringComparison.Ordinal), "the barrier");
        await connection.PongAsync(barrier[5..]);
        Assert.Equal(DeliveryStatus.Delivered, (await world.OutcomeAsync(message)).Outcome.Status);
    }

    private static async Task<PeerConnection> OnlineAsync(ScriptedPeer peer)
    {
        var connection = await peer.WelcomeAsync();
        await connection.JoinAsync(Ops);
        return connection;
    }

    private static async Task RefuseAsync(PeerConnection connection)
    {
        await connection.ExpectAsync("JOIN #ops");
        await connection.SendAsync(Refusal);
    }

    private static void Change(SessionWorld world, ScriptedPeer peer, Func<IrcOptions, IrcOptions> change) =>
        world.Sessions.Change(Options((SessionWorld.Network, change(SessionWorld.Irc(peer.Port)))));

    private static GatewayOptions Options(params (string Name, IrcOptions Network)[] networks) => new()
    {
        Irc = networks.ToDictionary(n => n.Name, n => n.Network, StringComparer.OrdinalIgnoreCase),
    };
}
