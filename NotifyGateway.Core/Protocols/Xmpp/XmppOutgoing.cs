using System.Globalization;
using System.Xml.Linq;
using NotifyGateway.Core.Formatting;

namespace NotifyGateway.Core.Protocols.Xmpp;

/// <summary>
/// What is on its way: writes deliveries as stanzas, paces them, and pairs them with what proves them. In a room that is the reflection; else the
/// server's acknowledgement (XEP-0198), or where it gives none the answer to a ping behind them, since a server handles our stanzas in order.
/// </summary>
internal sealed class XmppOutgoing(XmppState state, XmppPlaces places, XmppRooms rooms, XmppQueries queries, XmppAcks acks)
{
    /// <summary>What a stanza has around its body, without addresses and ids.</summary>
    private const int Envelope = 200;

    /// <summary>A violation by a stanza that is no longer than this cannot be one of length.</summary>
    private const int SurelyShort = 2000;

    /// <summary>The server has it: so long the room may take to show it to us.</summary>
    private static readonly TimeSpan ReflectionTime = TimeSpan.FromSeconds(10);

    /// <summary>A server that proves nothing for so long would keep every delivery for ever.</summary>
    private static readonly TimeSpan ProofTimeout = TimeSpan.FromMinutes(5);

    private readonly TokenBucket _bucket = new(state.Options.Burst, state.Options.MessagesPerSecond);
    private readonly List<XmppInFlight> _inFlight = [];
    private readonly Dictionary<string, XmppInFlight> _byId = new(StringComparer.Ordinal);
    private TimeSpan _progressAt;
    private int _owed = 1;
    private bool _unasked;
    private long _barrier;

    public int Count => _inFlight.Count;

    public bool CanSend => _inFlight.Count < state.Options.Window && _owed == 0 && state.HasRoom;

    public TimeSpan WakeAt
    {
        get
        {
            var next = _owed > 0 ? _bucket.NextAt : TimeSpan.MaxValue;
            foreach (var sent in _inFlight)
            {
                var due = sent.Arrived is null ? _progressAt + ProofTimeout : sent.ReflectBy;
                next = due < next ? due : next;
            }

            return next;
        }
    }

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
            Settle(delivery, id, target, known);
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
        var numbers = new ulong[pieces.Count];
        var sent = new XmppInFlight(delivery, id, target, numbers, size);
        var done = fate is not null && fate.Size == size && fate.Numbers.Length == pieces.Count ? fate.Done ?? 0 : 0;
        for (var i = done; i < pieces.Count; i++)
        {
            Write(sent, i, pieces[i]);
        }

        _progressAt = _inFlight.Exists(s => s.Arrived is null) ? _progressAt : state.Now;
        sent.Barrier = _barrier + 1;
        _inFlight.Add(sent);
        _byId[id] = sent;
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

    public void Tick()
    {
        Pay();
        foreach (var sent in _inFlight.Where(s => state.Now >= s.ReflectBy).ToList())
        {
            Remove(sent);
            Settle(sent.Delivery, sent.Id, sent.Target, Outcome.Delivered(sent.Arrived!.Value));
        }

        if (_inFlight.Exists(s => s.Arrived is null) && state.Now >= _progressAt + ProofTimeout)
        {
            state.End(string.Create(CultureInfo.InvariantCulture, $"the server has proved nothing of what was sent for {ProofTimeout.TotalMinutes:0} min"), CloseKind.Lost);
        }
    }

    /// <summary>The server has more of our stanzas.</summary>
    public void OnAcknowledged() => Arrive(s => s.Numbers[^1] <= state.Resumption.Acknowledged, Proof.Ack);

    /// <summary>A message: of interest is what a room shows us of our own, and what comes back.</summary>
    public void OnMessage(XElement message)
    {
        var from = XmppState.Address(message, "from");
        switch ((string?)message.Attribute("type"))
        {
            case "error" when (string?)message.Attribute("id") is { } id:
                OnError(XmppInFlight.Whole(id), from, XmppError.OfStanza(message));
                break;
            case "groupchat" when from is not null:
                if (rooms.Find(from.Bare) is { } room)
                {
                    rooms.OnHeard(room);
                }

                OnReflection(message, from);
                break;
        }
    }

    /// <summary>
    /// The stream ended because of what we sent. If it was the length, the next connection sends shorter stanzas.
    /// </summary>
    /// <returns>Whether it may have been the length.</returns>
    public bool OnPolicyViolation()
    {
        var longest = _inFlight.Where(s => s.Arrived is null).Select(s => s.Longest).DefaultIfEmpty().Max();
        if (longest <= SurelyShort)
        {
            return false;
        }

        state.Resumption.LearnedLimit = longest > XmppState.GuaranteedStanza ? XmppState.GuaranteedStanza : longest / 2;
        return true;
    }

