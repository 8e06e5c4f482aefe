namespace NotifyGateway.Core.Sessions;

/// <summary>What a session tells users of itself. Written by the session's loop; <see cref="Published"/> may be read from any thread.</summary>
internal sealed class SessionReport
{
    private SessionSettings _settings;
    private readonly TimeProvider _time;
    private SessionState _state = SessionState.Connecting;
    private DateTimeOffset _since;
    private DateTimeOffset? _nextAttemptAt;
    private volatile SessionStatus _published;

    public SessionReport(SessionSettings settings, TimeProvider time)
    {
        _settings = settings;
        _time = time;
        _since = time.GetUtcNow();
        _published = Describe(null, []);
    }

    /// <summary>The last word, with a queue of 0: the outbox counts.</summary>
    public SessionStatus Published => _published;

    /// <summary>Why the last connection ended; null since the session is online again.</summary>
    public string? LastError { get; set; }

    /// <summary>Something has changed since the last <see cref="Publish"/>.</summary>
    public bool Changed { get; set; }

    public void Change(SessionSettings settings)
    {
        _settings = settings;
        Changed = true;
    }

    public void Become(SessionState state, DateTimeOffset? nextAttemptAt = null)
    {
        if (state != _state)
        {
            // An attempt that fails changes nothing: what counts is since when there is no connection.
            _since = IsTrying(state) && IsTrying(_state) ? _since : _time.GetUtcNow();
            _state = state;
        }

        _nextAttemptAt = nextAttemptAt;
        Changed = true;
    }

    public void Publish(string? nick, IEnumerable<Lane> lanes)
    {
        Changed = false;
        _published = Describe(nick, lanes);
    }

    private static bool IsTrying(SessionState state) => state is SessionState.Connecting or SessionState.Waiting;

    private SessionStatus Describe(string? nick, IEnumerable<Lane> lanes) => new(
        _settings.Key.Name, _settings.Protocol, _state, nick, _settings.Link.Server, _since, Channels(lanes), 0, LastError, _nextAttemptAt);

    private List<ChannelStatus> Channels(IEnumerable<Lane> lanes) =>
    [
        .. lanes.Where(l => l.Address is { Length: > 0 } address && (_settings.IsChannel(address) || HasShown(l)))
            .Select(l => new ChannelStatus(l.Label, Of(l.State), l.Reason) { Listed = l.Standing })
            .OrderBy(c => c.Name, StringComparer.Ordinal),
    ];

    /// <summary>What its address does not tell, where a lane leads, its connection has found out; nobody else than a channel refuses us.</summary>
    private static bool HasShown(Lane lane) => lane.State == LaneState.Parked || (lane.State == LaneState.Open && !LanePlaces.Unlimited(lane));

    private static ChannelState Of(LaneState state) => state switch
    {
        LaneState.Open => ChannelState.Joined,
        LaneState.Parked or LaneState.Rejected => ChannelState.Parked,
        _ => ChannelState.Joining,
    };
}
