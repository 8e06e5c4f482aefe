using System.Globalization;
using System.Xml.Linq;

namespace NotifyGateway.Core.Protocols.Xmpp;

/// <summary>
/// Stream management (XEP-0198): counts stanzas both ways, asks how many the server has and answers the same, and takes up a stream whose connection
/// broke. Numbers on the wire are modulo 2³²; ours are not.
/// </summary>
internal sealed class XmppAcks(XmppState state, Action onAcknowledged)
{
    private ulong _asked;

    // Of a stream that was taken up again nothing has been acknowledged yet.
    private TimeSpan? _answerBy;

    private XmppResumption Stream => state.Resumption;

    public TimeSpan WakeAt => _answerBy ?? TimeSpan.MaxValue;

    /// <summary>
    /// A server that has taken a stream up again may be deaf to it (prosody 0.12, where the connection broke within a stanza: what follows is read as the
    /// rest of that): the same stream would be taken up, and heard as little, for ever. Then the next connection begins a new one.
    /// </summary>
    public void Tick()
    {
        if (state.Now >= _answerBy)
        {
            Stream.Forget();
            state.End("the server took up the stream of before and hears nothing of it", CloseKind.Lost);
        }
    }

    public void Enable() => state.Element().Raw("<enable xmlns='urn:xmpp:sm:3' resume='true'/>"u8);

    public void OnEnabled(XElement enabled)
    {
        var resumable = (string?)enabled.Attribute("resume") is "true" or "1";
        Stream.Begin(resumable ? (string?)enabled.Attribute("id") : null, state.Jid!);
        _asked = 0;
        state.Acks = true;
    }

    /// <summary>Asks for the stream of the connection before.</summary>
    public void Resume() => state.Element().Raw("<resume xmlns='urn:xmpp:sm:3'"u8).Attribute("h"u8, Stream.Received).Attribute("previd"u8, Stream.StreamId!).Raw("/>"u8);

    /// <summary>The stream goes on. What the server does not have never came: its numbers are given again.</summary>
    /// <returns>False: the connection had to be ended.</returns>
    public bool OnResumed(XElement resumed)
    {
        if (!Acknowledge(resumed))
        {
            return false;
        }

        Stream.Reckon();
        Stream.Sent = _asked = Stream.Acknowledged;
        state.Jid = Stream.Bound;
        state.Acks = true;
        _answerBy = state.Now + state.Options.PingTimeout;
        AskAnyhow();
        return true;
    }

    /// <summary>The stream is gone; the server may still say how much of it had come (XEP-0198, section 5).</summary>
    public void OnNotResumed(XElement failed)
    {
        if (failed.Attribute("h") is not null && Acknowledge(failed))
        {
            Stream.Reckon();
        }

        Stream.Forget();
    }

    /// <summary>A stanza has come.</summary>
    public void OnStanza()
    {
        if (state.Acks)
        {
            Stream.Received++;
        }
    }

    public void OnRequest()
    {
        if (state.Acks)
        {
            state.Element().Raw("<a xmlns='urn:xmpp:sm:3'"u8).Attribute("h"u8, Stream.Received).Raw("/>"u8);
        }
    }

    public void OnAnswer(XElement answer)
    {
        if (state.Acks)
        {
            _answerBy = null;
            Acknowledge(answer);
        }
    }

    /// <summary>Asks how much has come, if anything was sent since it was last asked.</summary>
    public void Ask()
    {
        if (Stream.Sent > _asked)
        {
            AskAnyhow();
        }
    }

    /// <summary>Asks as a sign of life.</summary>
    public void AskAnyhow()
    {
        _asked = Stream.Sent;
        state.Element().Raw("<r xmlns='urn:xmpp:sm:3'/>"u8);
    }

    private bool Acknowledge(XElement element)
    {
        if (!uint.TryParse((string?)element.Attribute("h"), NumberStyles.None, CultureInfo.InvariantCulture, out var h))
        {
            state.End("the server acknowledged without a number (XEP-0198)", CloseKind.Lost);
            return false;
        }

        var acknowledged = Stream.Acknowledged + (h - (uint)Stream.Acknowledged);
        if (acknowledged > Stream.Sent)
        {
            Stream.StreamId = null;
            state.End(string.Create(CultureInfo.InvariantCulture, $"the server acknowledged {acknowledged} stanzas of {Stream.Sent} that were sent"), CloseKind.Lost);
            return false;
        }

        Stream.Acknowledged = acknowledged;
        onAcknowledged();
        return true;
    }
}
