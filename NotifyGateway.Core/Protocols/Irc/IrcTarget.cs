namespace NotifyGateway.Core.Protocols.Irc;

/// <summary>
/// Where a target stands. <c>Verifying</c>: the server refused a message though we believe we are in; JOIN is repeated to find out.
/// <c>Greeting</c>: we are in, and what we say there first is not processed yet. <c>Gone</c>: left, refused or thrown out; it may be another one next.
/// </summary>
internal enum TargetState { Waiting, Joining, Verifying, Greeting, Open, Gone }

/// <summary>A channel or a nick that messages go to.</summary>
internal sealed class IrcTarget(string name, bool isChannel)
{
    /// <summary>As we were asked for it, then as the server calls it.</summary>
    public string Name { get; set; } = name;

    public bool IsChannel { get; } = isChannel;

    /// <summary>The key that we were given with it; null: none.</summary>
    public string? Key { get; set; }

    public TargetState State { get; set; }

    /// <summary>Whether the server has us in there.</summary>
    public bool IsIn => IsChannel && State is (TargetState.Verifying or TargetState.Greeting or TargetState.Open);

    public TimeSpan JoinDeadline { get; set; }

    /// <summary>The first barrier behind the JOIN: what is proved by an earlier one was sent before it.</summary>
    public long Barrier { get; set; }

    /// <summary>The barrier behind the greeting; long.MaxValue until it is said.</summary>
    public long Greeted { get; set; }

    /// <summary>The last batch that holds a delivery to this target.</summary>
    public IrcBatch? Batch { get; set; }

    /// <summary>Whether it has been seen to refuse format codes: what goes there has none, until we leave.</summary>
    public bool Plain { get; set; }

    /// <summary>When it may be sent to again, after it was too fast.</summary>
    public TimeSpan ResumeAt { get; set; }

    /// <summary>The lanes that are this target: several where the server folds names further than the router does, none where it joined us unasked.</summary>
    public List<string> Lanes { get; } = [];
}

/// <summary>The deliveries between two barriers, at most one for each target.</summary>
internal sealed class IrcBatch
{
    /// <summary>The barrier that proves it; long.MaxValue while it is open.</summary>
    public long Barrier { get; set; } = long.MaxValue;
}
