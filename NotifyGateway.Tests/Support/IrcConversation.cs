using System.Text;
using NotifyGateway.Core;
using NotifyGateway.Core.Protocols;
using NotifyGateway.Core.Protocols.Irc;
using NotifyGateway.Tests.Protocols.Irc;
using Xunit;

namespace NotifyGateway.Tests.Support;

/// <summary>
/// One conversation at random, between a client that is used as a session uses it and a <see cref="SimulatedIrcServer"/>. Checks after each step what must hold.
/// </summary>
internal sealed class IrcConversation
{
    private static readonly string[] Login = ["CAP", "PASS", "NICK", "USER", "USERHOST", "PING", "PONG", "AUTHENTICATE", "QUIT"];
    private static readonly string[] Verbs = [.. Login, "JOIN", "PART", "MODE", "PRIVMSG", "ISON", "MONITOR", "BATCH"];

    private const string Service = "NickServ";

    private readonly Random _random;
    private readonly IrcClientOptions _options;
    private readonly IrcClient _client;
    private readonly SimulatedIrcServer _server;
    private readonly bool _hostile;
    private readonly HashSet<string> _entered = new(StringComparer.Ordinal);
    private readonly HashSet<string> _open = new(StringComparer.Ordinal);
    private readonly HashSet<string> _refused = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Delivery> _onItsWay = new(StringComparer.Ordinal);
    private readonly Queue<Delivery> _returned = new();
    private readonly HashSet<string> _toldIn = new(StringComparer.OrdinalIgnoreCase);

    private readonly StringBuilder _heard = new();
    private string _nick = "bot";
    private string _host = "";
    private int _prefix;
    private int _count;
    private bool _ready;
    private bool _ended;
    private bool _quiet;
    private TimeSpan _now;

    public IrcConversation(int seed, bool hostile)
    {
        _random = new Random(seed);
        _hostile = hostile;
        _options = IrcTranscript.Options with
        {
            Window = _random.Next(1, 9),
            LinesPerSecond = _random.Next(2) == 0 ? 0 : 1,
            Burst = _random.Next(1, 6),
            MaxLines = 100,
            OnConnect = _random.Next(2) == 0 ? [] : ["MODE {nick} +i"],
            Reclaim = hostile && _random.Next(2) == 0,
            NickServ = hostile && _random.Next(2) == 0 ? new IrcNickServOptions(Service, null, "s3cret", Regain: true) : null,
            Sasl = hostile && _random.Next(2) == 0 ? SaslConversation.Options(SaslConversation.Auto(), required: _random.Next(4) == 0).Sasl : null,
            Greetings = new Dictionary<string, string>(StringComparer.Ordinal) { ["#a"] = "hello to a", ["#b"] = "hello to b" },
        };
        _server = new SimulatedIrcServer(_random) { Hostile = hostile };
        _client = new IrcClient(_options);
        _client.Start(_now);
        Drain();
        _server.Process(hostile ? _random.Next(8) : 10);
    }

    public void Run(int steps)
    {
        while (steps-- > 0 && !_ended)
        {
            Step();
            Drain();
        }
    }

    private void Step()
    {
        switch (_random.Next(12))
        {
            case 0 or 1 when _ready:
                Enter();
                break;
            case 2 or 3 or 4 when _ready:
                Send();
                break;
            case 5 when _random.Next(4) == 0 && _open.Count > 0:
                Leave();
                break;
            case 6:
                _server.Happen();
                break;
            case 7:
                Pass(TimeSpan.FromMilliseconds(_random.Next(_hostile && _random.Next(20) == 0 ? 100_000 : 3000)));
                break;
            case 8 or 9:
                _server.Process(_random.Next(8));
                break;
            default:
                Feed(_random.Next(200));
                break;
        }
    }

    /// <summary>Goodbye, or none; what is said and asked after it changes nothing that was promised.</summary>
    public void End()
    {
        if (!_ended && _random.Next(2) == 0)
        {
            _client.Quit("gateway stopped");
            Drain();
            Assert.False(_client.CanSend);
            Assert.Equal(TimeSpan.MaxValue, _client.WakeAt);
            _quiet = true;
            Afterwards();
        }
        else if (_ended)
        {
            _quiet = true;
            Afterwards();
        }

        Abandon();
    }

    private void Afterwards()
    {
        for (var i = 0; i < 20; i++)
        {
            Step();
            Drain();
        }
    }

