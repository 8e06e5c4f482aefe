using System.Globalization;
using System.Text;
using NotifyGateway.Core;
using NotifyGateway.Core.Protocols;
using NotifyGateway.Core.Protocols.Irc;
using Xunit;

namespace NotifyGateway.Tests.Support;

/// <summary>
/// A conversation with an IRC server, one step a line, played against an <see cref="IrcClient"/> twice: the server's lines fed as one piece, and
/// fed one byte at a time. Everything that the client does must stand in the script: what is left over before the server or the time goes on fails.
/// </summary>
/// <remarks>
/// <code>
/// start                       the connection stands
/// server: LINE                the server says; \xHH is a byte, consecutive lines are one piece
/// client: LINE                the client's next line; \xHH is a byte
/// enter LANE ADDRESS          leave LANE
/// send ID LANE TEXT           flush           quit REASON
/// time SECONDS                passes, with every wake-up on its way
/// can send | cannot send      wakes at SECONDS | never wakes
/// in flight N                 limit ADDRESS N
/// expect WHAT                 ready NICK, renamed NICK, opened LANE, refused LANE KIND REASON, closed LANE REASON, reachable LANE, returned ID REASON,
///                             ended KIND REASON, delivered ID (by PONG), delivered ID by PROOF, failed ID REASON
/// abandon ID ID               what the connection's end gives back, in order
/// // a comment
/// </code>
/// </remarks>
internal sealed class IrcTranscript
{
    /// <summary>A login without surprises: the nick is <c>bot</c>, barrier 0 is used up.</summary>
    public const string Login = """
        start
        client: CAP LS 302
        client: NICK bot
        client: USER bot 0 * bot
        server: :irc.test 001 bot :Welcome
        server: :irc.test 376 bot :End of /MOTD command.
        client: USERHOST bot
        client: PING 0
        expect ready bot
        server: :irc.test PONG irc.test :0

        """;

    /// <summary><see cref="Login"/>, and <c>#a</c> and <c>#b</c> open.</summary>
    public const string InChannels = Login + """
        enter #a #a
        client: JOIN #a
        enter #b #b
        client: JOIN #b
        server: :bot!~bot@host.test JOIN #a
        server: :bot!~bot@host.test JOIN #b
        expect opened #a
        expect opened #b

        """;

    private static readonly string[] OfOneTurn = ["enter", "leave", "send", "flush"];

    private readonly IrcClient _client;
    private readonly bool _byteByByte;
    private readonly Dictionary<string, Delivery> _deliveries = new(StringComparer.Ordinal);
    private readonly StringBuilder _unread = new();
    private readonly Queue<string> _lines = new();
    private readonly Queue<string> _events = new();
    private readonly Queue<string> _settled = new();
    private readonly List<byte> _heard = [];
    private string? _last;
    private TimeSpan _now = TimeSpan.FromSeconds(1000);

    private IrcTranscript(IrcClientOptions options, bool byteByByte)
    {
        _client = new IrcClient(options);
        _byteByByte = byteByByte;
    }

    /// <summary>The nick is <c>bot</c>, nothing bounds the rate.</summary>
    public static IrcClientOptions Options => new() { Nick = "bot", User = "bot", RealName = "bot", LinesPerSecond = 0 };

    public static void Play(string script, IrcClientOptions? options = null)
    {
        foreach (var byteByByte in (bool[])[false, true])
        {
            var number = 0;
            var transcript = new IrcTranscript(options ?? Options, byteByByte);
            foreach (var line in script.Split('\n'))
            {
                number++;
                var step = line.Trim();
                if (step.Length > 0 && !step.StartsWith("//", StringComparison.Ordinal))
                {
                    transcript.Step(step, $"line {number}, {(byteByByte ? "byte by byte" : "in one piece")}: {step}");
                }
            }

            transcript.Settle("the end of the script");
        }
    }

    private void Step(string step, string where)
    {
        if (Is(step, "server: ", out var said))
        {
            // What is pending must be read before the server goes on, but a run of lines is one piece.
            if (_heard.Count == 0)
            {
                Settle(where);
            }

            _heard.AddRange(Bytes(said));
            _heard.AddRange("\r\n"u8);
            return;
        }

        Hear();
        if (Is(step, "client: ", out var wanted))
        {
            Assert.True(string.Equals(Encoding.UTF8.GetString(Bytes(wanted)), Next(_lines), StringComparison.Ordinal), $"{where}\n{_last}");
        }
        else if (Is(step, "expect ", out wanted))
        {
            var from = wanted.StartsWith("delivered ", StringComparison.Ordinal) || wanted.StartsWith("failed ", StringComparison.Ordinal) ? _settled : _events;
            Assert.True(string.Equals(wanted, Next(from), StringComparison.Ordinal), $"{where}\n{_last}");
        }
        else
        {
            // What a session does in one turn may be read in one piece.
            if (!OfOneTurn.Contains(step.Split(' ')[0], StringComparer.Ordinal))
            {
                Settle(where);
            }

            Act(step, where);
            Drain();
        }
    }

    private void Act(string step, string where)
    {
        var words = step.Split(' ');
        switch (words)
        {
            case ["start"]:
                _client.Start(_now);
                break;
            case ["enter", var lane, .. var address]:
                _client.Enter(lane, string.Join(' ', address), _now);
                break;
            case ["leave", var lane]:
                _client.Leave(lane);
                break;
            case ["send", var id, var lane, .. var text]:
                _deliveries[id] = _deliveries.GetValueOrDefault(id) ?? Deliveries.Create(id, lane, string.Join(' ', text).Replace("\\n", "\n", StringComparison.Ordinal));
                _client.Send(_deliveries[id], _now);
                break;
            case ["flush"]:
                _client.Flush(_now);
                break;
            case ["quit", .. var reason]:
                _client.Quit(string.Join(' ', reason));
                break;
            case ["time", var seconds]:
                Pass(Seconds(seconds));
                break;
            case ["abandon", .. var ids]:
                Assert.Equal(string.Join(' ', ids), string.Join(' ', _client.Abandon().Select(Deliveries.Name)));
                break;
            default:
                Check(words, where);
                break;
        }
    }