    /// <summary>Gives back what is not settled; what is known of it counts when it comes again.</summary>
    public IReadOnlyList<Delivery> Abandon()
    {
        foreach (var sent in _inFlight.Where(s => state.Acks || s.Arrived is not null))
        {
            state.Resumption.Keep(sent.Id, new XmppResumption.Fate(sent.Numbers, sent.Size, sent.Target.Jid)
            {
                Outcome = sent.Arrived is { } proof ? Outcome.Delivered(proof) : null,
            });
        }

        var unsettled = _inFlight.ConvertAll(s => s.Delivery);
        _inFlight.Clear();
        _byId.Clear();
        return unsettled;
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
                Arrive(s => s.Barrier <= barrier, Proof.Pong);
            }
            else if (_inFlight.Exists(s => s.Arrived is null))
            {
                Ask();
            }
        });
    }

    private void Arrive(Predicate<XmppInFlight> has, Proof proof)
    {
        foreach (var sent in _inFlight.Where(s => s.Arrived is null && has(s)).ToList())
        {
            _progressAt = state.Now;
            sent.Arrived = proof;
            if (sent.Target.Room is null)
            {
                Remove(sent);
                Settle(sent.Delivery, sent.Id, sent.Target, Outcome.Delivered(proof));
            }
            else
            {
                sent.ReflectBy = state.Now + ReflectionTime;
            }
        }
    }

    private void OnReflection(XElement message, Jid from)
    {
        var id = (string?)message.Attribute("id");
        if (id is null || !Reflect(id, from))
        {
            // Some rooms give ids of their own, and leave ours where only we could have put it.
            id = (string?)message.Element(XmppNames.StanzaIds + "origin-id")?.Attribute("id");
            _ = id is not null && Reflect(id, from);
        }
    }

    private bool Reflect(string partId, Jid from)
    {
        var id = XmppInFlight.Whole(partId);
        if (_byId.GetValueOrDefault(id) is { Target.Room: { } room } sent)
        {
            if (room.Occupant == from && IsLast(partId, id, sent.Numbers))
            {
                Remove(sent);
                _progressAt = state.Now;
                state.Output.Settled.Add((sent.Delivery, Outcome.Delivered(Proof.Reflection)));
            }

            return true;
        }

        if (state.Resumption.Find(id) is { } fate && fate.To == from.Bare && IsLast(partId, id, fate.Numbers))
        {
            fate.Outcome = Outcome.Delivered(Proof.Reflection);
            return true;
        }

        return false;
    }

    private static bool IsLast(string partId, string id, ulong[] numbers) =>
        string.Equals(partId, XmppInFlight.PartId(id, numbers.Length - 1), StringComparison.Ordinal);

    /// <summary>Only from where it went, or from our own server, can a delivery come back.</summary>
    private void OnError(string id, Jid? from, XmppError error)
    {
        if (_byId.GetValueOrDefault(id) is { } sent)
        {
            if (IsFrom(from, sent.Target.Jid))
            {
                Refuse(sent, error);
            }
        }
        else if (state.Resumption.Find(id) is { } fate)
        {
            if (IsFrom(from, fate.To))
            {
                fate.Outcome = Outcome.Failed(state.Shown(error.ToString()));
            }
        }
        else if (from is not null && state.Resumption.Bounce(id, from) is { } lane)
        {
            state.Raise(new ProtocolEvent.Bounced(id, lane, state.Shown(error.ToString())));
        }
    }

    private bool IsFrom(Jid? from, Jid to) => from is null || from.Bare == to.Bare || from == new Jid(null, state.Options.Jid.Domain, null);

    /// <summary>A room that says that we are not in it is worth another try, after another join.</summary>
    private void Refuse(XmppInFlight sent, XmppError error)
    {
        Remove(sent);
        var reason = state.Shown(error.ToString(), sent.Target.Room?.Password);
        if (sent.Target.Room is { } room && error.Condition is "not-acceptable" && sent.Delivery.Refusals++ == 0)
        {
            state.Raise(new ProtocolEvent.Returned(sent.Delivery, reason));
            rooms.OnGone(room, $"the room says that we are not in it: {reason}");
        }
        else
        {
            state.Output.Settled.Add((sent.Delivery, Outcome.Failed(reason)));
        }
    }

    private void Settle(Delivery delivery, string id, XmppTarget target, Outcome outcome)
    {
        if (outcome is { Status: DeliveryStatus.Delivered, Proof: Proof.Ack or Proof.Pong })
        {
            state.Resumption.Watch(id, delivery.Lane, target.Jid);
        }

        state.Output.Settled.Add((delivery, outcome));
    }

    private void Remove(XmppInFlight sent)
    {
        _inFlight.Remove(sent);
        _byId.Remove(sent.Id);
    }
}
