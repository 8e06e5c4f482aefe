using System.Net;
using System.Net.Sockets;
using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using NotifyGateway.Api.Sandbox;
using NotifyGateway.Tests.Support;
using Xunit;

namespace NotifyGateway.Tests.Sandbox;

public sealed class SandboxServerTests : IAsyncLifetime
{
    private SandboxServer _server = null!;

    private int Port => _server.Endpoint.Port;

    public async ValueTask InitializeAsync() => _server = await StartAsync();

    public async ValueTask DisposeAsync() => await _server.DisposeAsync();

    [Fact]
    public async Task Registers_ClientThatNegotiatesCapabilities_AtCapEnd()
    {
        await using var client = await IrcWatcher.OpenAsync(Port);
        await client.SendAsync("CAP LS 302", "NICK alice", "USER al!ce 0 * :Alice", "CAP REQ :sasl", "PING :not-yet", "CAP END");

        await client.NumericAsync("376");
        var lines = client.Lines.Entries;
        Assert.Equal(":sandbox.localhost CAP * LS :", lines[0]);
        Assert.Equal(":sandbox.localhost CAP alice NAK :sasl", lines[1]);
        Assert.Equal(":sandbox.localhost PONG sandbox.localhost :not-yet", lines[2]);
        Assert.Equal(":sandbox.localhost 001 alice :Welcome to the sandbox, alice!alce@127.0.0.1", lines[3]);
        Assert.Equal(["002", "003", "004", "005"], lines.Skip(4).Take(4).Select(line => line.Split(' ')[1]));
        var support = lines[7].Split(' ');
        Assert.All(["NETWORK=sandbox", "CHANTYPES=#", "CASEMAPPING=rfc1459", "NICKLEN=30", "CHANLIMIT=#:50", "LINELEN=512"], token => Assert.Contains(token, support));
    }

    [Fact]
    public async Task Registers_ClientThatSendsEachByteAlone_AndEndsLinesWithLf()
    {
        await using var client = await IrcWatcher.OpenAsync(Port);
        foreach (var octet in Encoding.ASCII.GetBytes("NICK bob\nUSER bob 0 * :Bob\n"))
        {
            await client.SendRawAsync(new[] { octet });
        }

        await client.NumericAsync("001");
    }

    [Theory]
    [InlineData("JOIN #x", "451 * :You have not registered")]
    [InlineData("NICK", "431 * :No nickname given")]
    [InlineData("NICK 1st", "432 * 1st :Erroneous nickname")]
    [InlineData("NICK a!b", "432 * a!b :Erroneous nickname")]
    [InlineData("NICK {taken}", "433 * {taken} :Nickname is already in use")]
    [InlineData("USER a 0 *", "461 * USER :Not enough parameters")]
    [InlineData("CAP HUH", "410 * HUH :Invalid CAP command")]
    public async Task Refuses_BeforeRegistration(string line, string answer)
    {
        await using var holder = await IrcWatcher.ConnectAsync(Port, "[Taken]");
        await using var client = await IrcWatcher.OpenAsync(Port);
        await client.SendAsync(line);

        Assert.Equal(":sandbox.localhost " + answer, await client.Lines.AtAsync(0, answer));
    }

