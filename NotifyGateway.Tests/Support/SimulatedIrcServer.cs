using System.Text;

namespace NotifyGateway.Tests.Support;

/// <summary>
/// A server that handles one client's lines in order, as every server does, and whose channels and users change at random between them.
/// It knows the truth: where the client is, and which line it let pass.
/// </summary>
internal sealed class SimulatedIrcServer(Random random)
{
    private readonly Queue<(string Line, int Attempt)> _received = new();
    private readonly HashSet<string> _members = new(StringComparer.OrdinalIgnoreCase);
    private readonly HashSet<string> _moderated = new(StringComparer.OrdinalIgnoreCase);
    private readonly HashSet<string> _inviteOnly = new(StringComparer.OrdinalIgnoreCase);
    private readonly HashSet<string> _absent = new(StringComparer.OrdinalIgnoreCase);
    private readonly HashSet<string> _forwarding = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, string> _keys = new(StringComparer.OrdinalIgnoreCase);
    private readonly IrcNoise _noise = new(random, Channels, Nicks);
    private readonly List<byte> _sent = [];
    private string _nick = "bot";
    private string _host = "host.test";

    public static IReadOnlyList<string> Channels { get; } = ["#a", "#b", "#c", "#d", "#e", "#f", "#g"];

    public static IReadOnlyList<string> Nicks { get; } = ["alice", "carol"];

    /// <summary>Where it puts those who may not come in elsewhere.</summary>
    public const string Overflow = "##overflow";

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
                case ["JOIN", var channel, .. var key]:
                    Join(channel, key is [var only] ? only : null);
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
        switch (random.Next(Hostile ? 24 : 13))
        {
            case 0 when _members.Remove(channel):
                Say(random.Next(3) switch
                {
                    0 => $":oper!o@h KICK {channel} {_nick}",
                    1 => $":oper!o@h KICK {channel} carol,{_nick} :out",
                    _ => $":{_nick}!~bot@{_host} PART {channel} :by force",
                });
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
            case 8:
                Toggle(_forwarding, channel);
                break;
            case 9:
                ChangeKey(channel);
                break;
            case 10:
                _inviteOnly.Remove(channel);
                Say($":alice!a@b INVITE {_nick} {channel.ToUpperInvariant()}");
                break;
            case 11:
                Say($":{Nicks[random.Next(Nicks.Count)]}!a@b QUIT :irc.test hub.test");
                break;
            case 12:
                Say($":irc.test MODE {_nick} :+r");
                break;
            case >= 13:
                for (var lines = random.Next(1, 8); lines > 0; lines--)
                {
                    _sent.AddRange(_noise.Next(_nick));
                }

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

    private void Join(string channel, string? key)
    {
        if (_members.Contains(channel))
        {
            return;
        }

        if (_inviteOnly.Contains(channel))
        {
            Say(random.Next(4) == 0 ? $":irc.test 263 {_nick} JOIN :Please wait a while and try again." : $":irc.test 473 {_nick} {channel} :Cannot join channel (+i)");
        }
        else if (_keys.TryGetValue(channel, out var wanted) && !string.Equals(wanted, key, StringComparison.Ordinal))
        {
            Say($":irc.test 475 {_nick} {channel} :Cannot join channel (+k)");
        }
        else if (_forwarding.Contains(channel))
        {
            Say($":irc.test 470 {_nick} {channel} {Overflow} :Forwarding to another channel");
            Join(Overflow, null);
        }
        else
        {
            _members.Add(channel);
            Say($":{_nick}!~bot@{_host} JOIN {channel}");
        }
    }

    private void ChangeKey(string channel)
    {
        var change = _keys.Remove(channel, out var old) ? $"-k {old}" : $"+ko {_keys[channel] = $"key{random.Next(3)}"} alice";
        if (_members.Contains(channel))
        {
            Say($":alice!a@b MODE {channel} {change}");
        }
    }

    private void Part(string channel) => Say(_members.Remove(channel)
        ? $":{_nick}!~bot@{_host} PART {channel}"
        : $":irc.test 442 {_nick} {channel} :You're not on that channel");

    private void Say(string line) => _sent.AddRange(Encoding.Latin1.GetBytes(line + "\r\n"));
}