    private void Check(string[] words, string where)
    {
        switch (words)
        {
            case ["can", "send"]:
                Assert.True(_client.CanSend, where);
                break;
            case ["cannot", "send"]:
                Assert.False(_client.CanSend, where);
                break;
            case ["in", "flight", var count]:
                Assert.Equal(int.Parse(count, CultureInfo.InvariantCulture), _client.InFlight);
                break;
            case ["limit", var address, var limit]:
                Assert.Equal(int.Parse(limit, CultureInfo.InvariantCulture), _client.LaneLimit(address));
                break;
            case ["wakes", "at", var seconds]:
                Assert.Equal(Seconds(seconds), _client.WakeAt - _now);
                break;
            case ["never", "wakes"]:
                Assert.Equal(TimeSpan.MaxValue, _client.WakeAt);
                break;
            default:
                Assert.Fail($"no such step: {where}");
                break;
        }
    }

    private void Pass(TimeSpan time)
    {
        var end = _now + time;
        for (var steps = 0; _client.WakeAt <= end; steps++)
        {
            Assert.True(steps < 10_000, "the client wakes without end");
            _now = _client.WakeAt > _now ? _client.WakeAt : _now;
            _client.Tick(_now);
            Drain();
        }

        _now = end;
    }

    private void Hear()
    {
        if (_heard.Count == 0)
        {
            return;
        }

        var bytes = _heard.ToArray();
        _heard.Clear();
        var piece = _byteByByte ? 1 : bytes.Length;
        for (var at = 0; at < bytes.Length; at += piece)
        {
            _client.Feed(bytes.AsSpan(at, piece), _now);
            Drain();
        }
    }

    /// <summary>Nothing may be left over.</summary>
    private void Settle(string where)
    {
        Hear();
        Assert.True(_lines.Count + _events.Count + _settled.Count == 0, $"before {where}\nnot in the script: {string.Join(" | ", _lines.Concat(_events).Concat(_settled))}");
        Assert.Equal("", _unread.ToString());
    }

    private void Drain()
    {
        var output = _client.Output;
        _unread.Append(Encoding.UTF8.GetString(output.Bytes.WrittenSpan));
        output.Bytes.ResetWrittenCount();
        for (int end; (end = _unread.ToString().IndexOf("\r\n", StringComparison.Ordinal)) >= 0; _unread.Remove(0, end + 2))
        {
            _lines.Enqueue(_unread.ToString(0, end));
        }

        output.Settled.ForEach(s => _settled.Enqueue(
            s.Outcome.Status == DeliveryStatus.Delivered ? $"delivered {Deliveries.Name(s.Delivery)}{(s.Outcome.Proof == Proof.Pong ? "" : $" by {s.Outcome.Proof}")}" : $"failed {Deliveries.Name(s.Delivery)} {s.Outcome.Reason}"));
        output.Settled.Clear();
        output.Events.ForEach(e => _events.Enqueue(Describe(e)));
        output.Events.Clear();
    }

    private static string Describe(ProtocolEvent happened) => happened switch
    {
        ProtocolEvent.Ready ready => $"ready {ready.Nick}",
        ProtocolEvent.Renamed renamed => $"renamed {renamed.Nick}",
        ProtocolEvent.Unauthenticated without => $"unauthenticated {without.Reason}",
        ProtocolEvent.Opened opened => $"opened {opened.Lane}",
        ProtocolEvent.Refused refused => $"refused {refused.Lane} {refused.Kind} {refused.Reason}",
        ProtocolEvent.Closed closed => $"closed {closed.Lane} {closed.Reason}",
        ProtocolEvent.Reachable reachable => $"reachable {reachable.Lane}",
        ProtocolEvent.Returned returned => $"returned {Deliveries.Name(returned.Delivery)} {returned.Reason}",
        ProtocolEvent.Ended ended => $"ended {ended.Kind} {ended.Reason}",
        _ => throw new ArgumentOutOfRangeException(nameof(happened)),
    };

    private string? Next(Queue<string> from)
    {
        from.TryDequeue(out var next);
        _last = $"but the client: {next ?? "nothing"} (and then {string.Join(" | ", _lines.Concat(_events).Concat(_settled))})";
        return next;
    }

    private static bool Is(string step, string word, out string rest)
    {
        var found = step.StartsWith(word, StringComparison.Ordinal) || string.Equals(step, word.TrimEnd(), StringComparison.Ordinal);
        rest = found ? step[Math.Min(step.Length, word.Length)..] : "";
        return found;
    }

    private static byte[] Bytes(string text)
    {
        var bytes = new List<byte>();
        var parts = text.Split("\\x");
        bytes.AddRange(Encoding.UTF8.GetBytes(parts[0]));
        foreach (var part in parts.Skip(1))
        {
            bytes.AddRange(Convert.FromHexString(part.AsSpan(0, 2)));
            bytes.AddRange(Encoding.UTF8.GetBytes(part[2..]));
        }

        return [.. bytes];
    }

    private static TimeSpan Seconds(string text) => TimeSpan.FromTicks((long)(decimal.Parse(text, CultureInfo.InvariantCulture) * TimeSpan.TicksPerSecond));
}
