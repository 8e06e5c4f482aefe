using System.Globalization;
using System.Text;
using NotifyGateway.Core.Protocols;
using NotifyGateway.Core.Protocols.Xmpp;
using NotifyGateway.Tests.Support;
using static NotifyGateway.Tests.Fuzzing.Inputs;

namespace NotifyGateway.Tests.Fuzzing;

/// <summary>
/// A client whose server says anything. What stands between byte 1 and the end of the line is not the server's: <c>enter ADDRESS</c>, <c>leave ADDRESS</c>, <c>send TEXT</c>,
/// <c>time SECONDS</c>, <c>quit</c>; <c>again</c> breaks the connection and makes another, <c>clear</c> one without TLS.
/// </summary>
internal sealed class XmppVictim
{
    private const int MostWakes = 2000;
    private const int MostSeconds = 3600;

    private static readonly XmppClientOptions Options = XmppTranscript.Options with { Window = 4, Password = Secret };

    private readonly XmppResumption _resumption = new();
    private readonly HashSet<string> _onItsWay = new(StringComparer.Ordinal);
    private readonly List<string> _open = [];
    private XmppClient _client;
    private TimeSpan _now;
    private int _sent;
    private bool _ready;
    private bool _ended;
    private bool _secure = true;

    public XmppVictim() => _client = new XmppClient(Options, _resumption);

    public void Live(byte[] input)
    {
        _client.Start(TlsFacts.None, _now);
        Drain();
        for (var at = 0; at < input.Length;)
        {
            int end;
            if (input[at] == 1)
            {
                end = input.AsSpan(at).IndexOf((byte)'\n') is >= 0 and var line ? at + line + 1 : input.Length;
                Do(Text(input[(at + 1)..end]).TrimEnd('\n'));
            }
            else
            {
                end = input.AsSpan(at).IndexOf((byte)1) is >= 0 and var action ? at + action : input.Length;
                if (!_ended)
                {
                    _client.Feed(input.AsSpan(at..end), _now);
                }
            }

            Drain();
            at = end;
        }

        Abandon();
    }

    private void Abandon()
    {
        var left = _client.Abandon().Select(Deliveries.Name).ToList();
        Holds(_onItsWay.SetEquals(left) && left.Count == _onItsWay.Count && _client.InFlight == 0, "what is given back is not what was on its way");
        _onItsWay.Clear();
        _open.Clear();
    }

    private void Do(string action)
    {
        var words = action.Split(' ', 2);
        var argument = words.Length > 1 ? words[1] : "";
        switch (words[0])
        {
            case "again" or "clear":
                Abandon();
                _client = new XmppClient(Options, _resumption);
                _ended = false;
                _ready = false;
                _secure = words[0] is "again";
                Start();
                break;
            case var _ when _ended:
                break;
            case "enter" when _ready && XmppAddress.Parse(argument, out _) is not null:
                _client.Enter(argument, argument, _now);
                break;
            case "leave" when _open.Remove(argument):
                _client.Leave(argument);
                break;
            case "send" when _client.CanSend && _open.Count > 0:
                var name = string.Create(CultureInfo.InvariantCulture, $"d{_sent++}");
                _onItsWay.Add(name);
                _client.Send(Deliveries.Create(name, _open[_sent % _open.Count], argument, new Guid(_sent, 0, 0, new byte[8])), _now);
                _client.Flush(_now);
                break;
            case "time" when int.TryParse(argument, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds):
                Pass(_now + TimeSpan.FromSeconds(Math.Min(seconds, MostSeconds)));
                break;
            case "quit":
                _client.Quit("stopped");
                break;
        }
    }

    private void Start()
    {
        if (_secure)
        {
            _client.Start(TlsFacts.None, _now);
        }
        else
        {
            _client.Start(_now);
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
        var written = Encoding.UTF8.GetString(output.Bytes.WrittenSpan);
        Holds(written.Length <= 256 * 1024 && !written.Contains('\0', StringComparison.Ordinal), "what is written is no XML");
        Holds(_secure || !written.Contains("<auth", StringComparison.Ordinal), "it logs in without TLS");
        output.Bytes.ResetWrittenCount();
        output.Starts.Clear();
        foreach (var (delivery, _) in output.Settled)
        {
            Holds(_onItsWay.Remove(Deliveries.Name(delivery)), "settled what was not on its way");
        }

        output.Settled.Clear();
        ProtocolEvent[] events = [.. output.Events];
        output.Events.Clear();
        Array.ForEach(events, Hear);
        Holds(_client.InFlight >= 0 && _client.InFlight <= Options.Window, "more is in flight than the window holds");
    }

    private void Hear(ProtocolEvent happened)
    {
        Holds(!happened.ToString()!.Contains(Secret, StringComparison.Ordinal), "an event tells the password");
        switch (happened)
        {
            case ProtocolEvent.Secure:
                _secure = true;
                _client.Secured(TlsFacts.None, _now);
                Drain();
                break;
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
                Holds(_onItsWay.Remove(Deliveries.Name(returned.Delivery)), "returned what was not on its way");
                break;
            case ProtocolEvent.Ended:
                Holds(!_ended, "it ends twice");
                _ended = true;
                break;
        }
    }
}
