namespace NotifyGateway.Core.Protocols.Irc;

/// <summary>The targets of one connection: joins what is asked for, a few at a time, and believes only what the server has confirmed.</summary>
internal sealed class IrcTargets(IrcState state)
{
    /// <summary>JOINs on the wire: the server's answers pace the rest, so that many channels are no flood.</summary>
    private const int JoinsInFlight = 5;

    /// <summary>Channels that we are in without having asked: more than any server lets us be in are not remembered.</summary>
    private const int MaxUnasked = 500;

    /// <summary>The first characters of channels in any network (RFC 2811, section 2.1); a server may know others.</summary>
    private const string ChannelTypes = "#&+!";

    /// <summary>What a server puts between <c>!</c> and the short name of a safe channel (RFC 2811, section 3.2).</summary>
    private const int ChannelIdLength = 5;

    private static readonly TimeSpan JoinTimeout = TimeSpan.FromSeconds(30);

    private readonly Dictionary<string, IrcTarget> _byLane = new(StringComparer.Ordinal);

    // A list, since a server may change how it folds names at any time.
    private readonly List<IrcTarget> _all = [];
    private readonly List<IrcTarget> _joining = [];
    private readonly Queue<IrcTarget> _waiting = new();
    private TimeSpan _joinFrom;

    public TimeSpan WakeAt
    {
        get
        {
            var deadline = _joining.Count == 0 ? TimeSpan.MaxValue : _joining.Min(t => t.JoinDeadline);
            return Spaced && _waiting.Count > 0 && _joining.Count < JoinsInFlight && _joinFrom < deadline ? _joinFrom : deadline;
        }
    }

    /// <summary>A server that has ended a connection for flooding counts JOINs too.</summary>
    private bool Spaced => state.Options.Floods.JoinSpacing > TimeSpan.Zero;

    /// <exception cref="InvalidOperationException">The lane is not open: whatever is sent there would be lost, or reach a channel that we have not joined.</exception>
    public IrcTarget OpenLane(string lane) => _byLane.GetValueOrDefault(lane) is { State: TargetState.Open or TargetState.Verifying } target
        ? target
        : throw new InvalidOperationException($"the lane {lane} is not open");

    /// <summary>
    /// Whether a name has to be joined. Names with a type that this server does not have are too: its refusal fails them, while
    /// <c>+#ops</c> as the target of a message would reach <c>#ops</c>, which we are not in.
    /// </summary>
    public bool IsChannel(string name) =>
        name.Length > 0 && (ChannelTypes.Contains(name[0], StringComparison.Ordinal) || state.Isupport.ChannelTypes.Contains(name[0], StringComparison.Ordinal));

