namespace NotifyGateway.Core.Protocols.Irc;

/// <summary>Where a target stands. <c>Verifying</c>: the server refused a message though we believe we are in; JOIN is repeated to find out.</summary>
internal enum TargetState { Waiting, Joining, Verifying, Open }

/// <summary>A channel or a nick that messages go to.</summary>
internal sealed class IrcTarget(string name, bool isChannel)
{
    public string Name { get; set; } = name;

    public bool IsChannel { get; } = isChannel;

    public string? Key { get; set; }

    public TargetState State { get; set; }

    public TimeSpan JoinDeadline { get; set; }

    /// <summary>The barrier behind a repeated JOIN.</summary>
    public long Barrier { get; set; }

    /// <summary>The last batch that holds a delivery to this target.</summary>
    public long Batch { get; set; } = -1;

    /// <summary>The lanes that are this target: several where the server folds names further than the router does.</summary>
    public List<string> Lanes { get; } = [];
}

/// <summary>The targets of one connection: joins what is asked for, a few at a time, and believes only what the server has confirmed.</summary>
internal sealed class IrcTargets(IrcState state)
{
    /// <summary>JOINs on the wire: the server's answers pace the rest, so that many channels are no flood.</summary>
    private const int JoinsInFlight = 5;

    private static readonly TimeSpan JoinTimeout = TimeSpan.FromSeconds(30);

    private readonly Dictionary<string, IrcTarget> _byLane = new(StringComparer.Ordinal);
    private readonly Dictionary<string, IrcTarget> _byName = new(StringComparer.Ordinal);
    private readonly List<IrcTarget> _joining = [];
    private readonly Queue<IrcTarget> _waiting = new();

    public TimeSpan WakeAt => _joining.Count == 0 ? TimeSpan.MaxValue : _joining.Min(t => t.JoinDeadline);

    public IrcTarget OfLane(string lane) => _byLane[lane];

    public IrcTarget? Find(string name) => _byName.GetValueOrDefault(state.Isupport.CaseMapping.Fold(name));

    public void Enter(string lane, string address, TimeSpan now)
    {
        var space = address.IndexOf(' ', StringComparison.Ordinal);
        var name = space < 0 ? address : address[..space];
        var isChannel = IsChannel(name);
        var target = Find(name);
        if (target is null)
        {
            target = new IrcTarget(name, isChannel) { State = isChannel ? TargetState.Waiting : TargetState.Open };
            _byName[state.Isupport.CaseMapping.Fold(name)] = target;
            if (isChannel)
            {
                _waiting.Enqueue(target);
            }
        }

        target.Key = space < 0 ? target.Key : address[(space + 1)..];
        _byLane[lane] = target;
        if (!target.Lanes.Contains(lane, StringComparer.Ordinal))
        {
            target.Lanes.Add(lane);
        }

        if (target.State == TargetState.Open)
        {
            state.Raise(new ProtocolEvent.Opened(lane));
        }

        JoinNext(now);
    }

    public void Leave(string lane)
    {
        if (_byLane.GetValueOrDefault(lane) is { } target)
        {
            if (target is { IsChannel: true, State: TargetState.Open })
            {
                state.Send("PART", target.Name);
            }

            Forget(target);
        }
    }

    public void Tick(TimeSpan now)
    {
        foreach (var late in _joining.Where(t => now >= t.JoinDeadline).ToList())
        {
            Refuse(late, $"no answer to JOIN within {JoinTimeout.TotalSeconds:0} s", RefusalKind.Later);
        }

        JoinNext(now);
    }

    /// <summary>A JOIN that the server relays: ours makes the channel open.</summary>
    public void OnJoin(in IrcMessage message, TimeSpan now)
    {
        var source = IrcSource.Parse(message.Source);
        if (!state.IsUs(source.Nick))
        {
            return;
        }

        state.Learn(source);
        if (Find(message.Text(0)) is { State: not TargetState.Open } target)
        {
            target.Name = message.Text(0);
            Open(target);
        }

        JoinNext(now);
    }

    /// <summary>PART or KICK: only of ourselves does it concern us.</summary>
    public void OnGone(string channel, string nick, string reason)
    {
        if (state.IsUs(nick) && Find(channel) is { IsChannel: true } target)
        {
            Forget(target);
            Each(target, lane => new ProtocolEvent.Closed(lane, reason));
        }
    }

    /// <summary>An error numeric that names a channel which we are about to join. False: it is about something else.</summary>
    public bool OnError(in IrcMessage message, TimeSpan now)
    {
        if (message.Count < 3 || Find(message.Text(1)) is not { State: TargetState.Joining or TargetState.Verifying } target)
        {
            return false;
        }

        var kind = message.Numeric switch
        {
            403 or 476 or 479 => RefusalKind.Never,
            405 => RefusalKind.LimitReached,
            _ => RefusalKind.Later,
        };
        Refuse(target, IrcState.Reason(message), kind);
        JoinNext(now);
        return true;
    }

    /// <summary>The server has processed all up to here: a repeated JOIN that it did not answer means that we were in all the time.</summary>
    public void OnPong(long barrier)
    {
        if (_joining.Count == 0)
        {
            return;
        }

        foreach (var target in _joining.Where(t => t.State == TargetState.Verifying && barrier >= t.Barrier).ToList())
        {
            Open(target);
        }
    }

    /// <summary>The server refused a message to a channel in which we believe to be: joins again, which it ignores if we are.</summary>
    public void Verify(IrcTarget target, TimeSpan now)
    {
        if (target.State != TargetState.Open || !ReferenceEquals(Find(target.Name), target))
        {
            return;
        }

        Join(target, TargetState.Verifying, now);
        target.Barrier = state.SendBarrier();
    }

    public bool IsChannel(string name) => name.Length > 0 && (state.Isupport.ChannelTypes.Contains(name[0], StringComparison.Ordinal) || name[0] is '#' or '&');

    private void JoinNext(TimeSpan now)
    {
        while (_joining.Count < JoinsInFlight && _waiting.TryDequeue(out var target))
        {
            if (target.State == TargetState.Waiting && ReferenceEquals(Find(target.Name), target))
            {
                Join(target, TargetState.Joining, now);
            }
        }
    }

    private void Join(IrcTarget target, TargetState joining, TimeSpan now)
    {
        target.State = joining;
        target.JoinDeadline = now + JoinTimeout;
        _joining.Add(target);
        if (target.Key is { } key)
        {
            state.Send("JOIN", target.Name, key);
        }
        else
        {
            state.Send("JOIN", target.Name);
        }
    }

    private void Open(IrcTarget target)
    {
        target.State = TargetState.Open;
        _joining.Remove(target);
        Each(target, lane => new ProtocolEvent.Opened(lane));
    }

    private void Refuse(IrcTarget target, string reason, RefusalKind kind)
    {
        Forget(target);
        Each(target, lane => new ProtocolEvent.Refused(lane, reason, kind));
    }

    private void Forget(IrcTarget target)
    {
        _joining.Remove(target);
        _byName.Remove(state.Isupport.CaseMapping.Fold(target.Name));
        foreach (var lane in target.Lanes)
        {
            _byLane.Remove(lane);
        }
    }

    private void Each(IrcTarget target, Func<string, ProtocolEvent> make)
    {
        foreach (var lane in target.Lanes)
        {
            state.Raise(make(lane));
        }
    }
}
