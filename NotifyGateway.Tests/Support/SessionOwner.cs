using NotifyGateway.Core;
using NotifyGateway.Core.Outbox;

namespace NotifyGateway.Tests.Support;

/// <summary>Stands in for a session: takes what the outbox has for it and settles it.</summary>
internal static class SessionOwner
{
    /// <summary>Settles everything that waits for the session now, and waits until that is stored.</summary>
    /// <returns>How many deliveries were settled.</returns>
    public static async Task<int> SettleAllAsync(this IOutbox outbox, string session, Outcome outcome)
    {
        using var stored = new SemaphoreSlim(0);
        using var available = new SemaphoreSlim(0);
        void Count(Settlement settlement) => stored.Release();
        outbox.Settled += Count;
        await using var reader = await outbox.OpenAsync(new SessionKey(session), () => available.Release(), CancellationToken.None);
        var settled = 0;
        for (var waiting = reader.Depth; waiting > 0; waiting -= SettleSome(reader, outcome, ref settled))
        {
            await Within(available);
        }

        for (var i = 0; i < settled; i++)
        {
            await Within(stored);
        }

        outbox.Settled -= Count;
        return settled;
    }

    private static int SettleSome(IOutboxReader reader, Outcome outcome, ref int settled)
    {
        var before = settled;
        var lanes = new List<string>();
        reader.Collect(lanes);
        foreach (var lane in lanes)
        {
            while (reader.TryTake(lane, out var delivery))
            {
                delivery.Attempts++;
                reader.Settle(delivery, outcome);
                settled++;
            }
        }

        return settled - before;
    }

    private static async Task Within(SemaphoreSlim signal)
    {
        if (!await signal.WaitAsync(TimeSpan.FromSeconds(10)))
        {
            throw new TimeoutException("the outbox did not call");
        }
    }
}
