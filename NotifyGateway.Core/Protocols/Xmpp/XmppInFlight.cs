namespace NotifyGateway.Core.Protocols.Xmpp;

/// <summary>A delivery that was sent and is not settled.</summary>
/// <param name="numbers">The numbers of its stanzas on the stream.</param>
/// <param name="size">The most bytes that a stanza could have when it was cut.</param>
internal sealed class XmppInFlight(Delivery delivery, string id, XmppTarget target, ulong[] numbers, int size)
{
    public Delivery Delivery { get; } = delivery;

    public string Id { get; } = id;

    public XmppTarget Target { get; } = target;

    public ulong[] Numbers { get; } = numbers;

    public int Size { get; } = size;

    /// <summary>The bytes of its longest stanza.</summary>
    public int Longest { get; set; }

    /// <summary>The ping behind it whose answer proves that the server has it, where stanzas are not counted.</summary>
    public long Barrier { get; set; }

    /// <summary>What has shown that the server has it; null: nothing yet.</summary>
    public Proof? Arrived { get; set; }

    /// <summary>Until then a room may show it to us.</summary>
    public TimeSpan ReflectBy { get; set; } = TimeSpan.MaxValue;

    /// <summary>The id of one of its stanzas: the first has the delivery's own.</summary>
    public static string PartId(string id, int part) => part == 0 ? id : string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{id}/{part + 1}");

    /// <summary>The delivery that a stanza is part of.</summary>
    public static string Whole(string partId) => partId.IndexOf('/', StringComparison.Ordinal) is >= 0 and var slash ? partId[..slash] : partId;
}
