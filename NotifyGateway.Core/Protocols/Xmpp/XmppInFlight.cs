namespace NotifyGateway.Core.Protocols.Xmpp;

/// <summary>A delivery that was sent and is not settled.</summary>
/// <param name="pieces">What its stanzas say.</param>
/// <param name="done">How many of them, the first ones, the server had before.</param>
/// <param name="size">The most bytes that a stanza could have when it was cut.</param>
internal sealed class XmppInFlight(Delivery delivery, string id, XmppTarget target, IReadOnlyList<string> pieces, int done, int size)
{
    /// <summary>Of what is not written: no count covers it.</summary>
    private const ulong None = ulong.MaxValue;

    public Delivery Delivery { get; } = delivery;

    public string Id { get; } = id;

    public XmppTarget Target { get; } = target;

    public IReadOnlyList<string> Pieces { get; } = pieces;

    /// <summary>The numbers of its stanzas on the stream. What the server had before has number 0, which every count covers.</summary>
    public ulong[] Numbers { get; } = [.. Enumerable.Range(0, pieces.Count).Select(i => i < done ? 0 : None)];

    /// <summary>The stanza that is written next, from 0.</summary>
    public int Next { get; set; } = done;

    public bool IsWritten => Next == Pieces.Count;

    public int Size { get; } = size;

    /// <summary>The ping behind it whose answer proves that the server has it, where stanzas are not counted.</summary>
    public ulong Barrier { get; set; } = None;

    /// <summary>What has shown that the server has it; null: nothing yet.</summary>
    public Proof? Arrived { get; set; }

    /// <summary>Until then a room may show it to us.</summary>
    public TimeSpan ReflectBy { get; set; } = TimeSpan.MaxValue;

    /// <summary>The id of one of its stanzas: the first has the delivery's own.</summary>
    public static string PartId(string id, int part) => part == 0 ? id : string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{id}/{part + 1}");

    /// <summary>The delivery that a stanza is part of.</summary>
    public static string Whole(string partId) => partId.IndexOf('/', StringComparison.Ordinal) is >= 0 and var slash ? partId[..slash] : partId;
}
