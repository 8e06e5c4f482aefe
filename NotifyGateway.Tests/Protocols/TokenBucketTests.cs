using NotifyGateway.Core.Protocols;
using Xunit;

namespace NotifyGateway.Tests.Protocols;

public sealed class TokenBucketTests
{
    [Fact]
    public void Gives_BurstAtOnce_ThenAtTheRate()
    {
        var bucket = new TokenBucket(burst: 3, perSecond: 2);

        Assert.Equal([true, true, true, false], Enumerable.Range(0, 4).Select(_ => bucket.TryTake(At(100))));
        Assert.False(bucket.TryTake(At(100.499)));
        Assert.True(bucket.TryTake(At(100.5)));
        Assert.False(bucket.TryTake(At(100.5)));
        Assert.True(bucket.TryTake(At(101)));
    }

    [Fact]
    public void Fills_NoFurtherThanTheBurst()
    {
        var bucket = new TokenBucket(burst: 2, perSecond: 1);
        Assert.True(bucket.TryTake(At(0)));

        Assert.Equal([true, true, false], Enumerable.Range(0, 3).Select(_ => bucket.TryTake(At(1000))));
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(5, 0.3)]
    [InlineData(2, 7)]
    [InlineData(1000, 333.3)]
    public void TellsWhenTheNextIsThere(int burst, double rate)
    {
        var bucket = new TokenBucket(burst, rate);
        var now = At(50);
        var taken = 0;
        for (; taken < 1000 + burst; taken++)
        {
            if (!bucket.TryTake(now))
            {
                Assert.True(bucket.NextAt > now);
                now = bucket.NextAt;
                Assert.True(bucket.TryTake(now));
            }
        }

        // Each wait is a millisecond longer than it had to be, at most.
        var waits = taken - burst;
        Assert.InRange((now - At(50)).TotalSeconds, (waits / rate) - 0.001, waits * ((1 / rate) + 0.00101));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    public void RateOfNothing_BoundsNothing(double rate)
    {
        var bucket = new TokenBucket(1, rate);

        Assert.All(Enumerable.Range(0, 100), _ => Assert.True(bucket.TryTake(At(7))));
    }

    [Fact]
    public void ClockThatGoesBack_ChangesNothing()
    {
        var bucket = new TokenBucket(1, 1);
        Assert.True(bucket.TryTake(At(10)));

        Assert.False(bucket.TryTake(At(5)));
        Assert.False(bucket.TryTake(At(10.9)));
        Assert.True(bucket.TryTake(At(11)));
    }

    private static TimeSpan At(double seconds) => TimeSpan.FromSeconds(seconds);
}
