using System.Globalization;
using System.Text;
using NotifyGateway.Core;
using NotifyGateway.Core.Protocols;
using Xunit;

namespace NotifyGateway.Tests.Support;

/// <summary>
/// A conversation between a protocol machine and its server, one step a line, played twice: what the server says is fed as one piece, and one byte at a time.
/// Everything that the client does must stand in the script: what is left over before the server or the time goes on fails.
/// </summary>
/// <remarks>
/// <code>
/// start                       the connection stands
/// server: WORDS               the server says; \xHH is a byte, consecutive lines are one piece
/// client: WORDS               what the client says next
/// leave LANE                  flush           quit REASON
/// time SECONDS                passes, with every wake-up on its way
/// can send | cannot send      in flight N     wakes at SECONDS | never wakes
/// expect WHAT                 ready NICK, renamed NICK, unauthenticated REASON, opened LANE, refused LANE KIND REASON, closed LANE REASON, reachable LANE,
///                             returned ID REASON, secure, unbound REASON, moved ADDRESS, ended KIND REASON, delivered ID (and how), failed ID REASON
/// abandon ID ID               what the connection's end gives back, in order
/// // a comment
/// </code>
/// </remarks>
internal abstract class Transcript(bool byteByByte)
{
    private static readonly string[] OfOneTurn = ["enter", "leave", "send", "flush"];

    private readonly Queue<string> _events = new();
    private readonly Queue<string> _settled = new();
    private readonly List<byte> _heard = [];

    /// <summary>By the names that the script gives them.</summary>
    protected Dictionary<string, Delivery> Sent { get; } = new(StringComparer.Ordinal);

    protected TimeSpan Now { get; private set; } = TimeSpan.FromSeconds(1000);

    protected abstract IProtocol Client { get; }

    /// <summary>What the client has said and the script has not; empty: nothing.</summary>
    protected abstract string Unread { get; }