    /// <summary>All is heard and answered: everything sent must be settled or given back, and no lane may wait for an answer that does not come.</summary>
    public void ComeToRest()
    {
        for (var i = 0; i < 1000 && !(_server.Idle && _client.InFlight == 0 && _entered.SetEquals(_open)); i++)
        {
            _client.Flush(_now);
            Drain();
            _server.Process(int.MaxValue);
            Feed(int.MaxValue);
            Drain();
            Pass(TimeSpan.FromSeconds(1));
        }

        Assert.True(_ready);
        Assert.Equal(0, _client.InFlight);
        Assert.Empty(_onItsWay);
        Assert.True(_entered.SetEquals(_open), $"lanes wait for an answer: {string.Join(' ', _entered.Except(_open, StringComparer.Ordinal))}");
        Abandon();
    }

    public void Abandon()
    {
        var abandoned = _client.Abandon().Select(Deliveries.Name).ToList();
        Assert.Equal(abandoned.Count, _onItsWay.Count);
        Assert.All(abandoned, name => Assert.Contains(name, _onItsWay));
        Assert.Equal(0, _client.InFlight);
    }

    private void Enter()
    {
        var name = _random.Next(4) == 0 ? SimulatedIrcServer.Nicks[_random.Next(2)] : SimulatedIrcServer.Channels[_random.Next(SimulatedIrcServer.Channels.Count)];
        if (_entered.Add(name) || _hostile)
        {
            _refused.Remove(name);
            _client.Enter(name, _random.Next(2) == 0 ? name : name.ToUpperInvariant() + (name[0] == '#' && _random.Next(3) == 0 ? " key1" : ""), _now);
        }
    }

    // As a session does, only where nothing is on its way; but it may come to do otherwise.
    private void Leave()
    {
        var lane = _open.ElementAt(_random.Next(_open.Count));
        if (!_hostile && _onItsWay.Values.Any(d => string.Equals(d.Lane, lane, StringComparison.Ordinal)))
        {
            return;
        }

        _open.Remove(lane);
        _entered.Remove(lane);
        _client.Leave(lane);
    }

    /// <summary>As a session does: while it may, then the end of the round.</summary>
    private void Send()
    {
        for (var i = _random.Next(5); i > 0 && _client.CanSend && _open.Count > 0; i--)
        {
            var delivery = Next();
            if (!_open.Contains(delivery.Lane))
            {
                _returned.Enqueue(delivery);
                continue;
            }

            _onItsWay.Add(Deliveries.Name(delivery), delivery);
            _prefix = $":{_nick}!~bot@{_host} ".Length;
            _client.Send(delivery, _now);
            Drain();
        }

        _client.Flush(_now);
    }

    private Delivery Next()
    {
        if (_returned.Count > 0 && _random.Next(2) == 0)
        {
            return _returned.Dequeue();
        }

        var name = $"d{_count++}";
        var times = _random.Next(4) == 0 ? _random.Next(1, 200) : 1;
        var text = string.Join('\n', Enumerable.Range(0, _random.Next(5)).Select(i => string.Join(' ', Enumerable.Repeat($"{name}.{i}", times))));
        return Deliveries.Create(name, _open.ElementAt(_random.Next(_open.Count)), text);
    }

    private void Pass(TimeSpan time)
    {
        var end = _now + time;
        while (_client.WakeAt <= end && !_ended)
        {
            _now = _client.WakeAt > _now ? _client.WakeAt : _now;
            _client.Tick(_now);
            Drain();
        }

        _now = end;
    }

    private void Feed(int most)
    {
        var bytes = _server.Hear(most);
        _client.Feed(bytes, _now);
        _heard.Append(Encoding.Latin1.GetString(bytes));
    }

    private void Drain()
    {
        Told();
        var output = _client.Output;
        var written = Encoding.UTF8.GetString(output.Bytes.WrittenSpan);
        output.Bytes.ResetWrittenCount();
        foreach (var line in written.Split("\r\n").SkipLast(1))
        {
            CheckLine(line);
        }

        Assert.True(written.Length == 0 || written.EndsWith("\r\n", StringComparison.Ordinal));
        output.Settled.ForEach(s => OnSettled(s.Delivery, s.Outcome));
        output.Settled.Clear();
        output.Events.ForEach(OnEvent);
        output.Events.Clear();
        Assert.InRange(_client.InFlight, 0, _options.Window);
    }

