using System.Diagnostics.Metrics;
using NotifyGateway.Api.Http;
using NotifyGateway.Core;
using NotifyGateway.Core.Outbox;
using NotifyGateway.Core.Sessions;

namespace NotifyGateway.Api.Metrics;

/// <summary>How sessions stand and what waits for them. Asked at each scrape, from memory alone: what is on disk is counted where it is queued.</summary>
internal sealed class SessionGauges
{
    /// <summary>Channels that no configuration names are made by senders: more of one session than this have no series of their own.</summary>
    private const int MaxUnlisted = 100;

    /// <summary>All instruments of one scrape see the same.</summary>
    private static readonly TimeSpan Fresh = TimeSpan.FromMilliseconds(100);

    private static readonly string[] States = [.. Enum.GetValues<SessionState>().Select(Words.Of)];
    private static readonly string[] ChannelStates = [.. Enum.GetValues<ChannelState>().Select(Words.Of)];

    private readonly SessionBoard _board;
    private readonly IOutbox _outbox;
    private readonly TimeProvider _time;
    private readonly Action<string> _declare;
    private readonly HashSet<string> _known = new(StringComparer.Ordinal);

    // Scrapes and an exporter's timer ask at the same time.
    private readonly Lock _gate = new();
    private View? _view;
    private long _viewAt;

    /// <param name="declare">Called once for each session that is seen for the first time.</param>
    public SessionGauges(IMeterFactory meters, SessionBoard board, IOutbox outbox, TimeProvider time, Action<string> declare)
    {
        (_board, _outbox, _time, _declare) = (board, outbox, time, declare);
        var meter = meters.Create(DoorCounters.MeterName);
        meter.CreateObservableGauge("notify_queue_depth", () => Look().Depth, description: "Deliveries that are queued, those on the wire included.");
        meter.CreateObservableGauge("notify_queue_oldest_seconds", () => Look().Oldest, description: "Age of the oldest queued delivery of a session; 0 when none is.");
        meter.CreateObservableGauge("notify_session_up", () => Look().Up, description: "1 while a configured session can deliver: a network or account is logged in, a program can be run.");
        meter.CreateObservableGauge("notify_sessions_on_demand", () => Look().OnDemand, description: "Sessions made on demand for servers that a URL names, by state.");
        meter.CreateObservableGauge("notify_channel_joined", () => Look().Joined, description: "1 while a channel or room of a configured session is joined; those that no configuration names up to 100 for each session.");
        meter.CreateObservableGauge("notify_channels", () => Look().Channels, description: "Channels and rooms of a configured session, by state.");
    }

    /// <summary>What is known of all sessions; those that are new are declared.</summary>
    public View Look()
    {
        lock (_gate)
        {
            if (_view is null || _time.GetElapsedTime(_viewAt) > Fresh)
            {
                _view = Observe();
                _viewAt = _time.GetTimestamp();
            }

            return _view;
        }
    }

    private View Observe()
    {
        var view = new View();
        var queues = new Dictionary<string, (long Depth, double Oldest)>(StringComparer.Ordinal);
        var onDemand = new int[States.Length];
        foreach (var session in _board.Snapshot())
        {
            var label = new SessionKey(session.Name).Label;
            queues[label] = default;
            if (label is SessionKey.OnDemandLabel)
            {
                onDemand[(int)session.State]++;
            }
            else
            {
                view.Add(session, MaxUnlisted);
            }
        }

        var now = _time.GetUtcNow();
        foreach (var (session, queued, oldest) in _outbox.Backlog())
        {
            var (depth, age) = queues.GetValueOrDefault(session.Label);
            queues[session.Label] = (depth + queued, Math.Max(age, oldest is { } at ? (now - at).TotalSeconds : 0));
        }

        foreach (var (label, (depth, age)) in queues)
        {
            view.Depth.Add(new(depth, View.Session(label)));
            view.Oldest.Add(new(age, View.Session(label)));
            if (_known.Add(label))
            {
                _declare(label);
            }
        }

        for (var state = 0; state < States.Length; state++)
        {
            view.OnDemand.Add(new(onDemand[state], new KeyValuePair<string, object?>("state", States[state])));
        }

        return view;
    }

    /// <summary>One look at all sessions, as measurements.</summary>
    internal sealed class View
    {
        public List<Measurement<long>> Depth { get; } = [];

        public List<Measurement<double>> Oldest { get; } = [];

        public List<Measurement<long>> Up { get; } = [];

        public List<Measurement<long>> OnDemand { get; } = [];

        public List<Measurement<long>> Joined { get; } = [];

        public List<Measurement<long>> Channels { get; } = [];

        public static KeyValuePair<string, object?> Session(string label) => new("session", label);

        /// <summary>Adds a configured session and its channels.</summary>
        public void Add(SessionStatus session, int maxUnlisted)
        {
            var label = Session(session.Name);
            Up.Add(new(IsUp(session) ? 1 : 0, label));
            if (session.Protocol is "program")
            {
                return;
            }

            // A room that is spoken to under two nicks is there twice.
            var joined = new Dictionary<string, bool>(StringComparer.Ordinal);
            var counts = new int[ChannelStates.Length];
            var unlisted = 0;
            foreach (var channel in session.Channels)
            {
                counts[(int)channel.State]++;
                if (channel.Listed || joined.ContainsKey(channel.Name) || unlisted++ < maxUnlisted)
                {
                    joined[channel.Name] = joined.GetValueOrDefault(channel.Name) || channel.State == ChannelState.Joined;
                }
            }

            Joined.AddRange(joined.Select(c => new Measurement<long>(c.Value ? 1 : 0, label, new KeyValuePair<string, object?>("channel", c.Key))));
            for (var state = 0; state < counts.Length; state++)
            {
                Channels.Add(new(counts[state], label, new KeyValuePair<string, object?>("state", ChannelStates[state])));
            }
        }

        private static bool IsUp(SessionStatus session) =>
            session.State == SessionState.Online || (session.Protocol is "program" && session.State != SessionState.Faulted);
    }
}
