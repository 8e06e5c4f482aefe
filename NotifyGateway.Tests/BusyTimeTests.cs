using NotifyGateway.Core;
using NotifyGateway.Tests.Support;
using Xunit;

namespace NotifyGateway.Tests;

public sealed class BusyTimeTests
{
    [Fact]
    public void Work_ThatThrows_IsOver()
    {
        var time = new ManualTime();
        var busy = new BusyTime(time);
        Assert.Throws<InvalidOperationException>(() => busy.During(() =>
        {
            time.Advance(TimeSpan.FromSeconds(5));
            Assert.Equal(TimeSpan.FromSeconds(5), busy.For);
            throw new InvalidOperationException();
        }));
        time.Advance(TimeSpan.FromHours(1));

        Assert.Equal(TimeSpan.Zero, busy.For);
    }
}
