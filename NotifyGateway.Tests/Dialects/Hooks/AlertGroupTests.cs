using System.Diagnostics;
using NotifyGateway.Core;
using NotifyGateway.Core.Dialects;
using NotifyGateway.Core.Dialects.Hooks;
using Xunit;

namespace NotifyGateway.Tests.Dialects.Hooks;

public sealed class AlertGroupTests
{
    // As many as a body may have values: what an outage of a whole site looks like.
    [Fact]
    public void Storm_OfThousandsOfAlerts_IsReadAtOnce()
    {
        var labels = string.Concat(Enumerable.Range(0, 14).Select(i => $"\"common{i}\":\"x\","));
        var alerts = string.Join(',', Enumerable.Range(0, 5000).Select(i => $$$"""{"status":"firing","labels":{{{{labels}}}"pod":"p{{{i}}}"}}"""));
        var payload = Payload.ParseJson(System.Text.Encoding.UTF8.GetBytes($$"""{"alerts":[{{alerts}}]}"""), out _)!;

        // The quickest of three: what else the machine does counts for none of them.
        var quickest = TimeSpan.MaxValue;
        for (var run = 0; run < 3; run++)
        {
            var watch = Stopwatch.StartNew();
            var model = new AlertGroup(payload, Severity.Warning).Model();
            Assert.Equal("pod=p4999", model.ListAt("alerts")[4999].TextAt("where"));
            quickest = watch.Elapsed < quickest ? watch.Elapsed : quickest;
        }

        Assert.InRange(quickest, TimeSpan.Zero, TimeSpan.FromSeconds(2));
    }
}
