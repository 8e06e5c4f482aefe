using Microsoft.Extensions.Logging;
using Xunit;

namespace NotifyGateway.Tests.Support;

public sealed partial class MemoryLogTests
{
    [Fact]
    public async Task Keeps_EveryLevelWithItsValues()
    {
        using var log = new MemoryLog();
        using var factory = LoggerFactory.Create(logging => logging.SetMinimumLevel(LogLevel.Trace).AddProvider(log));
        var logger = factory.CreateLogger("area");
        using (logger.BeginScope("inside of k3y"))
        {
            Hidden(logger, "hunter2", new InvalidOperationException("because of pa55"));
        }


        var line = await log.Lines.AtAsync(0, "a line");
        Assert.Equal(("area", LogLevel.Trace, 9999, "a message"), (line.Category, line.Level, line.Id.Id, line.Message));
        Assert.Equal(["a message"], log.Of(9999));
        Assert.All(["hunter2", "pa55", "k3y"], hidden => Assert.Contains(hidden, log.Text, StringComparison.Ordinal));
    }

#pragma warning disable SYSLIB1015 // a value that no sink prints in its message is what this test is about
    [LoggerMessage(9999, LogLevel.Trace, "a message")]
    private static partial void Hidden(ILogger logger, string secret, Exception exception);
#pragma warning restore SYSLIB1015
}
