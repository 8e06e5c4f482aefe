using System.Globalization;
using System.Text;
using NotifyGateway.Core;
using NotifyGateway.Core.Protocols;
using NotifyGateway.Core.Protocols.Irc;
using NotifyGateway.Tests.Support;
using static NotifyGateway.Tests.Fuzzing.Inputs;

namespace NotifyGateway.Tests.Fuzzing;

/// <summary>
/// A client whose server says anything. A line that begins with byte 1 is not the server's: <c>enter NAME</c>, <c>leave NAME</c>, <c>send TEXT</c>, <c>time SECONDS</c>,
/// <c>change</c>, <c>quit</c>.
/// </summary>
internal sealed class IrcVictim(IrcClientOptions options)
{
    private const int MostWakes = 2000;
    private const int MostSeconds = 3600;

    private readonly IrcClient _client = new(options);
    private readonly List<string> _open = [];
    private readonly HashSet<string> _onItsWay = new(StringComparer.Ordinal);
    private readonly StringBuilder _told = new();
    private TimeSpan _now;
    private int _sent;
    private bool _ready;
    private bool _ended;

    /// <returns>All that it has told its session.</returns>
    public string Live(byte[] input)
    {
        _client.Start(_now);
        Drain();
        for (var at = 0; at < input.Length && !_ended;)
        {
            var end = input.AsSpan(at).IndexOf((byte)'\n') is >= 0 and var found ? at + found + 1 : input.Length;
            if (input[at] == 1)
            {
                Do(Text(input[(at + 1)..end]).TrimEnd('\n'));
            }
            else
            {
                _client.Feed(input.AsSpan(at..end), _now);
            }

            Drain();
            at = end;
        }

        var left = _client.Abandon().Select(Deliveries.Name).ToList();
        Holds(_onItsWay.SetEquals(left) && left.Count == _onItsWay.Count && _client.InFlight == 0, "what is given back is not what was on its way");
        return _told.ToString();
    }

    private void Do(string action)
    {
        var words = action.Split(' ', 2);
        var argument = words.Length > 1 ? words[1] : "";
        switch (words[0])
        {
            case "enter" when _ready && argument is ("#a" or "#b" or "carol"):
                _client.Enter(argument, argument, _now);
                break;
            case "leave" when _open.Contains(argument):
                _open.Remove(argument);
                _client.Leave(argument);
                break;
            case "send" when _client.CanSend && _open.Count > 0:
                var name = string.Create(CultureInfo.InvariantCulture, $"d{_sent++}");
                _onItsWay.Add(name);
                _client.Send(Deliveries.Create(name, _open[_sent % _open.Count], argument), _now);
                _client.Flush(_now);
                break;
            case "time" when int.TryParse(argument, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds):
                Pass(_now + TimeSpan.FromSeconds(Math.Min(seconds, MostSeconds)));
                break;
            case "change":
                _client.Change(options with { Burst = 2, Window = 3 }, _now);
                break;
            case "quit":
                _client.Quit("stopped");
                break;
        }
    }

    private void Pass(TimeSpan end)
    {
        for (var wakes = 0; _client.WakeAt <= end && !_ended; wakes++)
        {
            Holds(wakes < MostWakes, "it is awake all the time");
            _now = _client.WakeAt > _now ? _client.WakeAt : _now;
            _client.Tick(_now);
            Drain();
        }

        _now = end;
    }

    private void Drain()
    {
        var output = _client.Output;
        var written = output.Bytes.WrittenSpan;
        Holds(written.Length <= 64 * 1024 && (written.IsEmpty || written.EndsWith("\r\n"u8)) && !written.Contains((byte)0), "what is written are no lines");
        foreach (var line in Encoding.Latin1.GetString(written).Split("\r\n"))
        {
            Holds(line.AsSpan().IndexOfAny('\r', '\n') < 0 && line.Length <= 1024, "a line in a line, or one that is too long");
        }

        output.Bytes.ResetWrittenCount();
        output.Starts.Clear();
        foreach (var (delivery, outcome) in output.Settled)
        {
            _told.Append(outcome).Append('\n');
            Holds(_onItsWay.Remove(Deliveries.Name(delivery)), "settled what was not on its way");
        }

        output.Settled.Clear();
        output.Events.ForEach(Hear);
        output.Events.Clear();
        Holds(_client.InFlight >= 0 && _client.InFlight <= options.Window, "more is in flight than the window holds");
    }

    private void Hear(ProtocolEvent happened)
    {
        _told.Append(happened).Append('\n');
        switch (happened)
        {
            case ProtocolEvent.Ready:
                Holds(!_ready, "it is ready twice");
                _ready = true;
                break;
            case ProtocolEvent.Opened opened when !_open.Contains(opened.Lane):
                _open.Add(opened.Lane);
                break;
            case ProtocolEvent.Refused refused:
                _open.Remove(refused.Lane);
                break;
            case ProtocolEvent.Closed closed:
                _open.Remove(closed.Lane);
                break;
            case ProtocolEvent.Returned returned:
                _open.Remove(returned.Delivery.Lane);
                Holds(_onItsWay.Remove(Deliveries.Name(returned.Delivery)), "returned what was not on its way");
                break;
            case ProtocolEvent.Ended:
                Holds(!_ended, "it ends twice");
                _ended = true;
                break;
        }
    }
}
