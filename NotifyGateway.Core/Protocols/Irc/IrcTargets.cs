namespace NotifyGateway.Core.Protocols.Irc;

/// <summary>The targets of one connection: joins what is asked for, and believes only what the server has confirmed.</summary>
internal sealed class IrcTargets
{
    /// <summary>Channels that we are in without having asked: more than any server lets us be in are not remembered.</summary>
    private const int MaxUnasked = 500;

    /// <summary>The first characters of channels in any network (RFC 2811, section 2.1); a server may know others.</summary>
    private const string ChannelTypes = "#&+!";

    private readonly IrcState _state;
    private readonly Dictionary<string, IrcTarget> _byLane = new(StringComparer.Ordinal);

    // A list, since a server may change how it folds names at any time.
    private readonly List<IrcTarget> _all = [];
    private readonly IrcChannelKeys _keys;
    private readonly IrcJoins _joins;
    private readonly IrcRefused _refused;
    private readonly IrcForwards _forwards;
    private readonly IrcGreetings _greetings;

    public IrcTargets(IrcState state)
    {
        _state = state;
        _keys = new IrcChannelKeys(state);
        _joins = new IrcJoins(state, _keys);
        _refused = new IrcRefused(state);
        _forwards = new IrcForwards(state);
        _greetings = new IrcGreetings(state);
    }

    public TimeSpan WakeAt => _joins.WakeAt < _greetings.WakeAt ? _joins.WakeAt : _greetings.WakeAt;

    /// <exception cref="InvalidOperationException">The lane is not open: whatever is sent there would be lost, or reach a channel that we have not joined.</exception>
    public IrcTarget OpenLane(string lane) => _byLane.GetValueOrDefault(lane) is { State: TargetState.Open or TargetState.Verifying } target
        ? target
        : throw new InvalidOperationException($"the lane {lane} is not open");

    /// <summary>
    /// Whether a name has to be joined. Names with a type that this server does not have are too: its refusal fails them, while
    /// <c>+#ops</c> as the target of a message would reach <c>#ops</c>, which we are not in.
    /// </summary>
    public bool IsChannel(string name) =>
        name.Length > 0 && (ChannelTypes.Contains(name[0], StringComparison.Ordinal) || _state.Isupport.ChannelTypes.Contains(name[0], StringComparison.Ordinal));

    public void Enter(string lane, string address, TimeSpan now)
    {
        var space = address.IndexOf(' ', StringComparison.Ordinal);
        var target = FindOrAdd(space < 0 ? address : address[..space]);
        if (space >= 0)
        {
            target.Key = address[(space + 1)..];
            _state.Secrets.AddKey(target.Key);
        }

        _byLane[lane] = target;
        _refused.Forget(lane);
        if (!target.Lanes.Contains(lane, StringComparer.Ordinal))
        {
            target.Lanes.Add(lane);
        }

        if (target.State == TargetState.Open)
        {
            _state.Raise(new ProtocolEvent.Opened(lane));
        }

        _joins.Advance(now);
    }

    /// <summary>Leaves a lane, and its target with the last one.</summary>
    /// <returns>The target that was left, or null.</returns>
    public IrcTarget? Leave(string lane, TimeSpan now)
    {
        _refused.Forget(lane);
        if (!_byLane.Remove(lane, out var target) || !target.Lanes.Remove(lane) || target.Lanes.Count > 0)
        {
            return null;
        }

        // A JOIN that is not answered yet is processed before the PART.
        if (target.IsChannel && target.State != TargetState.Waiting)
        {
            _state.Send("PART", target.Name);
        }

        Forget(target);
        _joins.Advance(now);
        return target;
    }

    /// <summary>Says the greetings that the pace allows; when all is read that has come.</summary>
    public void Release(TimeSpan now) => _greetings.Release(now);

    public void Tick(TimeSpan now)
    {
        _greetings.Release(now);
        foreach (var late in _joins.Late(now))
        {
            if (late.State == TargetState.Greeting)
            {
                Open(late);
            }
            else
            {
                Refuse(late, $"no answer to JOIN within {IrcJoins.Timeout.TotalSeconds:0} s", RefusalKind.Later, 0);
            }
        }

        _joins.Advance(now);
    }

    /// <summary>A JOIN that the server relays: ours makes the channel open.</summary>
    public void OnJoin(in IrcMessage message, TimeSpan now)
    {
        var source = IrcSource.Parse(message.Source);
        if (!_state.IsUs(source.Nick))
        {
            return;
        }

        _state.Learn(source.User, source.Host);
        foreach (var name in message.Text(0).Split(','))
        {
            OnJoined(name, now);
        }

        _joins.Advance(now);
    }

    /// <summary>We are out of where we were: PART or KICK. The PART of a channel that is being joined anew is an old one's.</summary>
    /// <returns>The target that is gone, or null.</returns>
    public IrcTarget? OnGone(string channel, string reason, TimeSpan now)
    {
        if (Find(channel) is not { IsIn: true } target)
        {
            return null;
        }

        Forget(target);
        _refused.Keep(target, 0);
        Each(target, lane => new ProtocolEvent.Closed(lane, reason));
        target.Lanes.Clear();
        _joins.Advance(now);
        return target;
    }

    public void OnInvite(in IrcMessage message, TimeSpan now) => _refused.OnInvite(message, now);

    /// <summary>MODE of a channel.</summary>
    public void OnMode(string channel, in IrcMessage message) => _keys.OnMode(channel, message);

