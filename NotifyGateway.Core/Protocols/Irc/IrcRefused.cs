namespace NotifyGateway.Core.Protocols.Irc;

/// <summary>
/// The lanes whose channels have refused us or thrown us out, to be told when one may be entered after all: an invitation came, or the login that it
/// asks for. Only they are: an invitation to anywhere else is nobody's business here.
/// </summary>
internal sealed class IrcRefused(IrcState state)
{
    /// <summary>What is forgotten only waits for its time.</summary>
    private const int MaxKept = 500;

    private readonly List<(string Lane, string Channel, int Numeric)> _kept = [];

    // Whoever may invite us could otherwise make us come and go as fast as the network allows.
    private readonly TokenBucket _invitations = new(burst: 5, perSecond: 0.2);

    /// <param name="target">The channel, with its lanes.</param>
    /// <param name="numeric">What it refused us with; 0: we were thrown out.</param>
    public void Keep(IrcTarget target, int numeric)
    {
        foreach (var lane in target.Lanes)
        {
            Forget(lane);
            if (_kept.Count == MaxKept)
            {
                _kept.RemoveAt(0);
            }

            _kept.Add((lane, target.Name, numeric));
        }
    }

    /// <summary>The lane is entered again, or left.</summary>
    public void Forget(string lane) => _kept.RemoveAll(k => string.Equals(k.Lane, lane, StringComparison.Ordinal));

    /// <summary>INVITE (RFC 1459, section 4.2.7): <c>us channel</c>. With <c>invite-notify</c> (IRCv3) others' come too.</summary>
    public void OnInvite(in IrcMessage message, TimeSpan now)
    {
        var channel = message.Text(1);
        if (state.IsUs(message.Text(0)) && _kept.Exists(k => Is(k.Channel)) && _invitations.TryTake(now))
        {
            Free(k => Is(k.Channel));
        }

        bool Is(string name) => state.Isupport.CaseMapping.Same(name, channel);
    }

    /// <summary>Services know us now.</summary>
    public void OnLoggedIn() => Free(k => JoinRefusals.IsLiftedByLogin(k.Numeric));

    private void Free(Predicate<(string Lane, string Channel, int Numeric)> which)
    {
        _kept.FindAll(which).ForEach(k => state.Raise(new ProtocolEvent.Reachable(k.Lane)));
        _kept.RemoveAll(which);
    }
}
