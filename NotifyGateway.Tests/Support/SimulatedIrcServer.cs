using System.Globalization;
using System.Text;

namespace NotifyGateway.Tests.Support;

/// <summary>
/// A server that handles one client's lines in order, as every server does, and whose channels and users change at random between them.
/// It knows the truth: where the client is, and which line it let pass.
/// </summary>
internal sealed class SimulatedIrcServer(Random random)
{
    private static readonly string[] OfLogin = ["LS", "ACK", "NEW", "DEL", "sasl", "sasl=PLAIN", ":sasl", "+", "QUJD", "NickServ", "+r", "bot", "MONITOR=10"];

    private readonly Queue<(string Line, int Attempt)> _received = new();
    private readonly HashSet<string> _members = new(StringComparer.OrdinalIgnoreCase);
    private readonly HashSet<string> _moderated = new(StringComparer.OrdinalIgnoreCase);
    private readonly HashSet<string> _inviteOnly = new(StringComparer.OrdinalIgnoreCase);
    private readonly HashSet<string> _absent = new(StringComparer.OrdinalIgnoreCase);
    private readonly List<byte> _sent = [];
    private string _nick = "bot";
    private string _host = "host.test";

    public static IReadOnlyList<string> Channels { get; } = ["#a", "#b", "#c", "#d", "#e", "#f", "#g"];

    public static IReadOnlyList<string> Nicks { get; } = ["alice", "carol"];

    /// <summary>Whether nothing is left to process or to be heard.</summary>
    public bool Idle => _received.Count == 0 && _sent.Count == 0;

    /// <summary>What it says to ours beyond what the protocol asks for: a hostile one.</summary>
    public bool Hostile { get; init; }

    /// <summary>What became of each line of a message: its first word, and the attempt that it belongs to.</summary>
    public List<(string Word, int Attempt, bool Passed)> Messages { get; } = [];

    public void Receive(string line, int attempt) => _received.Enqueue((line, attempt));

    /// <summary>Takes some of what it has said.</summary>
    public byte[] Hear(int most)
    {
        var bytes = _sent.Take(most).ToArray();
        _sent.RemoveRange(0, bytes.Length);
        return bytes;
    }

    public void Process(int lines)
    {
        while (lines-- > 0 && _received.TryDequeue(out var next))
        {
            var (line, attempt) = next;
            switch (line.Split(' '))
            {
                case ["USER", ..]:
                    Say($":irc.test 001 {_nick} :Welcome");
                    Say($":irc.test 376 {_nick} :End");
                    break;
                case ["USERHOST", ..]:
                    Say($":irc.test 302 {_nick} :{_nick}=+~bot@1.2.3.4");
                    break;
                case ["PING", var token]:
                    Say($":irc.test PONG irc.test :{token}");
                    break;
                case ["JOIN", var channel]:
                    Join(channel);
                    break;
                case ["PART", var channel]:
                    Part(channel);
                    break;
                case ["PRIVMSG", var target, var word, ..]:
                    Messages.Add((word[1..], attempt, Pass(target)));
                    break;
            }
        }
    }

    /// <summary>Something happens that the client did not ask for.</summary>
    public void Happen()
    {
        var channel = Channels[random.Next(Channels.Count)];
        switch (random.Next(Hostile ? 12 : 8))
        {
            case 0 when _members.Remove(channel):
                Say($":oper!o@h KICK {channel} {_nick}{(random.Next(2) == 0 ? " :out" : "")}");
                break;
            case 1 when _members.Add(channel):
                Say($":{_nick}!~bot@{_host} JOIN {channel.ToUpperInvariant()}");
                break;
            case 2:
                Toggle(_moderated, channel);
                break;
            case 3:
                Toggle(_inviteOnly, channel);
                break;
            case 4:
                Toggle(_absent, Nicks[random.Next(Nicks.Count)]);
                break;
            case 5:
                var old = _nick;
                _nick = "bot" + random.Next(1000);
                Say($":{old}!~bot@{_host} NICK :{_nick}");
                break;
            case 6:
                _host = new string('h', random.Next(1, 63));
                Say($":irc.test 396 {_nick} {_host} :is now your displayed host");
                break;
            case 7:
                Say($":alice!a@b KICK {channel} carol :not you");
                break;
            case >= 8:
                Say(Nonsense());
                break;
        }
    }

    private static void Toggle(HashSet<string> set, string name)
    {
        if (!set.Remove(name))
        {
            set.Add(name);
        }
    }

    private bool Pass(string target)
    {
        var passes = target[0] == '#' ? _members.Contains(target) && !_moderated.Contains(target) : !_absent.Contains(target);
        if (!passes)
        {
            Say(target[0] == '#' ? $":irc.test 404 {_nick} {target} :Cannot send to channel" : $":irc.test 401 {_nick} {target} :No such nick/channel");
        }

        return passes;
    }

    private void Join(string channel)
    {
        if (_members.Contains(channel))
        {
            return;
        }

        if (_inviteOnly.Contains(channel))
        {
            Say($":irc.test 473 {_nick} {channel} :Cannot join channel (+i)");
            return;
        }

        _members.Add(channel);
        Say($":{_nick}!~bot@{_host} JOIN {channel}");
    }

    private void Part(string channel) => Say(_members.Remove(channel)
        ? $":{_nick}!~bot@{_host} PART {channel}"
        : $":irc.test 442 {_nick} {channel} :You're not on that channel");

    private string Nonsense()
    {
        var words = Enumerable.Range(0, random.Next(6)).Select(_ => random.Next(10) switch
        {
            0 => _nick,
            1 => Channels[random.Next(Channels.Count)],
            2 => Nicks[random.Next(Nicks.Count)],
            3 => ":",
            4 => ":some words",
            5 => random.Next(60).ToString(CultureInfo.InvariantCulture),
            6 => $"CASEMAPPING={(random.Next(2) == 0 ? "ascii" : "x")}",
            7 => "LINELEN=" + random.Next(1000),
            8 => OfLogin[random.Next(OfLogin.Length)],
            _ => Encoding.Latin1.GetString([.. Enumerable.Range(0, random.Next(20)).Select(_ => (byte)random.Next(256))]),
        });
        string[] verbs = ["JOIN", "PART", "KICK", "NICK", "PONG", "PING", "CAP", "MODE", "PRIVMSG", "NOTICE", "QUIT", "AUTHENTICATE", "ERROR"];
        var verb = random.Next(3) == 0 ? verbs[random.Next(random.Next(20) == 0 ? verbs.Length : verbs.Length - 1)] : random.Next(1000).ToString("D3", CultureInfo.InvariantCulture);
        var source = random.Next(3) switch { 0 => "", 1 => $":{_nick} ", _ => ":irc.test " };
        return $"{source}{verb} {string.Join(' ', words)}";
    }

    private void Say(string line) => _sent.AddRange(Encoding.Latin1.GetBytes(line + "\r\n"));
}
