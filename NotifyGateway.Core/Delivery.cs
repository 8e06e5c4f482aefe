using System.Globalization;

namespace NotifyGateway.Core;

/// <summary>Where a delivery stands. The numbers are stored on disk and never change.</summary>
public enum DeliveryStatus { Queued = 0, Delivered = 1, Failed = 2, Expired = 3, Cancelled = 4 }

/// <summary>What showed that the other side processed a delivery. The numbers are stored on disk and never change.</summary>
public enum Proof { None = 0, Echo = 1, Pong = 2, Ack = 3, Reflection = 4, Exit = 5 }

/// <summary>How a delivery ended. <paramref name="Reason"/> is the other side's own words where it gave any (a program's exit status and outputs), or the other way that a delivered one went.</summary>
public readonly record struct Outcome(DeliveryStatus Status, Proof Proof = Proof.None, string? Reason = null)
{
    public static Outcome Delivered(Proof proof) => new(DeliveryStatus.Delivered, proof);

    public static Outcome Failed(string reason) => new(DeliveryStatus.Failed, Proof.None, reason);
}

/// <summary>One delivery of one notification, as the outbox hands it to the session that owns it.</summary>
/// <remarks>Only the owner touches what can be set.</remarks>
public sealed class Delivery(long sequence, int ordinal, Notification notification, Destination destination, int attempts = 0)
{
    /// <summary>The outbox's own number: the order within a lane.</summary>
    public long Sequence { get; } = sequence;

    /// <summary>The place among the deliveries of its notification, from 0.</summary>
    public int Ordinal { get; } = ordinal;

    public Notification Notification { get; } = notification;

    public Destination Destination { get; } = destination;

    public string Lane => Destination.Lane;

    /// <summary>The lane that it goes through instead of its own, which the other side refuses; null: its own.</summary>
    public string? Detour { get; set; }

    /// <summary>Stands before what is said: how late it was as it was handed out last. Empty: it was not. Never stored.</summary>
    public string Lead { get; set; } = "";

    /// <summary>The deliveries that this one tells in one line, and that end as it ends; empty: it tells itself. Such a one is not the outbox's.</summary>
    public IReadOnlyList<Delivery> Folded { get; init; } = [];

    /// <summary>How often the other side refused it in a way that is worth another try.</summary>
    public int Refusals { get; set; }

    /// <summary>How often the other side found it too fast.</summary>
    public int Waits { get; set; }

    /// <summary>Whether colours and format codes are left out, since they were refused.</summary>
    public bool Plain { get; set; }

    /// <summary>How often it was written to a link.</summary>
    public int Attempts { get; set; } = attempts;

    public string Id => DeliveryId.Format(Notification.Id, Ordinal);
}

/// <summary>A delivery's public id: the message's id, a hyphen and the ordinal.</summary>
public static class DeliveryId
{
    private const int GuidLength = 36;

    public static string Format(Guid message, int ordinal) => string.Create(CultureInfo.InvariantCulture, $"{message:D}-{ordinal}");

    /// <summary>Reads what <see cref="Format"/> wrote. False when it is none.</summary>
    public static bool TryParse(string id, out Guid message, out int ordinal)
    {
        ordinal = 0;
        message = Guid.Empty;
        return id.Length > GuidLength && id[GuidLength] == '-'
            && Guid.TryParseExact(id.AsSpan(0, GuidLength), "D", out message)
            && int.TryParse(id.AsSpan(GuidLength + 1), NumberStyles.None, CultureInfo.InvariantCulture, out ordinal);
    }
}
