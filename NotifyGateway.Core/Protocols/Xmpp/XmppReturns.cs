using System.Xml.Linq;

namespace NotifyGateway.Core.Protocols.Xmpp;

/// <summary>What comes back of what we have sent: a room's reflection, which is the best proof, and errors. Other messages are for people, and nothing to us.</summary>
internal sealed class XmppReturns(XmppState state, XmppRooms rooms, XmppUnproved unproved)
{
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
        if (unproved.Find(id) is { Target.Room: { } room } sent)
        {
            if (room.Occupant == from && IsLast(partId, id, sent.Numbers))
            {
                unproved.Settle(sent, Outcome.Delivered(Proof.Reflection));
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

    /// <summary>An error fails what is on its way, or is known to have been; of what has ended the outbox knows more than we do, also over a restart.</summary>
    private void OnError(string id, Jid? from, XmppError error)
    {
        var reason = state.Shown(error.ToString());
        if (unproved.Find(id) is { } sent)
        {
            if (IsFrom(from, sent.Target.Jid, sent.Target.Room is not null))
            {
                Refuse(sent, error);
            }
        }
        else if (state.Resumption.Find(id) is { } fate)
        {
            if (IsFrom(from, fate.To, fate.ToRoom))
            {
                fate.Outcome = Outcome.Failed(reason);
            }
        }
        else if (DeliveryId.TryParse(id, out var message, out var ordinal))
        {
            var isRoom = from is not null && rooms.Find(from.Bare) is not null;
            state.Raise(new ProtocolEvent.Bounced(message, ordinal, (from ?? state.Options.Jid).ToString(), Went, reason));

            bool Went(Destination destination) => XmppAddress.Parse(destination.Address, out _) is { } to
                && IsFrom(from, to.Jid, to.Place == XmppPlace.Room || (to.Place == XmppPlace.Unknown && isRoom));
        }
    }

    /// <summary>
    /// Only from where it went, or from our own server, can a delivery come back. A room hands on what its occupants send us, errors too, as from
    /// <c>room/nick</c>: these are not the room's.
    /// </summary>
    private bool IsFrom(Jid? from, Jid to, bool toRoom) =>
        from is null || from == to || from == to.Bare || (!toRoom && from.Bare == to) || from == state.Options.Jid || from == new Jid(null, state.Options.Jid.Domain, null);

    /// <summary>A room that says that we are not in it is worth another try, after another join.</summary>
    private void Refuse(XmppInFlight sent, XmppError error)
    {
        var reason = state.Shown(error.ToString(), sent.Target.Room?.Password);
        if (sent.Target.Room is { } room && error.Condition is "not-acceptable" && sent.Delivery.Refusals++ == 0)
        {
            unproved.Remove(sent);
            state.Raise(new ProtocolEvent.Returned(sent.Delivery, reason));
            rooms.OnGone(room, $"the room says that we are not in it: {reason}");
        }
        else
        {
            unproved.Settle(sent, Outcome.Failed(reason));
        }
    }
}
