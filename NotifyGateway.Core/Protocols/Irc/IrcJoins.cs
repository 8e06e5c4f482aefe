namespace NotifyGateway.Core.Protocols.Irc;

/// <summary>The JOINs on the wire: a few at a time, each until its answer, and those that wait for their turn.</summary>
internal sealed class IrcJoins(IrcState state, IrcChannelKeys keys)
{
    /// <summary>The server's answers pace the rest, so that many channels are no flood.</summary>
    private const int InFlight = 5;

    /// <summary>What a server puts between <c>!</c> and the short name of a safe channel (RFC 2811, section 3.2).</summary>
    private const int ChannelIdLength = 5;

    private readonly List<IrcTarget> _joining = [];
    private readonly Queue<IrcTarget> _waiting = new();
    private TimeSpan _from;

    public static TimeSpan Timeout { get; } = TimeSpan.FromSeconds(30);

    public TimeSpan WakeAt
    {
        get
        {
            var deadline = _joining.Count == 0 ? TimeSpan.MaxValue : _joining.Min(t => t.JoinDeadline);
            return Spaced && _waiting.Count > 0 && _joining.Count < InFlight && _from < deadline ? _from : deadline;
        }
    }

    /// <summary>The one whose answer comes next: a server handles our lines in order. Null when none is due.</summary>
    public IrcTarget? Next => _joining.Find(t => t.State is TargetState.Joining or TargetState.Verifying);

    /// <summary>A server that has ended a connection for flooding counts JOINs too.</summary>
    private bool Spaced => state.Options.Floods.JoinSpacing > TimeSpan.Zero;

    /// <summary>Joins it in its turn.</summary>
    public void Add(IrcTarget target) => _waiting.Enqueue(target);

    /// <summary>It has its answer, or needs none.</summary>
    public void Remove(IrcTarget target) => _joining.Remove(target);

    /// <summary>It keeps its place until all that belongs to joining is done.</summary>
    public void Hold(IrcTarget target)
    {
        target.JoinDeadline = TimeSpan.MaxValue;
        if (!_joining.Contains(target))
        {
            _joining.Add(target);
        }
    }

    public void Advance(TimeSpan now)
    {
        while (now >= _from && _joining.Count < InFlight && _waiting.TryDequeue(out var target))
        {
            if (target.State is TargetState.Waiting or TargetState.Verifying && !_joining.Contains(target))
            {
                Join(target, now);
            }
        }
    }

    /// <summary>Those whose answer is overdue.</summary>
    public List<IrcTarget> Late(TimeSpan now) => _joining.FindAll(t => now >= t.JoinDeadline);

    public List<IrcTarget> FindAll(Predicate<IrcTarget> which) => _joining.FindAll(which);

    public IrcTarget? Find(string name) => _joining.Find(t => state.Isupport.CaseMapping.Same(t.Name, name));

    /// <summary>
    /// The one that an error numeric names. It is the first parameter after our nick, but some servers put a word before it or leave our nick out.
    /// </summary>
    public IrcTarget? Named(in IrcMessage message)
    {
        ReadOnlySpan<int> places = [1, 2, 0];
        foreach (var place in places)
        {
            if (place < message.Count && Find(message.Text(place)) is { } target)
            {
                return target;
            }
        }

        return null;
    }

    /// <summary>We ask for <c>!short</c>, or make it with <c>!!short</c>; the server calls it <c>!ABCDEshort</c>.</summary>
    public IrcTarget? FindSafe(string name) => name[0] != '!' || name.Length <= 1 + ChannelIdLength ? null
        : _joining.Find(t => t.Name[0] == '!' && state.Isupport.CaseMapping.Same(t.Name.TrimStart('!'), name[(1 + ChannelIdLength)..]));

    private void Join(IrcTarget target, TimeSpan now)
    {
        _from = now + state.Options.Floods.JoinSpacing;
        target.JoinDeadline = now + Timeout;
        target.Barrier = state.NextBarrier;
        _joining.Add(target);
        if (keys.For(target) is { } key)
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
}
