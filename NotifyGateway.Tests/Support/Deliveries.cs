using NotifyGateway.Core;

namespace NotifyGateway.Tests.Support;

/// <summary>Deliveries for protocol tests.</summary>
internal static class Deliveries
{
    private static readonly DateTimeOffset Noon = new(2026, 5, 1, 12, 0, 0, TimeSpan.Zero);
    private static long _sequence;

    /// <summary>A delivery that <see cref="Name"/> knows again.</summary>
    public static Delivery Create(string name, string lane, string text) => Create(name, lane, text, Guid.Empty);

    /// <summary>A delivery whose id others may see.</summary>
    public static Delivery Create(string name, string lane, string text, Guid id) => new(Interlocked.Increment(ref _sequence), 0, new Notification
    {
        Id = id,
        Client = "tests",
        Input = name,
        Text = text,
        AcceptedAt = Noon,
        ExpiresAt = Noon.AddDays(1),
    }, new Destination(new SessionKey("test"), lane, lane, lane));

    public static string Name(Delivery delivery) => delivery.Notification.Input;
}
