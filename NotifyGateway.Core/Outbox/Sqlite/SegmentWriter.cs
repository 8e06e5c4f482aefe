using System.Runtime.InteropServices;

namespace NotifyGateway.Core.Outbox.Sqlite;

/// <summary>
/// Packs messages into segments. A segment is what was accepted together: at most 128 messages in one row, because the database's
/// work is by the row. It holds its own list of destinations and names, and never changes once it is written.
/// </summary>
/// <remarks>Format 2 (1 is the same, without traces): version, destinations, names, count of messages, count of deliveries, messages; see <see cref="SegmentReader"/> for a message.</remarks>
internal sealed class SegmentWriter
{
    public const byte Version = 2;

    /// <summary>A segment is closed when it has this many bytes: a lane that needs one message of it reads it whole.</summary>
    private const int EnoughBytes = 64 * 1024;

    private readonly Dictionary<Destination, int> _destinationIndexes = [];
    private readonly Dictionary<string, int> _nameIndexes = new(StringComparer.Ordinal);
    private readonly List<Destination> _destinations = [];
    private readonly List<string> _names = [];
    private readonly ByteWriter _message = new();
    private readonly ByteWriter _messages = new();
    private readonly ByteWriter _segment = new();
    private Destination? _lastDestination;
    private int _lastDestinationIndex;
    private int _deliveries;

    public int Count { get; private set; }

    public bool IsFull => Count == Sequence.MessagesPerSegment || _messages.Length >= EnoughBytes;

    public IReadOnlyList<Destination> Destinations => _destinations;

    public void Clear()
    {
        _destinationIndexes.Clear();
        _nameIndexes.Clear();
        _destinations.Clear();
        _names.Clear();
        _messages.Clear();
        _lastDestination = null;
        Count = 0;
        _deliveries = 0;
    }

    /// <summary>Adds a message with the deliveries 0, 1, 2 …</summary>
    /// <param name="indexes">Receives the index of each destination in <see cref="Destinations"/>.</param>
    public void Add(Notification notification, IReadOnlyList<Destination> destinations, List<int> indexes)
    {
        BeginMessage(notification, origin: 0, destinations.Count);
        for (var i = 0; i < destinations.Count; i++)
        {
            var index = IndexOf(destinations[i]);
            indexes.Add(index);
            _message.Number(index);
        }

        EndMessage(notification);
    }

    /// <summary>Adds another try of deliveries of a message that is stored already.</summary>
    /// <param name="origin">The sequence of that message's delivery 0.</param>
    public void AddAgain(Notification notification, long origin, IReadOnlyList<(int Ordinal, Destination Destination)> deliveries, List<int> indexes)
    {
        BeginMessage(notification, origin, deliveries.Count);
        foreach (var (ordinal, destination) in deliveries)
        {
            var index = IndexOf(destination);
            indexes.Add(index);
            _message.Number(ordinal);
            _message.Number(index);
        }

        EndMessage(notification);
    }

    /// <summary>The whole segment, valid until the next call.</summary>
    public ReadOnlySpan<byte> Finish()
    {
        _segment.Clear();
        _segment.Byte(Version);
        _segment.Number(_destinations.Count);
        foreach (var destination in _destinations)
        {
            _segment.Text(destination.Session.Value);
            _segment.Text(destination.Lane);
            _segment.Text(destination.Address);
            _segment.Text(destination.Name);
        }

        _segment.Number(_names.Count);
        foreach (var name in _names)
        {
            _segment.Text(name);
        }

        _segment.Number(Count);
        _segment.Number(_deliveries);
        _segment.Bytes(_messages.Written);
        return _segment.Written;
    }

    private void BeginMessage(Notification notification, long origin, int deliveries)
    {
        var flags = (notification.Title is null ? 0 : MessageFlags.Title)
            | (notification.Severity is null ? 0 : MessageFlags.Severity)
            | (notification.Trace is null ? 0 : MessageFlags.Trace)
            | (origin == 0 ? 0 : MessageFlags.Again);
        _message.Clear();
        _message.Id(notification.Id);
        _message.Byte((byte)flags);
        _message.Signed(notification.AcceptedAt.UtcTicks);
        _message.Signed(notification.ExpiresAt.UtcTicks - notification.AcceptedAt.UtcTicks);
        if (origin != 0)
        {
            _message.Number((ulong)origin);
        }

        _message.Number(deliveries);
        _deliveries += deliveries;
    }

    private void EndMessage(Notification notification)
    {
        _message.Number(IndexOf(notification.Client));
        _message.Number(IndexOf(notification.Input));
        _message.Byte((byte)notification.Markup);
        if (notification.Severity is { } severity)
        {
            _message.Byte((byte)severity);
        }

        if (notification.Trace is { } trace)
        {
            _message.Text(trace);
        }

        if (notification.Title is { } title)
        {
            _message.Text(title);
        }

        _message.Text(notification.Text);
        _messages.Number(_message.Length);
        _messages.Bytes(_message.Written);
        Count++;
    }

    private int IndexOf(Destination destination)
    {
        if (ReferenceEquals(destination, _lastDestination))
        {
            return _lastDestinationIndex;
        }

        ref var index = ref CollectionsMarshal.GetValueRefOrAddDefault(_destinationIndexes, destination, out var known);
        if (!known)
        {
            index = _destinations.Count;
            _destinations.Add(destination);
        }

        _lastDestination = destination;
        _lastDestinationIndex = index;
        return index;
    }

    private int IndexOf(string name)
    {
        ref var index = ref CollectionsMarshal.GetValueRefOrAddDefault(_nameIndexes, name, out var known);
        if (!known)
        {
            index = _names.Count;
            _names.Add(name);
        }

        return index;
    }
}

/// <summary>What a message in a segment has.</summary>
internal static class MessageFlags
{
    public const int Title = 1;
    public const int Severity = 2;

    /// <summary>Not a message of its own but another try of some deliveries of an earlier one.</summary>
    public const int Again = 4;

    public const int Trace = 8;
}
