using NotifyGateway.Core.Configuration;
using NotifyGateway.Core.Sessions;
using NotifyGateway.Tests.Support;
using Xunit;

namespace NotifyGateway.Tests.Sessions;

public sealed class SessionReportTests
{
    [Fact]
    public void Since_TellsHowLongThereIsNoConnection_HoweverOftenItWasTried()
    {
        var time = new ManualTime();
        var report = new SessionReport(IrcSessions.Configured("net", new IrcOptions { Server = "127.0.0.1", Nick = "bot" }, null), time);
        var start = time.GetUtcNow();
        DateTimeOffset Since(SessionState state)
        {
            time.Advance(TimeSpan.FromMinutes(1));
            report.Become(state);
            report.Publish(null, []);
            return report.Published.Since;
        }

        Assert.Equal(start, Since(SessionState.Waiting));
        Assert.Equal(start, Since(SessionState.Connecting));
        Assert.Equal(start.AddMinutes(3), Since(SessionState.Online));
        Assert.Equal(start.AddMinutes(4), Since(SessionState.Waiting));
        Assert.Equal(start.AddMinutes(4), Since(SessionState.Connecting));
        Assert.Equal(start.AddMinutes(6), Since(SessionState.Faulted));
        Assert.Equal(start.AddMinutes(7), Since(SessionState.Connecting));
    }
}