    /// <summary>Services know us now: channels that asked for it may be entered.</summary>
    public void OnLoggedIn() => _refused.OnLoggedIn();

    /// <summary>The channel that an error numeric names and that we are about to join or to greet, or null.</summary>
    public IrcTarget? Joining(in IrcMessage message) => _joins.Named(message);

    /// <summary>An error numeric that answers the JOIN of a target.</summary>
    public void OnRefused(IrcTarget target, in IrcMessage message, TimeSpan now)
    {
        if (message.Numeric == JoinRefusals.BadKey && _keys.OnWrong(target))
        {
            target.State = TargetState.Waiting;
            _joins.Remove(target);
            _joins.Add(target);
        }
        else
        {
            Refuse(target, IrcState.Reason(message), JoinRefusals.KindOf(message.Numeric), message.Numeric);
        }

        _joins.Advance(now);
    }

    /// <summary>470: we are put into another channel. What was meant for this one does not go there; unless it is wanted anyway, we leave it.</summary>
    public void OnForwarded(in IrcMessage message, TimeSpan now)
    {
        var channels = IrcForwards.Channels(message, IsChannel);
        if (channels.Select(_joins.Find).FirstOrDefault(t => t is { State: not TargetState.Greeting }) is not { } from)
        {
            return;
        }

        var to = channels[^1];
        var elsewhere = !_state.Isupport.CaseMapping.Same(to, from.Name);
        Refuse(from, elsewhere ? $"470 forwarded to {to}" : IrcState.Reason(message), RefusalKind.Later, message.Numeric);
        if (elsewhere && Find(to) is var known and (null or { Lanes.Count: 0 }))
        {
            if (known is not null)
            {
                Forget(known);
                _state.Send("PART", known.Name);
            }
            else
            {
                _forwards.Expect(to);
            }
        }

        _joins.Advance(now);
    }

    /// <summary>263 (RFC 2812: try again) names the command, not the channel: <c>263 us JOIN :…</c>.</summary>
    public void OnTryAgain(in IrcMessage message, TimeSpan now)
    {
        if (_joins.Next is { } target && string.Equals(message.Text(1), "JOIN", StringComparison.OrdinalIgnoreCase))
        {
            OnRefused(target, message, now);
        }
    }

    /// <summary>
    /// The server has processed all up to here: a repeated JOIN that it did not answer means that we were in all the time, and a greeting is said.
    /// </summary>
    public void OnPong(long barrier, TimeSpan now)
    {
        _joins.FindAll(t => (t.State == TargetState.Verifying && barrier >= t.Barrier) || (t.State == TargetState.Greeting && barrier >= t.Greeted)).ForEach(Open);
        _joins.Advance(now);
    }

    /// <summary>The server refused a message to a channel in which we believe to be: joins again, which it ignores if we are.</summary>
    public void Verify(string name, TimeSpan now)
    {
        if (Find(name) is { State: TargetState.Open } target)
        {
            target.State = TargetState.Verifying;
            _joins.Add(target);
            _joins.Advance(now);
        }
    }

    private IrcTarget? Find(string name) => _all.Find(t => _state.Isupport.CaseMapping.Same(t.Name, name));

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
            _joins.Add(target);
        }

        return target;
    }

    private void OnJoined(string name, TimeSpan now)
    {
        if (!IrcLine.IsWord(name) || !IsChannel(name))
        {
            return;
        }

        var forwarded = _forwards.Take(name);
        if ((Find(name) ?? _joins.FindSafe(name)) is not { } target)
        {
            OnUnasked(name, forwarded);
        }
        else if (target.State is TargetState.Waiting or TargetState.Joining or TargetState.Verifying)
        {
            target.Name = name;
            Greet(target, now);
        }
    }

    /// <summary>
    /// A bouncer says where it is when we come, and an operator may join us by force. We stay, for it is not ours to undo, and say nothing there. It is
    /// remembered, since the server does not answer a JOIN of where we are.
    /// </summary>
    private void OnUnasked(string name, bool forwarded)
    {
        if (forwarded)
        {
            _state.Send("PART", name);
        }
        else if (_all.Count(t => t.Lanes.Count == 0) < MaxUnasked)
        {
            _all.Add(new IrcTarget(name, isChannel: true) { State = TargetState.Open });
        }
    }

    /// <summary>We have come in: says the greeting, if there is one, then opens.</summary>
    private void Greet(IrcTarget target, TimeSpan now)
    {
        if (_greetings.For(target) is not { } greeting)
        {
            Open(target);
            return;
        }

        // Joined by force before its turn: what was sent there in an earlier time is older than this.
        target.Barrier = target.State == TargetState.Waiting ? _state.NextBarrier : target.Barrier;
        target.State = TargetState.Greeting;
        _joins.Hold(target);
        _greetings.Say(target, greeting);
    }

    private void Open(IrcTarget target)
    {
        target.State = TargetState.Open;
        _joins.Remove(target);
        Each(target, lane => new ProtocolEvent.Opened(lane));
    }

    private void Refuse(IrcTarget target, string reason, RefusalKind kind, int numeric)
    {
        Forget(target);
        _refused.Keep(target, numeric);
        Each(target, lane => new ProtocolEvent.Refused(lane, reason, kind));
        target.Lanes.Clear();
    }

    private void Forget(IrcTarget target)
    {
        target.State = TargetState.Gone;
        _joins.Remove(target);
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
            _state.Raise(make(lane));
        }
    }
}
