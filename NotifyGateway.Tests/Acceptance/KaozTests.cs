using System.Text.Json.Nodes;
using NotifyGateway.Tests.Sessions;
using NotifyGateway.Tests.Support;
using Xunit;

namespace NotifyGateway.Tests.Acceptance;

/// <summary>A real network, and a scripted one where the nick <c>alice</c> is.</summary>
public sealed class KaozHouse : House
{
    private readonly ScriptedPeer _peer = ScriptedPeer.Start();

    internal PeerConnection Scripted { get; private set; } = null!;

    internal IrcWatcher Watcher { get; private set; } = null!;

    private protected override JsonObject Networks()
    {
        var scripted = Installation.Network(_peer.Port);
        scripted["Users"] = new JsonArray("alice");
        scripted["JoinUnlisted"] = false;
        return new JsonObject { ["net"] = Installation.Network(Server.Port, "#zeta", "#alpha", "#mid"), ["scripted"] = scripted };
    }

    private protected override async Task ArriveAsync() => Watcher = await IrcWatcher.ConnectAsync(Server.Port, "watcher", "#zeta", "#alpha", "#mid");

    private protected override async Task SettleAsync()
    {
        Scripted = await _peer.WelcomeAsync();
        await Gateway.SessionAsync("scripted", s => s.Text("state") == "online", "is online");
        await Gateway.JoinedAsync("net", "#zeta", "#alpha", "#mid");
    }

    private protected override async Task LeaveAsync()
    {
        await Watcher.DisposeAsync();
        await _peer.DisposeAsync();
    }
}

/// <summary>Kaoz's clients, unchanged: <c>printf 'secret:#channel:text' | nc</c>.</summary>
public sealed class KaozTests(KaozHouse house) : IClassFixture<KaozHouse>
{
    private const string Secret = Installation.KaozSecret;

    [Theory]
    [InlineData("\n")]
    [InlineData("\r\n")]
    public async Task LastLine_NeedsNoEnd(string end)
    {
        var mark = Guid.NewGuid().ToString("N");

        await LineClient.SendAllAsync(house.Gateway.KaozPort, $"{Secret}:#zeta:first {mark}{end}{Secret}:#zeta:a : b {mark}{end}{Secret}:#zeta:last {mark}");

        var seen = await house.Watcher.Messages.CollectAsync(m => m.Text.EndsWith(mark, StringComparison.Ordinal), 3, "all three lines");
        Assert.Equal([$"first {mark}", $"a : b {mark}", $"last {mark}"], seen.Select(m => m.Text));
        Assert.All(seen, m => Assert.Equal("#zeta", m.Target));
    }

    [Fact]
    public async Task LastLineWithoutEnd_ArrivesThoughTheSenderHasVanished()
    {
        await using (var client = await LineClient.ConnectAsync(house.Gateway.KaozPort))
        {
            await client.SendAsync($"{Secret}:#mid:sent and gone");
        }

        await house.Watcher.Messages.FirstAsync(m => m is { Target: "#mid", Text: "sent and gone" }, "the only line");
    }

    [Fact]
    public async Task TargetWithoutPrefix_IsANickAndNeedsNoJoin()
    {
        await LineClient.SendAllAsync(house.Gateway.KaozPort, $"{Secret}:alice:good morning\n{Secret}:alice:good night");

        // The very next lines that the server hears: no JOIN before them, and nothing else to alice's network.
        await house.Scripted.ProveAsync("alice", "good morning");
        await house.Scripted.ProveAsync("alice", "good night");
    }

    [Fact]
    public async Task Channels_AreAnsweredSortedWhileTheConnectionStaysOpen()
    {
        await using var client = await LineClient.ConnectAsync(house.Gateway.KaozPort);

        await client.SendAsync($"{Secret}::channels\n");
        Assert.Equal("#alpha", await client.ReadLineAsync());
        Assert.Equal("#mid", await client.ReadLineAsync());
        Assert.Equal("#zeta", await client.ReadLineAsync());

        await client.SendAsync($"{Secret}::topics\n");
        Assert.Equal("Unknown command: topics", await client.ReadLineAsync());

        // No answer to messages, and the connection is as good as before.
        await client.SendAsync($"{Secret}:#alpha:after the commands\n");
        await house.Watcher.Messages.FirstAsync(m => m is { Target: "#alpha", Text: "after the commands" }, "the message");
        Assert.Equal("", await client.FinishAsync());
    }

    [Fact]
    public async Task WrongSecret_IsLoggedWithoutItsLineAndSendsNothing()
    {
        var before = house.Gateway.Process.Process.Output.Entries.Count;

        await LineClient.SendAllAsync(house.Gateway.KaozPort, $"wr0ng-guess:#alpha:forged text\nwr0ng-guess::channels\n{Secret}:#alpha:behind the forged one\n");
        await house.Watcher.Messages.FirstAsync(m => m is { Target: "#alpha", Text: "behind the forged one" }, "the line with the right secret");

        var log = house.Gateway.Process.Process.Output;
        var refusal = await log.FirstAsync(l => l.Contains("kaoz", StringComparison.Ordinal) && l.Contains("refused", StringComparison.Ordinal), "the refusal in the log", from: before);
        Assert.Contains("secret", refusal, StringComparison.Ordinal);
        Assert.DoesNotContain("wr0ng-guess", house.Gateway.Log, StringComparison.Ordinal);
        Assert.DoesNotContain("forged", house.Gateway.Log, StringComparison.Ordinal);
        await house.Watcher.SettleAsync();
        Assert.DoesNotContain(house.Watcher.Messages.Entries, m => m.Text.Contains("forged text", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData($"{Secret}:")]
    [InlineData($"{Secret}:nothing more")]
    [InlineData($"{Secret}:#alpha:")]
    [InlineData(":::")]
    [InlineData("")]
    public async Task OddLine_CostsNoConnection(string line)
    {
        await using var client = await LineClient.ConnectAsync(house.Gateway.KaozPort);
        var text = $"after '{line.Replace(Secret, "", StringComparison.Ordinal)}' it goes on";

        await client.SendAsync($"{line}\n{Secret}:#mid:{text}\n");

        await house.Watcher.Messages.FirstAsync(m => m.Target == "#mid" && m.Text == text, "the next line");
    }

    [Fact]
    public async Task InvalidUtf8_IsReadAsLatin1()
    {
        await using var client = await LineClient.ConnectAsync(house.Gateway.KaozPort);

        await client.SendAsync(System.Text.Encoding.Latin1.GetBytes($"{Secret}:#mid:caf\u00e9 ol\u00e9\n{Secret}:#mid:plain\n"));

        var seen = await house.Watcher.Messages.CollectAsync(m => m.Target == "#mid" && (m.Text.StartsWith("caf", StringComparison.Ordinal) || m.Text == "plain"), 2, "both lines");
        Assert.Equal(["caf\u00e9 ol\u00e9", "plain"], seen.Select(m => m.Text));
    }
}
