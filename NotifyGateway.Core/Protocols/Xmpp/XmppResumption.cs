namespace NotifyGateway.Core.Protocols.Xmpp;

/// <summary>
/// What outlives one connection: the stream that its successor may take up again (XEP-0198), and what is known of deliveries that were sent
/// and given back unsettled. Made once for each link, and handed to every machine of that link in turn; only the present one uses it.
/// </summary>
public sealed class XmppResumption
{
    private const int MaxFates = 2048;
    private const int MaxDestroyed = 1000;

    private readonly Dictionary<string, Fate> _fates = new(StringComparer.Ordinal);
    private readonly Queue<string> _order = new();

    /// <summary>What the server calls the stream; null: there is none to take up.</summary>
    internal string? StreamId { get; set; }

    /// <summary>Our address on that stream.</summary>
    internal Jid? Bound { get; set; }

    /// <summary>Stanzas that we have sent on it, and that the server has said it has.</summary>
    internal ulong Sent { get; set; }

    internal ulong Acknowledged { get; set; }

    /// <summary>Stanzas that we have from the server, modulo 2³².</summary>
    internal uint Received { get; set; }

    /// <summary>The most bytes that the server takes no offence at, in one stanza or in all that it has not read, as it has let us find out; null: it has not.</summary>
    internal int? LearnedLimit { get; set; }

    /// <summary>Each message waits until the server has read the one before, as it took offence at one of several that were short.</summary>
    internal bool OneByOne { get; set; }

    /// <summary>The rooms that we are in on the stream, or asked to be let into, and our addresses there.</summary>
    internal Dictionary<Jid, Jid> Occupied { get; } = [];

    /// <summary>Rooms that were destroyed, with the words that said so.</summary>
    internal Dictionary<Jid, string> Destroyed { get; } = [];

    internal void OnDestroyed(Jid room, string reason)
    {
        if (Destroyed.Count >= MaxDestroyed)
        {
            Destroyed.Clear();
        }

        Destroyed[room] = reason;
    }

    /// <summary>A stream that can be taken up begins.</summary>
    internal void Begin(string? streamId, Jid bound)
    {
        StreamId = streamId;
        Bound = bound;
        Sent = Acknowledged = 0;
        Received = 0;
    }

    /// <summary>The stream cannot be taken up any more: what it has not acknowledged is to be sent again.</summary>
    internal void Forget()
    {
        StreamId = null;
        Occupied.Clear();
        foreach (var lost in _fates.Where(f => f.Value is { Outcome: null, Done: null or 0 }).Select(f => f.Key).ToList())
        {
            _fates.Remove(lost);
        }
    }

    /// <summary>Keeps what is known of a delivery that is given back.</summary>
    internal void Keep(string id, Fate fate)
    {
        if (_fates.TryAdd(id, fate))
        {
            _order.Enqueue(id);
            while (_order.Count > MaxFates)
            {
                _fates.Remove(_order.Dequeue());
            }
        }
        else
        {
            _fates[id] = fate;
        }
    }

    /// <summary>What is known of a delivery that comes again; asked once.</summary>
    internal Fate? Take(string id) => _fates.Remove(id, out var fate) ? fate : null;

    /// <summary>A delivery that was given back, and is on its way: what is heard of it now counts when it comes again.</summary>
    internal Fate? Find(string id) => _fates.GetValueOrDefault(id);

    /// <summary>
    /// The server has told what it has of the broken connection: all up to <see cref="Acknowledged"/>. What it has not never comes any more, and the
    /// numbers behind are given again.
    /// </summary>
    internal void Reckon()
    {
        foreach (var fate in _fates.Values.Where(f => f.Done is null))
        {
            fate.Done = fate.Numbers.Count(n => n <= Acknowledged);
            fate.Outcome ??= fate.Done == fate.Numbers.Length ? Outcome.Delivered(Proof.Ack) : null;
        }
    }

    /// <summary>A delivery that was given back.</summary>
    /// <param name="numbers">The numbers of its stanzas on the stream.</param>
    /// <param name="size">The most bytes that a stanza could have when it was cut: with another size it is cut otherwise.</param>
    /// <param name="to">Where it went.</param>
    /// <param name="toRoom">Whether that is a room.</param>
    internal sealed class Fate(ulong[] numbers, int size, Jid to, bool toRoom)
    {
        public ulong[] Numbers { get; } = numbers;

        public int Size { get; } = size;

        public Jid To { get; } = to;

        public bool ToRoom { get; } = toRoom;

        /// <summary>What it began with: see <see cref="Delivery.Lead"/>.</summary>
        public string Lead { get; init; } = "";

        /// <summary>How it ended; null: not known.</summary>
        public Outcome? Outcome { get; set; }

        /// <summary>How many of its stanzas, the first ones, the server has; null: it has not told since they were sent.</summary>
        public int? Done { get; set; }
    }
}
