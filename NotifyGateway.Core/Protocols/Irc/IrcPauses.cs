namespace NotifyGateway.Core.Protocols.Irc;

/// <summary>Targets that the server finds we address too fast: their lanes rest, and are opened again when it is time.</summary>
internal sealed class IrcPauses(IrcState state)
{
    private readonly List<IrcTarget> _resting = [];

    public TimeSpan WakeAt => _resting.Count == 0 ? TimeSpan.MaxValue : _resting.Min(t => t.ResumeAt);

    /// <summary>To be called with the delivery that is given back, which closes its lane until it is opened again.</summary>
    public void Rest(IrcTarget target, TimeSpan until)
    {
        target.ResumeAt = until > target.ResumeAt ? until : target.ResumeAt;
        if (!_resting.Contains(target))
        {
            _resting.Add(target);
        }
    }

    public void Tick(TimeSpan now)
    {
        if (now < WakeAt)
        {
            return;
        }

        foreach (var target in _resting.Where(t => t.ResumeAt <= now).ToList())
        {
            _resting.Remove(target);
            Resume(target, target.Lanes);
        }
    }

    /// <summary>Lanes may be sent to again. One whose target is being verified is opened by that, one whose target is gone has none.</summary>
    public void Resume(IrcTarget target, IReadOnlyList<string> lanes)
    {
        if (target.State == TargetState.Open)
        {
            foreach (var lane in lanes)
            {
                state.Raise(new ProtocolEvent.Opened(lane));
            }
        }
    }
}
