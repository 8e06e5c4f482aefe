using System.Runtime.InteropServices;

namespace NotifyGateway.Core.Outbox.Sqlite;

/// <summary>
/// One destination's FIFO: how much of it is on disk, and the front of it that is in memory. What is in memory is only a copy: it can
/// be forgotten at any time and is loaded again. Guarded by the lock of its <see cref="SessionPart"/>.
/// </summary>
internal sealed class Lane(SessionPart part, string name)
{
    private List<Delivery> _ready = [];
    private int _head;

    public SessionPart Part { get; } = part;

    public string Name { get; } = name;

    /// <summary>How many deliveries are queued, committed ones only, handed out ones included.</summary>
    public long Queued { get; set; }

    /// <summary>How many of them are handed out, or settled and not committed yet.</summary>
    public int Taken { get; set; }

    /// <summary>The segment of the first queued delivery, and when that was accepted (milliseconds since 1970).</summary>
    public long OldestSegment { get; set; }

    public long OldestAccepted { get; set; }

    /// <summary>Why its deliveries wait, as its owner says.</summary>
    public string? Reason { get; set; }

    /// <summary>Everything up to this sequence is in memory, handed out or settled.</summary>
    public long Cursor { get; private set; }

    /// <summary>The disk may have deliveries behind <see cref="Cursor"/>.</summary>
    public bool More { get; set; }

    /// <summary>What is being loaded; the answer to any other load is too late.</summary>
    public LaneLoad? Loading { get; set; }

    /// <summary>Something was committed, and not put into memory, while loading.</summary>
    public bool Grown { get; set; }

    /// <summary>The writer is changing what is queued here; what a load read meanwhile may be out of date.</summary>
    public bool Frozen { get; set; }

    /// <summary>The owner wants more as soon as nothing is in the way of loading.</summary>
    public bool Wanted { get; set; }

    /// <summary>Changes whenever what a load that is under way reads must not be used.</summary>
    public int Epoch { get; private set; }

    /// <summary>Stands in the list of what is new to the owner.</summary>
    public bool Announced { get; set; }

    /// <summary>When the owner last asked, on the part's own count of questions.</summary>
    public long LastAsked { get; set; }

    public int ReadyCount => _ready.Count - _head;

    public Delivery First => _ready[_head];

    public void Push(Delivery delivery)
    {
        _ready.Add(delivery);
        Cursor = delivery.Sequence;
    }

    public Delivery Pop()
    {
        var first = _ready[_head];
        _ready[_head++] = null!;
        if (_head == _ready.Count)
        {
            _ready.Clear();
            _head = 0;
        }
        else if (_head >= 512)
        {
            Compact();
        }

        return first;
    }

    /// <summary>Puts back what was handed out. Not what lies behind the cursor: that will be loaded in its turn.</summary>
    public void PutBack(Delivery delivery)
    {
        Compact();
        var place = CollectionsMarshal.AsSpan(_ready).BinarySearch(new BySequence(delivery.Sequence));
        _ready.Insert(~place, delivery);
    }

    /// <summary>Takes a delivery out of memory wherever it stands.</summary>
    public Delivery? Remove(long sequence)
    {
        Compact();
        var place = CollectionsMarshal.AsSpan(_ready).BinarySearch(new BySequence(sequence));
        if (place < 0)
        {
            return null;
        }

        var delivery = _ready[place];
        _ready.RemoveAt(place);
        return delivery;
    }

    /// <summary>Moves the cursor over what a load has read.</summary>
    public void Advance(long cursor) => Cursor = Math.Max(Cursor, cursor);

    /// <summary>Drops the copy in memory.</summary>
    /// <returns>What was dropped.</returns>
    public IEnumerable<Delivery> Forget()
    {
        Compact();
        var dropped = _ready;
        _ready = [];
        Cursor = 0;
        More = Queued > 0;
        Epoch++;
        return dropped;
    }

    public void CancelLoad() => Epoch++;

    private void Compact()
    {
        _ready.RemoveRange(0, _head);
        _head = 0;
    }

    private readonly struct BySequence(long sequence) : IComparable<Delivery>
    {
        private readonly long _sequence = sequence;

        public int CompareTo(Delivery? other) => _sequence.CompareTo(other!.Sequence);
    }
}