    [Theory]
    [InlineData("FLY", "421 me FLY :Unknown command")]
    [InlineData("JOIN", "461 me JOIN :Not enough parameters")]
    [InlineData("JOIN here", "403 me here :No such channel")]
    [InlineData("PART #nowhere", "403 me #nowhere :No such channel")]
    [InlineData("PART #theirs", "442 me #theirs :You're not on that channel")]
    [InlineData("PRIVMSG #nowhere :x", "403 me #nowhere :No such channel")]
    [InlineData("PRIVMSG #theirs :x", "404 me #theirs :Cannot send to channel")]
    [InlineData("PRIVMSG nobody :x", "401 me nobody :No such nick/channel")]
    [InlineData("PRIVMSG", "411 me :No recipient given (PRIVMSG)")]
    [InlineData("PRIVMSG other", "412 me :No text to send")]
    [InlineData("USER a b c d", "462 me :You may not reregister")]
    [InlineData("PING", "409 me :No origin specified")]
    [InlineData("MODE me +i", "221 me +")]
    [InlineData("MODE other", "502 me :Cannot change mode for other users")]
    [InlineData("MODE #theirs", "324 me #theirs +n")]
    [InlineData("MODE #theirs b", "368 me #theirs :End of channel ban list")]
    [InlineData("MODE #theirs +o me", "482 me #theirs :You're not channel operator")]
    [InlineData("TOPIC #theirs", "442 me #theirs :You're not on that channel")]
    [InlineData("NAMES #THEIRS", "353 me = #theirs :other")]
    [InlineData("NAMES #nowhere", "366 me #nowhere :End of NAMES list")]
    [InlineData("LIST", "322 me #theirs 1 :")]
    [InlineData("LIST #nowhere", "323 me :End of LIST")]
    [InlineData("WHO #theirs", "352 me #theirs other 127.0.0.1 sandbox.localhost other H :0 watcher")]
    [InlineData("WHO nobody", "315 me nobody :End of WHO list")]
    [InlineData("WHOIS OTHER", "311 me other other 127.0.0.1 * :watcher")]
    [InlineData("WHOIS nobody", "401 me nobody :No such nick/channel")]
    [InlineData("USERHOST other nobody me", "302 me :other=+other@127.0.0.1 me=+me@127.0.0.1")]
    [InlineData("ISON nobody Other", "303 me :other")]
    [InlineData("motd", "375 me :- sandbox.localhost -")]
    [InlineData("@tag=1 :me FLY", "421 me FLY :Unknown command")]
    public async Task Answers_RegisteredClient(string line, string answer)
    {
        await using var other = await IrcWatcher.ConnectAsync(Port, "other", "#theirs");
        await using var client = await IrcWatcher.ConnectAsync(Port, "me");
        await client.NumericAsync("376");
        var before = client.Lines.Entries.Count;
        await client.SendAsync(line);

        Assert.Equal(":sandbox.localhost " + answer, await client.Lines.AtAsync(before, answer));
    }

