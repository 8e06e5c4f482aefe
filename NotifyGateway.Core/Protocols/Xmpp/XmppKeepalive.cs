using System.Globalization;

namespace NotifyGateway.Core.Protocols.Xmpp;

/// <summary>
/// Notices a silent server: after the interval without a byte it is asked for a sign of life, and has the timeout to give it. And gives one
/// of our own, a blank, to a server that closes idle streams (XEP-0478; RFC 6120, section 4.6.1).
/// </summary>
internal sealed class XmppKeepalive(XmppState state, XmppQueries queries, XmppAcks acks)
{
    private TimeSpan _heard;
    private TimeSpan? _asked;

    public TimeSpan WakeAt => AskAt < BlankAt ? AskAt : BlankAt;

    private TimeSpan AskAt => _asked is { } asked ? asked + state.Options.PingTimeout : _heard + state.Options.PingInterval;

    private TimeSpan BlankAt => state.Features.MaxIdle is { } idle ? state.WroteAt + (idle / 2) : TimeSpan.MaxValue;

    public void OnHeard(TimeSpan now)
    {
        _heard = now;
        _asked = null;
    }

    public void Tick(TimeSpan now)
    {
        if (now >= BlankAt)
        {
            state.Element().Raw(" "u8);
        }

        if (now < AskAt)
        {
            return;
        }

        if (_asked is not null)
        {
            state.End(string.Create(CultureInfo.InvariantCulture, $"the server was silent for {(now - _heard).TotalSeconds:0} s"), CloseKind.Lost);
            return;
        }

        _asked = now;
        if (state.Acks)
        {
            acks.AskAnyhow();
        }
        else
        {
            // Any answer is one: a server that knows no ping says so.
            queries.Ask(null, "get"u8, "<ping xmlns='urn:xmpp:ping'/>"u8, static _ => { });
        }
    }
}
