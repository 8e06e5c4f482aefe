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

    /// <summary>A violation by no more bytes than this cannot be one of length.</summary>
    private const int SurelyShort = 2000;

    /// <summary>How often a message, alone and short, may make the server end the stream.</summary>
    private const int MaxViolations = 3;

    private readonly TokenBucket _bucket = new(state.Options.Burst, state.Options.MessagesPerSecond);
    private readonly XmppUnread _unread = new(state);
    private XmppInFlight? _partly;
    private int _owed = 1;
    private bool _unasked;
    private ulong _barrier;

    public bool CanSend => unproved.Count < state.Options.Window && _owed == 0 && _partly is null && state.HasRoom;

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
        if (fate is { Done: > 0 })
        {
            // Its later pieces are to go on where the first ones ended.
            delivery.Lead = fate.Lead;
        }

        var pieces = XmppText.Pieces(delivery.Notification, Math.Max(size - Around(target, id), XmppText.MinBytes), state.Options.MaxParts, state.Options.PublicUrl, delivery.Lead);
        if (pieces.Count == 0)
        {
            // Nothing to say: to be there was all that was wanted.
            state.Output.Settled.Add((delivery, Outcome.Delivered(Proof.None)));
            return;
        }

        var done = fate is not null && fate.Size == size && fate.Numbers.Length == pieces.Count ? fate.Done ?? 0 : 0;
        _partly = new XmppInFlight(delivery, id, target, pieces, done, size);
        unproved.Add(_partly);
        _owed += pieces.Count - done;
        Pay();
        WriteOn();
    }

    /// <summary>The bodies of a message to this address, as they would be cut now.</summary>
    public IReadOnlyList<string> Preview(Notification notification, string address, string lead)
    {
        var around = Around(XmppAddress.Parse(address, out _)?.Jid.ToString() ?? address, DeliveryId.Format(notification.Id, 0));
        return XmppText.Pieces(notification, Math.Max(state.MaxStanza - around, XmppText.MinBytes), state.Options.MaxParts, state.Options.PublicUrl, lead);
    }

    /// <summary>The rate has changed.</summary>
    public void OnChanged() => _bucket.Change(state.Options.Burst, state.Options.MessagesPerSecond, state.Now);

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
    public void OnAcknowledged()
    {
        unproved.Arrive(s => s.Numbers[^1] <= state.Resumption.Acknowledged, Proof.Ack);
        OnRead(state.Resumption.Acknowledged);
    }

    /// <summary>
    /// The stream ended because of what the server has not read. If it was the length, the next connection sends less; else one message at a time, and
    /// a message that has done it again and again fails.
    /// </summary>
    /// <returns>Whether it may have been the length.</returns>
    public bool OnPolicyViolation(string reason)
    {
        var bytes = _unread.Bytes;
        if (bytes > SurelyShort)
        {
            state.Resumption.LearnedLimit = bytes > XmppState.GuaranteedStanza ? XmppState.GuaranteedStanza : bytes / 2;
            return true;
        }

        state.Resumption.OneByOne |= bytes > 0;
        if (_unread.Only is { } one && unproved.Find(one.Id) == one && ++one.Delivery.Refusals >= MaxViolations)
        {
            unproved.Settle(one, Outcome.Failed(state.Shown(reason)));
            state.Resumption.OneByOne = false;
        }

        return false;
    }

    /// <summary>The most bytes of a stanza without its body.</summary>
    private static int Around(XmppTarget target, string id) => Around(target.Jid.ToString(), id);

    private static int Around(string jid, string id) => Envelope + XmppText.EscapedBytes(jid) + (2 * (id.Length + 4));

    /// <summary>The server has read more: what was held back goes out.</summary>
    private void OnRead(ulong mark)
    {
        _unread.Read(mark);
        if (_partly is not null)
        {
            WriteOn();
            Flush();
        }
    }

    /// <summary>As much of the delivery in hand as may be unread. If it was refused meanwhile, nothing more of it.</summary>
    private void WriteOn()
    {
        while (_partly is { } sent)
        {
            if (sent.IsWritten || unproved.Find(sent.Id) != sent)
            {
                _partly = null;
            }
            else if (_unread.Fits(Around(sent.Target, sent.Id) + XmppText.EscapedBytes(sent.Pieces[sent.Next])))
            {
                Write(sent);
            }
            else
            {
                return;
            }
        }
    }

    private void Write(XmppInFlight sent)
    {
        var before = state.Output.Bytes.WrittenCount;
        var part = sent.Next++;
        var body = sent.Pieces[part];
        var id = XmppInFlight.PartId(sent.Id, part);
        state.Stanza().Raw(sent.Target.Room is null ? "<message type='chat'"u8 : "<message type='groupchat'"u8)
            .Attribute("id"u8, id).Attribute("to"u8, sent.Target.Jid.ToString()).Raw("><body>"u8).Text(body)
            .Raw("</body><origin-id xmlns='urn:xmpp:sid:0'"u8).Attribute("id"u8, id).Raw("/></message>"u8);
        sent.Numbers[part] = state.Resumption.Sent;
        sent.Barrier = sent.IsWritten ? _barrier + 1 : sent.Barrier;
        _unasked = true;
        _unread.Add(state.Acks ? sent.Numbers[part] : _barrier + 1, state.Output.Bytes.WrittenCount - before, sent);
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
                OnRead(barrier);
            }
            else if (_unread.Bytes > 0)
            {
                Ask();
            }
        });
    }
}