    /// <param name="script">The steps.</param>
    /// <param name="make">A conversation that is fed byte by byte, or not.</param>
    protected static void Play(string script, Func<bool, Transcript> make)
    {
        foreach (var byteByByte in (bool[])[false, true])
        {
            var number = 0;
            var transcript = make(byteByByte);
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

    /// <summary>A step of the server, as bytes.</summary>
    protected abstract byte[] Said(string words);

    /// <summary>The client has said this.</summary>
    protected abstract void Read(string text);

    /// <summary>Takes the next words of the client. False: they are others.</summary>
    protected abstract bool TryTake(string wanted);

    /// <summary>What stands behind a delivery's name, by its proof.</summary>
    protected abstract string How(Proof proof);

    /// <summary>Does a step of this protocol alone. False: it is none.</summary>
    protected abstract bool TryAct(string[] words);

    protected virtual string Describe(ProtocolEvent happened) => happened switch
    {
        ProtocolEvent.Ready ready => $"ready {ready.Nick}",
        ProtocolEvent.Renamed renamed => $"renamed {renamed.Nick}",
        ProtocolEvent.Unauthenticated without => $"unauthenticated {without.Reason}",
        ProtocolEvent.Opened opened => $"opened {opened.Lane}",
        ProtocolEvent.Refused refused => $"refused {refused.Lane} {refused.Kind} {refused.Reason}",
        ProtocolEvent.Closed closed => $"closed {closed.Lane} {closed.Reason}",
        ProtocolEvent.Reachable reachable => $"reachable {reachable.Lane}",
        ProtocolEvent.Returned returned => $"returned {Deliveries.Name(returned.Delivery)} {returned.Reason}",
        ProtocolEvent.Secure => "secure",
        ProtocolEvent.Unbound unbound => $"unbound {unbound.Reason}",
        ProtocolEvent.Moved moved => $"moved {moved.Address}",
        ProtocolEvent.Ended ended => $"ended {ended.Kind} {ended.Reason}",
        _ => throw new ArgumentOutOfRangeException(nameof(happened)),
    };

    protected static byte[] Bytes(string text)
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

    private string Rest => string.Join(" | ", _events.Concat(_settled).Prepend(Unread));

    private void Step(string step, string where)
    {
        if (Is(step, "server: ", out var said))
        {
            // What is pending must be read before the server goes on, but a run of lines is one piece.
            if (_heard.Count == 0)
            {
                Settle(where);
            }

            _heard.AddRange(Said(said));
            return;
        }

        Hear();
        if (Is(step, "client: ", out var wanted))
        {
            Assert.True(TryTake(wanted), $"{where}\nbut the client: {Rest}");
        }
        else if (Is(step, "expect ", out wanted))
        {
            var from = wanted.StartsWith("delivered ", StringComparison.Ordinal) || wanted.StartsWith("failed ", StringComparison.Ordinal) ? _settled : _events;
            Assert.True(from.TryDequeue(out var next) && string.Equals(wanted, next, StringComparison.Ordinal), $"{where}\nbut the client: {next ?? "nothing"} (and then {Rest})");
        }
        else
        {
            // What a session does in one turn may be read in one piece.
            if (!OfOneTurn.Contains(step.Split(' ')[0], StringComparer.Ordinal))
            {
                Settle(where);
            }

            Act(step.Split(' '), where);
            Drain();
        }
    }

    private void Act(string[] words, string where)
    {
        switch (words)
        {
            case ["start"]:
                Client.Start(Now);
                break;
            case ["leave", var lane]:
                Client.Leave(lane);
                break;
            case ["flush"]:
                Client.Flush(Now);
                break;
            case ["quit", .. var reason]:
                Client.Quit(string.Join(' ', reason));
                break;
            case ["time", var seconds]:
                Pass(Seconds(seconds));
                break;
            case ["abandon", .. var ids]:
                Assert.Equal(string.Join(' ', ids), string.Join(' ', Client.Abandon().Select(Deliveries.Name)));
                Abandoned();
                break;
            default:
                Check(words, where);
                break;
        }
    }

    /// <summary>The connection has ended.</summary>
    protected virtual void Abandoned()
    {
    }

    private void Check(string[] words, string where)
    {
        switch (words)
        {
            case ["can", "send"]:
                Assert.True(Client.CanSend, where);
                break;
            case ["cannot", "send"]:
                Assert.False(Client.CanSend, where);
                break;
            case ["in", "flight", var count]:
                Assert.Equal(int.Parse(count, CultureInfo.InvariantCulture), Client.InFlight);
                break;
            case ["wakes", "at", var seconds]:
                Assert.Equal(Seconds(seconds), Client.WakeAt - Now);
                break;
            case ["never", "wakes"]:
                Assert.Equal(TimeSpan.MaxValue, Client.WakeAt);
                break;
            default:
                Assert.True(TryAct(words), $"no such step: {where}");
                break;
        }
    }

    private void Pass(TimeSpan time)
    {
        var end = Now + time;
        for (var steps = 0; Client.WakeAt <= end; steps++)
        {
            Assert.True(steps < 10_000, "the client wakes without end");
            Now = Client.WakeAt > Now ? Client.WakeAt : Now;
            Client.Tick(Now);
            Drain();
        }

        Now = end;
    }

    private void Hear()
    {
        if (_heard.Count == 0)
        {
            return;
        }

        var bytes = _heard.ToArray();
        _heard.Clear();
        var piece = byteByByte ? 1 : bytes.Length;
        for (var at = 0; at < bytes.Length; at += piece)
        {
            Client.Feed(bytes.AsSpan(at, piece), Now);
            Drain();
        }
    }

    /// <summary>Nothing may be left over.</summary>
    private void Settle(string where)
    {
        Hear();
        Assert.True(Unread.Length + _events.Count + _settled.Count == 0, $"before {where}\nnot in the script: {Rest}");
    }

    private void Drain()
    {
        var output = Client.Output;
        Read(Encoding.UTF8.GetString(output.Bytes.WrittenSpan));
        output.Bytes.ResetWrittenCount();
        output.Settled.ForEach(s => _settled.Enqueue(s.Outcome.Status == DeliveryStatus.Delivered
            ? $"delivered {Deliveries.Name(s.Delivery)}{How(s.Outcome.Proof)}"
            : $"failed {Deliveries.Name(s.Delivery)} {s.Outcome.Reason}"));
        output.Settled.Clear();
        output.Events.ForEach(e => _events.Enqueue(Describe(e)));
        output.Events.Clear();
    }

    private static bool Is(string step, string word, out string rest)
    {
        var found = step.StartsWith(word, StringComparison.Ordinal) || string.Equals(step, word.TrimEnd(), StringComparison.Ordinal);
        rest = found ? step[Math.Min(step.Length, word.Length)..] : "";
        return found;
    }

    private static TimeSpan Seconds(string text) => TimeSpan.FromTicks((long)(decimal.Parse(text, CultureInfo.InvariantCulture) * TimeSpan.TicksPerSecond));
}