    public void Enter(string lane, string address, TimeSpan now)
    {
        var space = address.IndexOf(' ', StringComparison.Ordinal);
        var target = FindOrAdd(space < 0 ? address : address[..space]);
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

    /// <summary>Leaves a lane, and its target with the last one.</summary>
    /// <returns>The target that was left, or null.</returns>
    public IrcTarget? Leave(string lane, TimeSpan now)
    {
        if (!_byLane.Remove(lane, out var target) || !target.Lanes.Remove(lane) || target.Lanes.Count > 0)
        {
            return null;
        }

        // A JOIN that is not answered yet is processed before the PART.
        if (target.IsChannel && target.State != TargetState.Waiting)
        {
            state.Send("PART", target.Name);
        }

        Forget(target);
        JoinNext(now);
        return target;
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

        state.Learn(source.User, source.Host);
        foreach (var name in message.Text(0).Split(','))
        {
            OnJoined(name);
        }

        JoinNext(now);
    }

    /// <summary>PART or KICK: only of ourselves, and only out of where we are, does it concern us. The PART of a channel that is being joined anew is an old one's.</summary>
    /// <returns>The target that is gone, or null.</returns>
    public IrcTarget? OnGone(string channel, string nick, string reason, TimeSpan now)
    {
        if (!state.IsUs(nick) || Find(channel) is not { IsChannel: true, State: TargetState.Open or TargetState.Verifying } target)
        {
            return null;
        }

        Forget(target);
        Each(target, lane => new ProtocolEvent.Closed(lane, reason));
        target.Lanes.Clear();
        JoinNext(now);
        return target;
    }

    /// <summary>
    /// The channel that an error numeric names and that we are about to join, or null. It is the first parameter after our nick, but
    /// <c>470 us [Link] #from …</c> has it one further, and some servers leave our nick out.
    /// </summary>
    public IrcTarget? Joining(in IrcMessage message)
    {
        ReadOnlySpan<int> places = [1, 2, 0];
        foreach (var place in places)
        {
            if (place < message.Count && Find(_joining, message.Text(place)) is { } target)
            {
                return target;
            }
        }

        return null;
    }

    /// <summary>An error numeric that answers the JOIN of a target.</summary>
    public void OnRefused(IrcTarget target, in IrcMessage message, TimeSpan now)
    {
        var kind = message.Numeric switch
        {
            403 or 476 or 479 => RefusalKind.Never,
            405 => RefusalKind.LimitReached,
            _ => RefusalKind.Later,
        };
        Refuse(target, IrcState.Reason(message), kind);
        JoinNext(now);
    }

    /// <summary>The server has processed all up to here: a repeated JOIN that it did not answer means that we were in all the time.</summary>
    public void OnPong(long barrier, TimeSpan now)
    {
        foreach (var target in _joining.Where(t => t.State == TargetState.Verifying && barrier >= t.Barrier).ToList())
        {
            Open(target);
        }

        JoinNext(now);
    }

    /// <summary>The server refused a message to a channel in which we believe to be: joins again, which it ignores if we are.</summary>
    public void Verify(string name, TimeSpan now)
    {
        if (Find(name) is { State: TargetState.Open } target)
        {
            target.State = TargetState.Verifying;
            _waiting.Enqueue(target);
            JoinNext(now);
        }
    }

    private IrcTarget? Find(string name) => Find(_all, name);

    private IrcTarget? Find(List<IrcTarget> targets, string name) => targets.Find(t => state.Isupport.CaseMapping.Same(t.Name, name));

    private IrcTarget FindOrAdd(string name)
    {
        if (Find(name) is { } known)
        {
            return known;
        }

        var isChannel = IsChannel(name);
        var target = new IrcTarget(name, isChannel) { State = isChannel ? TargetState.Waiting : TargetState.Open };
        _all.Add(target);
        if (isChannel)
        {
            _waiting.Enqueue(target);
        }

        return target;
    }

    /// <summary>
    /// We are in. A bouncer says so of its channels when we come, and a server may join us by force: remembered, since the server does not
    /// answer a JOIN of where we are.
    /// </summary>
    private void OnJoined(string name)
    {
        if (!IrcLine.IsWord(name) || !IsChannel(name))
        {
            return;
        }

        if ((Find(name) ?? FindSafe(name)) is not { } target)
        {
            if (_all.Count(t => t.Lanes.Count == 0) < MaxUnasked)
            {
                _all.Add(new IrcTarget(name, isChannel: true) { State = TargetState.Open });
            }
        }
        else if (target.State != TargetState.Open)
        {
            target.Name = name;
            Open(target);
        }
    }

    /// <summary>We ask for <c>!short</c>, or make it with <c>!!short</c>; the server calls it <c>!ABCDEshort</c>.</summary>
    private IrcTarget? FindSafe(string name) => name[0] != '!' || name.Length <= 1 + ChannelIdLength ? null
        : _joining.Find(t => t.Name[0] == '!' && state.Isupport.CaseMapping.Same(t.Name.TrimStart('!'), name[(1 + ChannelIdLength)..]));

    private void JoinNext(TimeSpan now)
    {
        while (now >= _joinFrom && _joining.Count < JoinsInFlight && _waiting.TryDequeue(out var target))
        {
            if (target.State is TargetState.Waiting or TargetState.Verifying && _all.Contains(target) && !_joining.Contains(target))
            {
                Join(target, now);
            }
        }
    }

    private void Join(IrcTarget target, TimeSpan now)
    {
        _joinFrom = now + state.Options.Floods.JoinSpacing;
        target.JoinDeadline = now + JoinTimeout;
        target.Barrier = state.NextBarrier;
        _joining.Add(target);
        if (target.Key is { } key)
        {
            state.Send("JOIN", target.Name, key);
        }
        else
        {
            state.Send("JOIN", target.Name);
        }

        if (target.State == TargetState.Verifying)
        {
            state.SendBarrier();
        }
        else
        {
            target.State = TargetState.Joining;
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
        target.Lanes.Clear();
    }

    private void Forget(IrcTarget target)
    {
        _joining.Remove(target);
        _all.Remove(target);
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
