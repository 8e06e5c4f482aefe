using System.Globalization;
using System.Text;

namespace NotifyGateway.Tests.Support;

/// <summary>What a server might say that has lost its mind: lines that mean something about us, put together at random, and bytes that mean nothing.</summary>
internal sealed class IrcNoise(Random random, IReadOnlyList<string> channels, IReadOnlyList<string> nicks)
{
    private static readonly string[] Verbs =
    [
        "JOIN", "PART", "KICK", "NICK", "PONG", "PING", "CAP", "MODE", "INVITE", "PRIVMSG", "NOTICE", "QUIT", "TOPIC", "CHGHOST", "ACCOUNT", "AWAY", "SETNAME",
        "AUTHENTICATE", "BATCH", "TAGMSG", "WALLOPS", "FAIL", "WARN", "NOTE", "INVALID", "join", "kick",
    ];

    /// <summary>They end the connection: seldom, or little else would be tried.</summary>
    private static readonly string[] LastVerbs = ["ERROR", "KILL"];

    private static readonly int[] Telling =
    [
        1, 5, 263, 302, 376, 396, 401, 403, 404, 405, 407, 408, 415, 433, 437, 439, 442, 448, 470, 471, 473, 474, 475, 476, 477, 479, 480, 485, 489, 500, 520, 609, 716, 900, 903, 904, 926,
    ];

    public byte[] Next(string nick) => random.Next(10) switch
    {
        0 => Bytes(random.Next(40)),
        1 => [.. Bytes(random.Next(40)), (byte)'\n'],
        2 when random.Next(20) == 0 => [.. Enumerable.Repeat((byte)random.Next(256), 9000), (byte)'\n'],
        _ => Encoding.Latin1.GetBytes($"{Tags()}{Source(nick)}{Command(nick)}{(random.Next(5) == 0 ? "\n" : "\r\n")}"),
    };

    private string Tags() => random.Next(5) > 0 ? "" : random.Next(6) switch
    {
        0 => "@time=2026-01-01T00:00:00.000Z ",
        1 => $"@batch={random.Next(9)} ",
        2 => $"@label={random.Next(60)};msgid=x\\:\\ ",
        3 => "@ ",
        4 => "@=;;= ",
        _ => $"@{Text()} ",
    };

    private string Source(string nick) => random.Next(6) switch
    {
        0 => "",
        1 or 2 => $":{nick}!~bot@host.test ",
        3 => $":{nicks[random.Next(nicks.Count)]}!a@b ",
        4 => ": ",
        _ => ":irc.test ",
    };

    private string Command(string nick)
    {
        if (random.Next(3) > 0)
        {
            return Meaning(nick);
        }

        var verb = random.Next(3) == 0 ? Verbs[random.Next(Verbs.Length)] : random.Next(1000).ToString("D3", CultureInfo.InvariantCulture);
        return $"{verb} {string.Join(' ', Enumerable.Range(0, random.Next(random.Next(10) == 0 ? 30 : 6)).Select(_ => Word(nick)))}";
    }

    private string Meaning(string nick)
    {
        var channel = Channel();
        return random.Next(16) switch
        {
            0 => $"JOIN {channel}{(random.Next(3) == 0 ? " * :real name" : "")}",
            1 => $"PART {channel} :{Text()}",
            2 => $"KICK {channel} {nick} :{Text()}",
            3 => $"KICK {channel},{Channel()} carol,{nick}",
            4 => $"INVITE {nick} {channel}",
            5 => $"MODE {channel} {Modes()} {nick} {Text()} key{random.Next(3)}",
            6 => $"MODE {nick} {Modes()}",
            7 => $"NICK {(random.Next(10) == 0 ? Text() : $"bot{random.Next(100)}")}",
            8 => $"470 {nick} {channel} {Channel()} :Forwarding to another channel",
            9 => $"263 {nick} JOIN :Please wait a while and try again.",
            10 => $"PONG irc.test {random.Next(60)}",
            11 => $"CAP {nick} {new[] { "LS", "LS *", "ACK", "NAK", "NEW", "DEL", "LIST" }[random.Next(7)]} :{Caps()}",
            12 => $"BATCH {(random.Next(2) == 0 ? '+' : '-')}{random.Next(9)} {new[] { "netsplit", "netjoin", "labeled-response", "chathistory" }[random.Next(4)]} {Text()}",
            13 => $"AUTHENTICATE {(random.Next(2) == 0 ? "+" : Convert.ToBase64String(Bytes(random.Next(20))))}",
            14 when random.Next(40) == 0 => $"{LastVerbs[random.Next(LastVerbs.Length)]} {nick} :{Text()}",
            _ => $"{Telling[random.Next(Telling.Length)]:D3} {nick} {(random.Next(4) == 0 ? Word(nick) : channel)} :{Text()}",
        };
    }

    private string Word(string nick) => random.Next(10) switch
    {
        0 => nick,
        1 => Channel(),
        2 => nicks[random.Next(nicks.Count)],
        3 => ":",
        4 => ":some words",
        5 => random.Next(60).ToString(CultureInfo.InvariantCulture),
        6 => $"CASEMAPPING={(random.Next(2) == 0 ? "ascii" : "x")}",
        7 => "LINELEN=" + random.Next(1000),
        8 => new[] { "BOT=B", "DEAF=D", "CHANTYPES=#:", "CHANTYPES=", "CHANMODES=b,k,l,i", "CHANMODES=,", "PREFIX=(", "CHANLIMIT=#:1", "-PREFIX", "MONITOR=10" }[random.Next(10)],
        _ => Text(),
    };

    private string Channel()
    {
        var channel = channels[random.Next(channels.Count)];
        return random.Next(3) switch { 0 => channel.ToUpperInvariant(), 1 when random.Next(4) == 0 => "##elsewhere", _ => channel };
    }

    private string Modes() => string.Concat(Enumerable.Range(0, random.Next(8)).Select(_ => "+-klovbimrRBD"[random.Next(13)]));

    private string Caps() => string.Join(' ', Enumerable.Range(0, random.Next(6)).Select(_ =>
        new[] { "sasl", "sasl=PLAIN,EXTERNAL", "-chghost", "chghost", "echo-message", "labeled-response", "batch", "message-tags", "draft/multiline=max-bytes=99", "x" }[random.Next(10)]));

    private string Text() => Encoding.Latin1.GetString(Bytes(random.Next(20))).Replace('\n', ' ');

    private byte[] Bytes(int count)
    {
        var bytes = new byte[count];
        random.NextBytes(bytes);
        return bytes;
    }
}
