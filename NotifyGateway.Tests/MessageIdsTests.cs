using NotifyGateway.Core;
using Xunit;

namespace NotifyGateway.Tests;

public sealed class MessageIdsTests
{
    [Fact]
    public void Makes_UuidsOfVersion7_ThatHoldTheMoment()
    {
        var now = new DateTimeOffset(2026, 11, 21, 12, 34, 56, 789, TimeSpan.Zero);
        var id = MessageIds.New(now);
        Assert.Equal(7, id.Version);
        Assert.InRange(id.Variant, 8, 11);
        Assert.Equal(now.ToUnixTimeMilliseconds(), Convert.ToInt64(id.ToString("N")[..12], 16));
    }

    [Fact]
    public void Repeats_None_BeyondOneStockOfRandomBits()
    {
        var ids = Enumerable.Range(0, 10_000).Select(_ => MessageIds.New(DateTimeOffset.UnixEpoch)).ToHashSet();
        Assert.Equal(10_000, ids.Count);

        // 74 random bits: every one of them is set in some id and clear in another.
        var varying = ids.Select(i => i.ToByteArray(bigEndian: true)).Aggregate(new byte[16], (seen, id) => [.. seen.Zip(id, (a, b) => (byte)(a | b))]);
        Assert.Equal(Convert.FromHexString("0000000000007FFFBFFFFFFFFFFFFFFF"), varying);
    }
}
