using System.Globalization;

namespace NotifyGateway.Core.Protocols.Xmpp;

/// <summary>What was sent and is not settled, in order. Each ends by what proves it or refuses it, or is given back with the end of the connection.</summary>
internal sealed class XmppUnproved(XmppState state)
{
    /// <summary>The server has it: so long the room may take to show it to us.</summary>
    private static readonly TimeSpan ReflectionTime = TimeSpan.FromSeconds(10);

    /// <summary>A server that proves nothing for so long would keep every delivery for ever.</summary>
    private static readonly TimeSpan ProofTimeout = TimeSpan.FromMinutes(5);

    private readonly List<XmppInFlight> _sent = [];
    private readonly Dictionary<string, XmppInFlight> _byId = new(StringComparer.Ordinal);
    private TimeSpan _progressAt;

    public int Count => _sent.Count;

    /// <summary>Whether the server has yet to show that it has all of it.</summary>
    private bool Awaits => _sent.Exists(s => s.Arrived is null);

    public TimeSpan WakeAt
    {
        get
        {
            var next = TimeSpan.MaxValue;
            foreach (var sent in _sent)
            {
                var due = sent.Arrived is null ? _progressAt + ProofTimeout : sent.ReflectBy;
                next = due < next ? due : next;
            }

            return next;
        }
    }

    public void Add(XmppInFlight sent)
    {
        _progressAt = Awaits ? _progressAt : state.Now;
        _sent.Add(sent);
        _byId[sent.Id] = sent;
    }

    public XmppInFlight? Find(string id) => _byId.GetValueOrDefault(id);

    /// <summary>Takes one out that is neither settled nor given back by the caller's side.</summary>
    public void Remove(XmppInFlight sent)
    {
        _sent.Remove(sent);
        _byId.Remove(sent.Id);
    }

    public void Settle(XmppInFlight sent, Outcome outcome)
    {
        Remove(sent);
        _progressAt = state.Now;
        state.Output.Settled.Add((sent.Delivery, outcome));
    }

    /// <summary>The server has shown that it has some of it. What went to a room may still be shown by the room, which says more.</summary>
    public void Arrive(Predicate<XmppInFlight> has, Proof proof)
    {
        foreach (var sent in _sent.Where(s => s.Arrived is null && has(s)).ToList())
        {
            _progressAt = state.Now;
            sent.Arrived = proof;
            if (sent.Target.Room is null)
            {
                Settle(sent, Outcome.Delivered(proof));
            }
            else
            {
                sent.ReflectBy = state.Now + ReflectionTime;
            }
        }
    }

    public void Tick()
    {
        foreach (var sent in _sent.Where(s => state.Now >= s.ReflectBy).ToList())
        {
            Settle(sent, Outcome.Delivered(sent.Arrived!.Value));
        }

        if (Awaits && state.Now >= _progressAt + ProofTimeout)
        {
            state.End(string.Create(CultureInfo.InvariantCulture, $"the server has proved nothing of what was sent for {ProofTimeout.TotalMinutes:0} min"), CloseKind.Lost);
        }
    }

    /// <summary>Gives back what is not settled; what is known of it counts when it comes again.</summary>
    public IReadOnlyList<Delivery> Abandon()
    {
        foreach (var sent in _sent.Where(s => state.Acks || s.Arrived is not null))
        {
            state.Resumption.Keep(sent.Id, new XmppResumption.Fate(sent.Numbers, sent.Size, sent.Target.Jid, sent.Target.Room is not null)
            {
                Lead = sent.Delivery.Lead,
                Outcome = sent.Arrived is { } proof ? Outcome.Delivered(proof) : null,
            });
        }

        var unsettled = _sent.ConvertAll(s => s.Delivery);
        _sent.Clear();
        _byId.Clear();
        return unsettled;
    }
}
