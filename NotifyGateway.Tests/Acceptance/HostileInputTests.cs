using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using NotifyGateway.Tests.Support;
using Xunit;

namespace NotifyGateway.Tests.Acceptance;

/// <summary>A network with somebody who sees what arrives in <c>#in</c>.</summary>
public sealed class HostileHouse : House
{
    internal IrcWatcher Watcher { get; private set; } = null!;

    private protected override JsonObject Networks() => new() { ["net"] = Installation.Network(Server.Port, "#in") };

    private protected override async Task ArriveAsync() => Watcher = await IrcWatcher.ConnectAsync(Server.Port, "watcher", "#in");

    private protected override Task SettleAsync() => Gateway.JoinedAsync("net", "#in");

    private protected override async Task LeaveAsync() => await Watcher.DisposeAsync();
}

/// <summary>What senders may do wrong costs at most a line in the log: nobody else, and not even their own connection, suffers.</summary>
public sealed class HostileInputTests(HostileHouse house) : IClassFixture<HostileHouse>
{
    public static TheoryData<string> BadLines() => [.. Bad.Keys];

    private static readonly Dictionary<string, byte[]> Bad = new(StringComparer.Ordinal)
    {
        ["invalid UTF-8 in the address"] = [.. "{\"to\":\"irc://elsewhere.test/"u8, 0xc3, 0x28, 0xff, .. "\",\"privmsg\":\"x\"}"u8],
        ["invalid UTF-8 alone"] = [0x80, 0xfe, 0xff, 0xc0, 0xaf],
        ["a lone surrogate in the address"] = Encoding.ASCII.GetBytes("""{"to":"irc://elsewhere.test/\ud800","privmsg":"x"}"""),
        ["100,000 nested lists"] = [.. Enumerable.Repeat((byte)'[', 100_000)],
        ["60,000 nested lists, which fit into a line"] = [.. "{\"to\":"u8, .. Enumerable.Repeat((byte)'[', 60_000)],
        ["12,000 nested objects, which fit into a line"] = Encoding.ASCII.GetBytes(string.Concat(Enumerable.Repeat("""{"":""", 12_000)) + "1" + new string('}', 12_000)),
        ["a line of 300 KB"] = Encoding.ASCII.GetBytes("""{"to":"irc://127.0.0.1/in","privmsg":" """ + new string('x', 300_000) + "\"}"),
        ["no JSON"] = "hello"u8.ToArray(),
        ["half an object"] = "{\"to\":"u8.ToArray(),
        ["two objects"] = "{}{}"u8.ToArray(),
        ["a list"] = "[1,2]"u8.ToArray(),
        ["a number"] = "42"u8.ToArray(),
        ["null"] = "null"u8.ToArray(),
        ["an empty object"] = "{}"u8.ToArray(),
        ["no text"] = "{\"to\":\"irc://127.0.0.1/in\"}"u8.ToArray(),
        ["a number for a text"] = "{\"to\":\"irc://127.0.0.1/in\",\"privmsg\":7}"u8.ToArray(),
        ["an object for an address"] = "{\"to\":{\"a\":1},\"privmsg\":\"x\"}"u8.ToArray(),
        ["a list of numbers for an address"] = "{\"to\":[1,null],\"privmsg\":\"x\"}"u8.ToArray(),
        ["no address in the list"] = "{\"to\":[],\"privmsg\":\"x\"}"u8.ToArray(),
        ["no URL"] = "{\"to\":\"http://[::1/in\",\"privmsg\":\"x\"}"u8.ToArray(),
        ["a port beyond all ports"] = "{\"to\":\"irc://127.0.0.1:99999999999/in\",\"privmsg\":\"x\"}"u8.ToArray(),
        ["a NUL"] = [0],
    };

    [Theory]
    [MemberData(nameof(BadLines))]
    public async Task BadLine_CostsOneLogLineAndTheConnectionGoesOn(string what)
    {
        var log = house.Gateway.Process.Process.Output;
        var before = log.Entries.Count;
        await using var client = await LineClient.ConnectAsync(house.Gateway.IrkerPort);

        await client.SendAsync((byte[])[.. Bad[what], (byte)'\n', .. Encoding.UTF8.GetBytes(Good($"behind {what}") + "\n")]);
        await SeenAsync($"behind {what}");
        await client.SendAsync(Good($"later than {what}") + "\n");
        await SeenAsync($"later than {what}");

        // What an earlier test's dead server makes its session say is not this line's doing.
        var lines = log.Entries.Skip(before).Where(l => !l.Contains("Sessions.Multiplexer[", StringComparison.Ordinal)).ToList();
        Assert.True(lines.Count <= 1, string.Join('\n', lines));
        Assert.All(lines, l => Assert.InRange(l.Length, 1, 500));
    }

    [Fact]
    public async Task InvalidUtf8AndLoneSurrogates_InATextAreReplacedAndTheTextArrives()
    {
        var to = $"{house.Url}in";
        await using var client = await LineClient.ConnectAsync(house.Gateway.IrkerPort);

        await client.SendAsync(Encoding.Latin1.GetBytes($$"""{"to":"{{to}}","privmsg":"latin caf{{(char)0xe9}} end"}""" + "\n"));
        await client.SendAsync($$"""{"to":"{{to}}","privmsg":"lone \ud800 end"}""" + "\n");

        var seen = await house.Watcher.Messages.CollectAsync(m => m.Text.EndsWith(" end", StringComparison.Ordinal), 2, "both texts");
        Assert.Contains(seen[0].Text, (string[])["latin caf\u00e9 end", "latin caf\ufffd end"]);
        Assert.Matches("^lone .{0,3} end$", seen[1].Text);
    }

