using NotifyGateway.Core.Sessions;
using NotifyGateway.Tests.Support;
using Xunit;

namespace NotifyGateway.Tests.Sessions;

public sealed class ConnectGateTests
{
    [Theory]
    [InlineData(-5)]
    [InlineData(5)]
    public async Task Spacing_GoesByNoClockThatCanBeSet(int hours)
    {
        var time = new ManualTime();
        var gate = new ConnectGate(time);
        var spacing = TimeSpan.FromSeconds(2);
        await gate.WaitAsync("srv:6667", spacing, default);

        time.MoveWallClock(TimeSpan.FromHours(hours));
        var second = gate.WaitAsync("srv:6667", spacing, default);
        Assert.False(second.IsCompleted);
        time.Advance(spacing);

        await second.Within();
    }
}