    private void CheckLine(string line)
    {
        Assert.Equal(-1, line.AsSpan().IndexOfAny("\r\n\0"));
        if (line.StartsWith('@'))
        {
            // Noise may have granted message tags; they have room of their own.
            Assert.True(_hostile, $"{line} was sent to a server that has no message tags");
            Assert.Matches("^@(label=[0-9]+|batch=[0-9a-z]+(;draft/multiline-concat)?) [A-Z]", line);
            line = line[(line.IndexOf(' ', StringComparison.Ordinal) + 1)..];
        }

        var bytes = Encoding.UTF8.GetByteCount(line) + 2;
        Assert.InRange(bytes, 3, _hostile ? 1024 : 512);
        Assert.False(_quiet, $"{line} was sent after the end");
        var words = line.Split(' ');
        var toService = words is ["PRIVMSG", Service, ..] && _options.NickServ is not null;
        Assert.Contains(words[0], _ready || toService || _client.Output.Events.Exists(e => e is ProtocolEvent.Ready) ? Verbs : Login);
        var attempt = 0;
        if (words[0] is "PRIVMSG")
        {
            attempt = _onItsWay.GetValueOrDefault(words[2][1..].Split('.')[0])?.Attempts ?? 0;
            Assert.InRange(_hostile ? 0 : _prefix + bytes, 0, 512);
            Assert.True(words[1][0] != '#' || _toldIn.Contains(words[1]), $"{line} was sent before its JOIN was confirmed");
        }
        else if (words[0] is "PART")
        {
            _toldIn.Remove(words[1]);
        }

        _server.Receive(line, attempt);
    }

    /// <summary>What the client has heard of where and who it is.</summary>
    private void Told()
    {
        for (int end; (end = _heard.ToString().IndexOf('\n', StringComparison.Ordinal)) >= 0; _heard.Remove(0, end + 1))
        {
            if (IrcMessage.TryParse(Encoding.Latin1.GetBytes(_heard.ToString(0, end).TrimEnd('\r')), out var message))
            {
                Told(message);
            }
        }
    }

    private void Told(in IrcMessage message)
    {
        if (message.Is("JOIN"u8))
        {
            _toldIn.UnionWith(message.Text(0).Split(','));
            _host = IrcSource.Parse(message.Source).Host ?? _host;
        }
        else if (!_hostile && (message.Is("PART"u8) || message.Is("KICK"u8)) && !message[1].SequenceEqual("carol"u8))
        {
            _toldIn.Remove(message.Text(0));
        }
        else if (message.Is("NICK"u8))
        {
            _nick = message.Text(0);
        }
        else if (message.Numeric == 396)
        {
            _host = message.Text(1);
        }
    }

    private void OnSettled(Delivery delivery, Outcome outcome)
    {
        Assert.True(_onItsWay.Remove(Deliveries.Name(delivery)), "settled what was not on its way");
        if (!_hostile)
        {
            var refused = Refused(delivery);
            Assert.True((refused == 0) == (outcome.Status == DeliveryStatus.Delivered), $"{outcome}, but of {Deliveries.Name(delivery)} {refused} lines did not pass");
        }
    }

    /// <summary>How many of its lines the server has not let pass.</summary>
    private int Refused(Delivery delivery) =>
        delivery.Notification.Text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Count(l => !Passed(l.Split(' ')[0], delivery.Attempts));

    private bool Passed(string word, int attempt)
    {
        var pieces = _server.Messages.Where(m => m.Attempt == attempt && string.Equals(m.Word, word, StringComparison.Ordinal)).ToList();
        return pieces.Count > 0 && pieces.TrueForAll(p => p.Passed);
    }

    private void OnEvent(ProtocolEvent happened)
    {
        switch (happened)
        {
            case ProtocolEvent.Ready:
                Assert.False(_ready);
                _ready = true;
                break;
            case ProtocolEvent.Opened opened:
                Assert.Contains(opened.Lane, _entered);
                _open.Add(opened.Lane);
                break;
            case ProtocolEvent.Refused refused:
                OnOut(refused.Lane);
                break;
            case ProtocolEvent.Closed closed:
                OnOut(closed.Lane);
                break;
            case ProtocolEvent.Reachable reachable:
                Assert.True(_refused.Remove(reachable.Lane), "reachable, but it has not refused us");
                break;
            case ProtocolEvent.Returned returned:
                Assert.True(_onItsWay.Remove(Deliveries.Name(returned.Delivery)), "returned what was not on its way");
                Assert.True(_hostile || !char.IsAsciiDigit(returned.Reason[0]) || Refused(returned.Delivery) > 0, $"returned for {returned.Reason}, but all of {Deliveries.Name(returned.Delivery)} has passed");
                _returned.Enqueue(returned.Delivery);
                _open.Remove(returned.Delivery.Lane);
                break;
            case ProtocolEvent.Ended:
                Assert.False(_ended);
                _ended = true;
                break;
        }
    }

    private void OnOut(string lane)
    {
        Assert.True(_entered.Remove(lane));
        _open.Remove(lane);
        _refused.Add(lane);
    }
}