    [Fact]
    public async Task IdleClients_BlockNobody()
    {
        var log = house.Gateway.Process.Process.Output;
        var before = log.Entries.Count;
        var idle = new List<LineClient>();
        foreach (var port in new[] { house.Gateway.IrkerPort, house.Gateway.KaozPort, house.Gateway.NetcatPort })
        {
            for (var i = 0; i < 200; i++)
            {
                idle.Add(await LineClient.ConnectAsync(port));
            }
        }

        // Every second one has begun a line and does not finish it.
        foreach (var client in idle.Where((_, i) => i % 2 == 0))
        {
            await client.SendAsync("{\"to\":\"");
        }

        await house.Gateway.IrkerAsync(Good("TCP beside the idle"));
        await house.Gateway.UdpAsync(Good("UDP beside the idle"));
        await LineClient.SendAllAsync(house.Gateway.KaozPort, $"{Installation.KaozSecret}:#in:Kaoz beside the idle");
        await LineClient.SendAllAsync(house.Gateway.NetcatPort, "#in netcat beside the idle");
        var posted = await house.Gateway.PostAsync("net/#in", "HTTP beside the idle", wait: 10);

        Assert.Equal("delivered", posted.Text("status"));
        await house.Watcher.Messages.CollectAsync(m => m.Text.EndsWith("beside the idle", StringComparison.Ordinal), 5, "one of each door");
        foreach (var client in idle)
        {
            await client.DisposeAsync();
        }

        // Each of the begun lines is refused when its sender goes, and says so: not in the middle of another test.
        await log.CollectAsync(l => l.Contains(" was refused: ", StringComparison.Ordinal), idle.Count / 2, "a line for each that was never finished", from: before);
    }

    [Fact]
    public async Task LineEndsAndNulInAText_StartNoCommand()
    {
        await using var peer = ScriptedPeer.Start();
        var to = $"irc://127.0.0.1:{peer.Port}/room";
        await house.Gateway.IrkerAsync(
            $$"""{"to":"{{to}}","privmsg":"a\rQUIT :by CR"}""",
            $$"""{"to":"{{to}}","privmsg":"b\u0000QUIT :by NUL"}""",
            $$"""{"to":"{{to}}","privmsg":"c\r\nPRIVMSG #other :by CR LF\nNICK evil"}""",
            $$"""{"to":"{{to}}","privmsg":"d\u2028\u0085NICK evil"}""",
            $$"""{"to":"{{to}},isnick\r\nQUIT","privmsg":"x"}""",
            $$"""{"to":"{{to}}%0d%0aQUIT","privmsg":"x"}""",
            $$"""{"to":"{{to}}?key=a%0aQUIT","privmsg":"x"}""",
            Good("last of the tricks", to));

        var connection = await peer.AcceptAsync();
        var nick = (await connection.ExpectEventuallyAsync(l => l.StartsWith("NICK ", StringComparison.Ordinal), "NICK"))[5..];
        await connection.SendAsync($":srv 001 {nick} :Welcome", $":srv 376 {nick} :End");
        await connection.ExpectEventuallyAsync(l => l == "JOIN #room", "JOIN");
        await connection.SendAsync($":{nick}!u@h JOIN #room");
        await connection.ServeUntilAsync(l => l == "PRIVMSG #room :last of the tricks", "the last message");

        var commands = connection.Received.Entries.Where(l => !l.StartsWith("PRIVMSG #room :", StringComparison.Ordinal)).Select(l => l.Split(' ')[0]);
        Assert.Equal(["CAP", "JOIN", "NICK", "PING", "USER", "USERHOST"], commands.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal));
        Assert.Single(connection.Received.Entries, l => l.StartsWith("JOIN", StringComparison.Ordinal));
        Assert.Single(connection.Received.Entries, l => l.StartsWith("NICK", StringComparison.Ordinal));
        Assert.All(connection.Received.Entries, l => Assert.Equal(-1, l.AsSpan().IndexOfAny('\r', '\0')));
    }

    [Fact]
    public async Task WideCharacters_AreCutByBytesAndAllArrive()
    {
        var text = string.Concat(Enumerable.Range(0, 480).Select(i => char.ConvertFromUtf32(0x4e00 + i)));
        var before = await house.Gateway.SessionAsync("net", s => s.Text("state") == "online", "is online");

        var posted = await house.Gateway.PostAsync("net/#in", text, wait: 10);

        Assert.Equal("delivered", posted.Text("status"));
        await house.Watcher.SettleAsync();
        var parts = house.Watcher.Messages.Entries.Where(m => m.Text[0] is >= '\u4e00' and <= '\u4fff').ToList();
        Assert.Equal(text, string.Concat(parts.Select(m => m.Text)));
        var lines = house.Watcher.Lines.Entries.Where(l => l.Contains(" PRIVMSG #in :\u00e4", StringComparison.Ordinal)).ToList();
        Assert.Equal(parts.Count, lines.Count);
        Assert.All(lines, l => Assert.InRange(l.Length, 1, 510));

        // As few lines as there can be: all but the last leave no room for one more character of three bytes.
        Assert.All(lines.SkipLast(1), l => Assert.InRange(l.Length, 508, 510));
        var after = await house.Gateway.SessionAsync("net", s => s.Text("state") == "online", "is online");
        Assert.Equal(before.Text("since"), after.Text("since"));
    }

    private string Good(string text, string? to = null) => Installation.Irker(to ?? house.Url + "in", text);

    private Task<WatchedMessage> SeenAsync(string text) => house.Watcher.Messages.FirstAsync(m => m.Target == "#in" && m.Text == text, text);
}
