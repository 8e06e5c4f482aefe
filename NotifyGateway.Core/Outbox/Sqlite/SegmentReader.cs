namespace NotifyGateway.Core.Outbox.Sqlite;

/// <summary>Walks through a segment, message by message. What nobody asks for (text above all) is not decoded.</summary>
/// <remarks>
/// A message: length, id (16 bytes), flags, accepted (ticks), life (ticks), [origin], count of deliveries, for each ([ordinal] and)
/// the destination's index, indexes of client and input, markup, [severity], [title], text.
/// </remarks>
internal ref struct SegmentReader
{
    private readonly List<string> _names;
    private readonly int _first;
    private ByteReader _bytes;
    private int _flags;
    private int _deliveriesAt;
    private int _next;
    private long _acceptedTicks;
    private long _lifeTicks;

    /// <exception cref="InvalidDataException">Written by a program that knows another format.</exception>
    public SegmentReader(ReadOnlySpan<byte> segment)
    {
        _bytes = new ByteReader(segment);
        if (_bytes.Byte() is var version && version != SegmentWriter.Version)
        {
            throw new InvalidDataException($"a segment of the unknown format {version}");
        }

        var destinations = _bytes.Int();
        Destinations = new List<Destination>(destinations);
        for (var i = 0; i < destinations; i++)
        {
            Destinations.Add(new Destination(new SessionKey(_bytes.Text()), _bytes.Text(), _bytes.Text(), _bytes.Text()));
        }

        var names = _bytes.Int();
        _names = new List<string>(names);
        for (var i = 0; i < names; i++)
        {
            _names.Add(_bytes.Text());
        }

        Count = _bytes.Int();
        _next = _first = _bytes.Position;
        Message = -1;
    }

    public List<Destination> Destinations { get; }

    /// <summary>How many messages there are.</summary>
    public int Count { get; }

    /// <summary>The place of the current message.</summary>
    public int Message { get; private set; }

    public Guid Id { get; private set; }

    /// <summary>For another try: the sequence of the first one's delivery 0. Else 0.</summary>
    public long Origin { get; private set; }

    public readonly bool IsAgain => (_flags & MessageFlags.Again) != 0;

    /// <summary>How many deliveries the current message has here.</summary>
    public int Deliveries { get; private set; }

    public readonly DateTimeOffset AcceptedAt => new(_acceptedTicks, TimeSpan.Zero);

    public readonly DateTimeOffset ExpiresAt => new(_acceptedTicks + _lifeTicks, TimeSpan.Zero);

    public bool Next()
    {
        if (Message + 1 >= Count)
        {
            return false;
        }

        Message++;
        _bytes.Position = _next;
        var length = _bytes.Int();
        _next = _bytes.Position + length;
        Id = _bytes.Id();
        _flags = _bytes.Byte();
        _acceptedTicks = _bytes.Signed();
        _lifeTicks = _bytes.Signed();
        Origin = IsAgain ? (long)_bytes.Number() : 0;
        Deliveries = _bytes.Int();
        _deliveriesAt = _bytes.Position;
        return true;
    }

    /// <summary>Adds the current message's deliveries: each one's ordinal and the index of its destination.</summary>
    public void ReadDeliveries(List<(int Ordinal, int Destination)> deliveries)
    {
        _bytes.Position = _deliveriesAt;
        for (var i = 0; i < Deliveries; i++)
        {
            deliveries.Add((IsAgain ? _bytes.Int() : i, _bytes.Int()));
        }
    }

    /// <summary>How many deliveries all messages have together.</summary>
    public readonly int CountDeliveries()
    {
        var walk = this;
        walk.Message = -1;
        walk._next = _first;
        var count = 0;
        while (walk.Next())
        {
            count += walk.Deliveries;
        }

        return count;
    }

    /// <summary>Who sent the current message.</summary>
    public readonly string Client
    {
        get
        {
            var bytes = AfterDeliveries();
            return _names[bytes.Int()];
        }
    }

    /// <summary>True when the current message has a destination of this public name.</summary>
    public readonly bool HasDestination(string name)
    {
        var deliveries = new List<(int Ordinal, int Destination)>(Deliveries);
        var walk = this;
        walk.ReadDeliveries(deliveries);
        foreach (var (_, destination) in deliveries)
        {
            if (string.Equals(Destinations[destination].Name, name, StringComparison.OrdinalIgnoreCase))
            {
                return true;
            }
        }

        return false;
    }

    public Notification ReadNotification()
    {
        _bytes = AfterDeliveries();
        // The members are initialized in the order of the bytes.
        return new Notification
        {
            Id = Id,
            AcceptedAt = AcceptedAt,
            ExpiresAt = ExpiresAt,
            Client = _names[_bytes.Int()],
            Input = _names[_bytes.Int()],
            Markup = (Markup)_bytes.Byte(),
            Severity = (_flags & MessageFlags.Severity) != 0 ? (Severity)_bytes.Byte() : null,
            Title = (_flags & MessageFlags.Title) != 0 ? _bytes.Text() : null,
            Text = _bytes.Text(),
        };
    }

    private readonly ByteReader AfterDeliveries()
    {
        var bytes = _bytes;
        bytes.Position = _deliveriesAt;
        for (var i = 0; i < Deliveries * (IsAgain ? 2 : 1); i++)
        {
            bytes.Number();
        }

        return bytes;
    }
}