    [Theory]
    [InlineData("NOTICE nobody :x")]
    [InlineData("NOTICE #nowhere :x")]
    [InlineData("NOTICE other")]
    [InlineData("")]
    [InlineData("   ")]
    [InlineData("@only-tags")]
    public async Task SaysNothing_ToNoticesAndEmptyLines(string line)
    {
        await using var client = await IrcWatcher.ConnectAsync(Port, "me");
        await client.NumericAsync("376");
        var before = client.Lines.Entries.Count;
        await client.SendAsync(line);
        await client.SettleAsync();

        Assert.Contains(" PONG ", Assert.Single(client.Lines.Entries.Skip(before)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Relays_BytesAsTheyAre_ToOthersOnly()
    {
        await using var one = await IrcWatcher.ConnectAsync(Port, "one", "#Alerts");
        await using var two = await IrcWatcher.ConnectAsync(Port, "two", "#alerts");
        byte[] line = [.. "PRIVMSG #alerts,two :"u8, 0xFF, 0xC3, 0x28, 0x02, .. "\u00e9\u2713 :x "u8, (byte)'\n'];
        await one.SendRawAsync(line);
        await one.SettleAsync();

        var text = "\u00ff\u00c3(\u0002" + Encoding.Latin1.GetString("\u00e9\u2713 :x "u8);
        await two.Lines.FirstAsync(seen => seen == ":one!one@127.0.0.1 PRIVMSG #alerts :" + text, "the channel's message");
        await two.Lines.FirstAsync(seen => seen == ":one!one@127.0.0.1 PRIVMSG two :" + text, "the private message");
        Assert.Empty(one.Messages.Entries);
    }

    [Fact]
    public async Task StartsNoSecondLine_AtACarriageReturnOrNul()
    {
        await using var one = await IrcWatcher.ConnectAsync(Port, "one", "#a");
        await using var two = await IrcWatcher.ConnectAsync(Port, "two", "#a");
        await one.SendRawAsync("PRIVMSG #a :first\rQUIT :sec\0ond\r\n"u8.ToArray());

        Assert.Equal("firstQUIT :second", (await two.MessagesAsync("#a", 1))[0].Text);
        await one.SettleAsync();
    }

    [Fact]
    public async Task Refuses_LineOver512Bytes_AndGoesOn()
    {
        await using var client = await IrcWatcher.ConnectAsync(Port, "one", "#a");
        await using var other = await IrcWatcher.ConnectAsync(Port, "two", "#a");
        var longest = "PRIVMSG #a :".PadRight(510, 'x');
        await client.SendAsync(longest, longest + "y", "PRIVMSG #a :".PadRight(50_000, 'z'), "PRIVMSG #a :still here");

        var messages = await other.MessagesAsync("#a", 2);
        await client.SettleAsync();
        Assert.Equal(2, client.Lines.Entries.Count(line => line == ":sandbox.localhost 417 one :Input line was too long"));
        // What does not fit behind the prefix is cut, as real servers do.
        Assert.Equal(":one!one@127.0.0.1 PRIVMSG #a :".PadRight(510, 'x'), other.Lines.Entries.Single(line => line.Contains("xxx", StringComparison.Ordinal)));
        Assert.Equal("still here", messages[1].Text);
    }

    [Fact]
    public async Task Shows_JoinTopicNickPartAndQuit()
    {
        await using var one = await IrcWatcher.ConnectAsync(Port, "one", "#a", "#b");
        await one.SendAsync("TOPIC #a :about a");
        await using var two = await IrcWatcher.ConnectAsync(Port, "two");
        await one.SettleAsync();
        await two.SendAsync("JOIN #a,#b", "JOIN #a", "NICK deux", "PART #b :enough", "QUIT :bye");

        await two.Lines.FirstAsync(line => line == "ERROR :Closing Link: 127.0.0.1 (Quit: bye)", "ERROR");
        Assert.Contains(":sandbox.localhost 332 two #a :about a", two.Lines.Entries);
        await one.Lines.FirstAsync(line => line == ":deux!two@127.0.0.1 QUIT :Quit: bye", "QUIT");
        Assert.Equal(
            [":two!two@127.0.0.1 JOIN #a", ":two!two@127.0.0.1 JOIN #b", ":two!two@127.0.0.1 NICK :deux", ":deux!two@127.0.0.1 PART #b :enough", ":deux!two@127.0.0.1 QUIT :Quit: bye"],
            one.Lines.Entries.Where(line => line.Contains("!two@", StringComparison.Ordinal)));
        await using var again = await IrcWatcher.ConnectAsync(Port, "deux", "#a");
    }

    [Fact]
    public async Task Refuses_The51stChannel()
    {
        await using var client = await IrcWatcher.ConnectAsync(Port, "me");
        await client.SendAsync([.. Enumerable.Range(1, 51).Select(i => $"JOIN #c{i}")]);

        Assert.Equal(":sandbox.localhost 405 me #c51 :You have joined too many channels", await client.NumericAsync("405"));
    }

    [Fact]
    public async Task Forgets_ClientThatVanishes()
    {
        await using var stays = await IrcWatcher.ConnectAsync(Port, "stays", "#a");
        await using (var goes = await IrcWatcher.ConnectAsync(Port, "goes", "#a"))
        {
            await stays.Lines.FirstAsync(line => line == ":goes!goes@127.0.0.1 JOIN #a", "JOIN");
        }

        await stays.Lines.FirstAsync(line => line.StartsWith(":goes!goes@127.0.0.1 QUIT :", StringComparison.Ordinal), "QUIT");
    }

    [Fact]
    public async Task Refuses_OneClientTooMany()
    {
        await using var small = await StartAsync(new SandboxLimits { Clients = 1 });
        await using var first = await IrcWatcher.ConnectAsync(small.Endpoint.Port, "first");
        await using var second = await IrcWatcher.OpenAsync(small.Endpoint.Port);

        Assert.Equal("ERROR :Closing Link: 127.0.0.1 (Too many clients)", await second.Lines.AtAsync(0, "ERROR"));
        await first.SettleAsync();
    }

    [Fact]
    public async Task Closes_ClientThatAnswersNoPing_AndKeepsTheOneThatDoes()
    {
        var time = new ManualTime();
        await using var server = await StartAsync(time: time);
        await using var answers = await IrcWatcher.ConnectAsync(server.Endpoint.Port, "answers", "#a");
        using var silent = new TcpClient();
        await silent.ConnectAsync(server.Endpoint);
        await silent.GetStream().WriteAsync("NICK silent\r\nUSER s 0 * :s\r\nJOIN #a\r\n"u8.ToArray());
        await answers.Lines.FirstAsync(line => line == ":silent!s@127.0.0.1 JOIN #a", "JOIN");
        time.Advance(TimeSpan.FromSeconds(90));
        await answers.Lines.FirstAsync(line => line == "PING :sandbox.localhost", "PING");
        await answers.SettleAsync();
        time.Advance(TimeSpan.FromSeconds(30));

        await answers.Lines.FirstAsync(line => line == ":silent!s@127.0.0.1 QUIT :Ping timeout", "QUIT");
        using var reader = new StreamReader(silent.GetStream());
        for (var line = ""; line != "PING :sandbox.localhost"; line = await reader.ReadLineAsync().Within() ?? throw new EndOfStreamException())
        {
        }

        Assert.Equal("ERROR :Closing Link: 127.0.0.1 (Ping timeout)", await reader.ReadLineAsync().Within());
        Assert.Null(await reader.ReadLineAsync().Within());
        await answers.SettleAsync();
    }

    [Fact]
    public async Task Closes_ClientThatNeverRegisters()
    {
        var time = new ManualTime();
        await using var server = await StartAsync(time: time);
        await using var silent = await IrcWatcher.OpenAsync(server.Endpoint.Port);
        await silent.SettleAsync();
        time.Advance(TimeSpan.FromSeconds(90));

        Assert.Equal("ERROR :Closing Link: 127.0.0.1 (Registration timed out)", await silent.Lines.AtAsync(1, "ERROR"));
    }

    [Fact]
    public async Task Closes_SlowReader_WithoutHoldingUpTheOthers()
    {
        await using var server = await StartAsync(new SandboxLimits { SendQueue = 64 * 1024 });
        await using var sender = await IrcWatcher.ConnectAsync(server.Endpoint.Port, "sender", "#a");
        using var slow = new TcpClient { ReceiveBufferSize = 4096 };
        await slow.ConnectAsync(server.Endpoint);
        await slow.GetStream().WriteAsync("NICK slow\r\nUSER s 0 * :s\r\nJOIN #a\r\n"u8.ToArray());
        await sender.Lines.FirstAsync(line => line == ":slow!s@127.0.0.1 JOIN #a", "JOIN");

        var gone = sender.Lines.FirstAsync(line => line == ":slow!s@127.0.0.1 QUIT :SendQ exceeded", "QUIT");
        var batch = Enumerable.Repeat("PRIVMSG #a :" + new string('x', 400), 100).ToArray();
        for (var i = 0; i < 1000 && !gone.IsCompleted; i++)
        {
            await sender.SendAsync(batch);
            await sender.SettleAsync();
        }

        await gone;
    }

    [Fact]
    public async Task ListensAgain_OnTheSamePort_AfterClosingItsClients()
    {
        var endpoint = _server.Endpoint;
        await using var client = await IrcWatcher.ConnectAsync(endpoint.Port, "me");
        var refused = await Assert.ThrowsAsync<SocketException>(() => StartAsync(endpoint: endpoint));
        await _server.DisposeAsync();

        Assert.Equal(SocketError.AddressAlreadyInUse, refused.SocketErrorCode);
        await using var again = await StartAsync(endpoint: endpoint);
        await using var back = await IrcWatcher.ConnectAsync(endpoint.Port, "me");
    }

    private static Task<SandboxServer> StartAsync(SandboxLimits? limits = null, IPEndPoint? endpoint = null, TimeProvider? time = null) =>
        SandboxServer.StartAsync(endpoint ?? new IPEndPoint(IPAddress.Loopback, 0), NullLogger.Instance, time ?? TimeProvider.System, limits);
}
