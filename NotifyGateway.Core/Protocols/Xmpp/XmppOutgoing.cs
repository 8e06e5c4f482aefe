using NotifyGateway.Core.Formatting;

namespace NotifyGateway.Core.Protocols.Xmpp;

/// <summary>
/// Writes deliveries as stanzas, paces them, and asks for their proof: the server's acknowledgement (XEP-0198), or where it gives none the answer to
/// a ping behind them, since a server handles our stanzas in order.
/// </summary>
internal sealed class XmppOutgoing(XmppState state, XmppPlaces places, XmppUnproved unproved, XmppQueries queries, XmppAcks acks)
{
    /// <summary>What a stanza has around its body, without addresses and ids.</summary>
    private const int Envelope = 200;

    /// <summary>A violation by a stanza that is no longer than this cannot be one of length.</summary>
    private const int SurelyShort = 2000;

    private readonly TokenBucket _bucket = new(state.Options.Burst, state.Options.MessagesPerSecond);
    private int _owed = 1;
    private bool _unasked;
    private long _barrier;

    public bool CanSend => unproved.Count < state.Options.Window && _owed == 0 && state.HasRoom;

    public TimeSpan WakeAt => _owed > 0 ? _bucket.NextAt : TimeSpan.MaxValue;

    /// <summary>Login is done.</summary>
    public void OnReady() => Pay();

    public void Send(Delivery delivery)
    {
        var target = places.OpenLane(delivery.Detour ?? delivery.Lane);
        var id = delivery.Id;
        var fate = state.Resumption.Take(id);
        if (fate?.Outcome is { } known)
        {
            // It had arrived before its connection broke.
            state.Output.Settled.Add((delivery, known));
            return;
        }

        delivery.Attempts++;
        var size = state.MaxStanza;
        var room = size - Envelope - XmppText.EscapedBytes(target.Jid.ToString()) - (2 * (id.Length + 4));
        var pieces = XmppText.Pieces(delivery.Notification, Math.Max(room, XmppText.MinBytes), state.Options.MaxParts, state.Options.PublicUrl);
        if (pieces.Count == 0)
        {
            // Nothing to say: to be there was all that was wanted.
            state.Output.Settled.Add((delivery, Outcome.Delivered(Proof.None)));
            return;
        }

        // What the server had before has number 0, which every count covers.
        var sent = new XmppInFlight(delivery, id, target, new ulong[pieces.Count], size) { Barrier = _barrier + 1 };
        var done = fate is not null && fate.Size == size && fate.Numbers.Length == pieces.Count ? fate.Done ?? 0 : 0;
        for (var i = done; i < pieces.Count; i++)
        {
            Write(sent, i, pieces[i]);
        }

        unproved.Add(sent);
        _unasked = true;
        _owed += pieces.Count - done;
        Pay();
    }

    /// <summary>The end of a round: asks for the proof of what it has sent.</summary>
    public void Flush()
    {
        if (_unasked)
        {
            _unasked = false;
            Ask();
        }
    }

    public void Tick() => Pay();

    /// <summary>The server has more of our stanzas.</summary>
    public void OnAcknowledged() => unproved.Arrive(s => s.Numbers[^1] <= state.Resumption.Acknowledged, Proof.Ack);

    /// <summary>
    /// The stream ended because of what we sent. If it was the length, the next connection sends shorter stanzas.
    /// </summary>
    /// <returns>Whether it may have been the length.</returns>
    public bool OnPolicyViolation()
    {
        var longest = unproved.Longest;
        if (longest <= SurelyShort)
        {
            return false;
        }

        state.Resumption.LearnedLimit = longest > XmppState.GuaranteedStanza ? XmppState.GuaranteedStanza : longest / 2;
        return true;
    }

    private void Write(XmppInFlight sent, int part, string body)
    {
        var before = state.Output.Bytes.WrittenCount;
        var id = XmppInFlight.PartId(sent.Id, part);
        state.Stanza().Raw(sent.Target.Room is null ? "<message type='chat'"u8 : "<message type='groupchat'"u8)
            .Attribute("id"u8, id).Attribute("to"u8, sent.Target.Jid.ToString()).Raw("><body>"u8).Text(body)
            .Raw("</body><origin-id xmlns='urn:xmpp:sid:0'"u8).Attribute("id"u8, id).Raw("/></message>"u8);
        sent.Longest = Math.Max(sent.Longest, state.Output.Bytes.WrittenCount - before);
        sent.Numbers[part] = state.Resumption.Sent;
    }

    /// <summary>The stanzas that were written, and the one that comes next: it goes out only when it is paid for.</summary>
    private void Pay()
    {
        while (_owed > 0 && _bucket.TryTake(state.Now))
        {
            _owed--;
        }
    }

    private void Ask()
    {
        if (state.Acks)
        {
            acks.Ask();
            return;
        }

        var barrier = ++_barrier;
        queries.Ask(null, "get"u8, "<ping xmlns='urn:xmpp:ping'/>"u8, answer =>
        {
            // An error is an answer as well.
            if (answer.Came)
            {
                unproved.Arrive(s => s.Barrier <= barrier, Proof.Pong);
            }
            else if (unproved.Awaits)
            {
                Ask();
            }
        });
    }
}
