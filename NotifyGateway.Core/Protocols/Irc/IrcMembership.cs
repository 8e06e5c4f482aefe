namespace NotifyGateway.Core.Protocols.Irc;

/// <summary>What servers and operators tell of our being in channels: JOIN, PART, KICK, INVITE, MODE. Of others it concerns us nothing, a netsplit's QUITs included.</summary>
internal sealed class IrcMembership(IrcState state, IrcTargets targets, IrcOutgoing outgoing)
{
    public void On(in IrcMessage message, TimeSpan now)
    {
        if (message.Is("JOIN"u8))
        {
            targets.OnJoin(message, now);
        }
        else if (message.Is("PART"u8))
        {
            OnPart(message, now);
        }
        else if (message.Is("KICK"u8))
        {
            OnKick(message, now);
        }
        else if (message.Is("INVITE"u8))
        {
            targets.OnInvite(message, now);
        }
        else if (message.Is("MODE"u8))
        {
            OnMode(message);
        }
    }

    private void OnPart(in IrcMessage message, TimeSpan now)
    {
        if (state.IsUs(IrcSource.Parse(message.Source).Nick))
        {
            var reason = IrcState.Because("the server made us leave", message[1]);
            Array.ForEach(message.Text(0).Split(','), c => OnGone(c, reason, now));
        }
    }

    /// <summary>KICK: <c>channel nick :why</c>. Both may be lists: of the same length, or one of a single name (RFC 2812, section 3.2.8).</summary>
    private void OnKick(in IrcMessage message, TimeSpan now)
    {
        var channels = message.Text(0).Split(',');
        var nicks = message.Text(1).Split(',');
        for (var i = 0; i < Math.Max(channels.Length, nicks.Length); i++)
        {
            if (state.IsUs(nicks[Math.Min(i, nicks.Length - 1)]))
            {
                OnGone(channels[Math.Min(i, channels.Length - 1)], IrcState.Because($"kicked by {IrcSource.Parse(message.Source).Nick}", message[2]), now);
            }
        }
    }

    private void OnMode(in IrcMessage message)
    {
        var target = message.Text(0);
        if (targets.IsChannel(target))
        {
            targets.OnMode(target, message);
        }
        else if (state.IsUs(target) && IrcMode.TellsLogin(message.Text(1)))
        {
            targets.OnLoggedIn();
        }
    }

    private void OnGone(string channel, string reason, TimeSpan now)
    {
        if (targets.OnGone(channel, reason, now) is { } gone)
        {
            outgoing.OnGone(gone, reason, now);
        }
    }
}
