namespace NotifyGateway.Core.Outbox.Sqlite;

/// <summary>Walks through a segment, message by message. What nobody asks for (text above all) is not decoded.</summary>
/// <remarks>
/// A message: length, id (16 bytes), flags, accepted (ticks), life (ticks), [origin], count of deliveries, for each ([ordinal] and)
/// the destination's index, indexes of client and input, markup, [severity], [trace], [title], text.
/// </remarks>
internal ref struct SegmentReader
{
    private readonly int[] _destinations;
    private readonly int[] _names;
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
        if (_bytes.Byte() is var version && version is 0 or > SegmentWriter.Version)
        {
            throw new InvalidDataException($"a segment of the unknown format {version}");
        }

        // A lane's load passes through many segments and wants little of each: destinations are decoded when they are asked for.
        _destinations = new int[Bounded(segment)];
        for (var i = 0; i < _destinations.Length; i++)
        {
            _destinations[i] = _bytes.Position;
            for (var field = 0; field < 4; field++)
            {
                _bytes.Skip();
            }
        }

        _names = new int[Bounded(segment)];
        for (var i = 0; i < _names.Length; i++)
        {
            _names[i] = _bytes.Position;
            _bytes.Skip();
        }

        Count = Bounded(segment);
        Total = Bounded(segment);
        _next = _bytes.Position;
        Message = -1;
    }

    /// <summary>How many messages there are.</summary>
    public int Count { get; }

    /// <summary>How many deliveries all messages have together.</summary>
    public int Total { get; }

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

    public readonly Destination Destination(int index)
    {
        var bytes = _bytes;
        bytes.Position = _destinations[index];
        return new Destination(new SessionKey(bytes.Text()), bytes.Text(), bytes.Text(), bytes.Text());
    }

    /// <summary>The indexes of the destinations on a lane.</summary>
    /// <param name="session">UTF-8, as <paramref name="lane"/>.</param>
    public readonly void FindLane(ReadOnlySpan<byte> session, ReadOnlySpan<byte> lane, List<int> indexes)
    {
        var bytes = _bytes;
        for (var i = 0; i < _destinations.Length; i++)
        {
            bytes.Position = _destinations[i];
            if (bytes.TextBytes().SequenceEqual(session) && bytes.TextBytes().SequenceEqual(lane))
            {
                indexes.Add(i);
            }
        }
    }

    /// <summary>Who sent the current message.</summary>
    public readonly string Client
    {
        get
        {
            var bytes = AfterDeliveries();
            return Name(bytes.Int());
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
            if (string.Equals(Destination(destination).Name, name, StringComparison.OrdinalIgnoreCase))
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
            Client = Name(_bytes.Int()),
            Input = Name(_bytes.Int()),
            Markup = (Markup)_bytes.Byte(),
            Severity = (_flags & MessageFlags.Severity) != 0 ? (Severity)_bytes.Byte() : null,
            Trace = (_flags & MessageFlags.Trace) != 0 ? _bytes.Text() : null,
            Title = (_flags & MessageFlags.Title) != 0 ? _bytes.Text() : null,
            Text = _bytes.Text(),
        };
    }

    /// <summary>A number of things that are there: each has a byte at least. Else what is damaged could ask for any memory.</summary>
    private int Bounded(ReadOnlySpan<byte> segment) =>
        _bytes.Number() is var number && number <= (ulong)segment.Length ? (int)number : throw new InvalidDataException("a number is larger than the segment");

    private readonly string Name(int index)
    {
        var bytes = _bytes;
        bytes.Position = _names[index];
        return bytes.Text();
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
