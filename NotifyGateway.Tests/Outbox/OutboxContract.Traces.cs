using NotifyGateway.Core;
using NotifyGateway.Tests.Support;
using Xunit;

namespace NotifyGateway.Tests.Outbox;

/// <content>The trace that a message belongs to.</content>
public abstract partial class OutboxContract
{
    private const string Trace = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

    [Fact]
    public async Task Trace_IsKept_AcrossARestartAndARetry()
    {
        var traced = Entry("traced", To("#a"));
        traced = traced with { Notification = traced.Notification with { Trace = Trace, Title = "title", Severity = Severity.Error } };
        var id = await AppendAsync(traced);
        await AppendAsync("plain", To("#a"));
        await ReopenAsync();
        await using (var owner = await OutboxOwner.OpenAsync(Outbox, Libera))
        {
            var delivery = await owner.TakeAsync("#a");
            Assert.Equal((Trace, "title", "traced", Severity.Error), (delivery.Notification.Trace, delivery.Notification.Title, delivery.Notification.Text, delivery.Notification.Severity));
            await SettleAsync(owner, delivery, Outcome.Failed("no"));
            var plain = await owner.TakeAsync("#a");
            Assert.Equal((null, "plain"), (plain.Notification.Trace, plain.Notification.Text));
            await SettleAsync(owner, plain, Outcome.Delivered(Proof.Pong));
        }

        Assert.Equal([Trace, null], (await Ends.WaitAsync(2)).Select(s => s.Trace));
        await Outbox.RetryAsync(id, TimeSpan.FromHours(1), CancellationToken.None);
        await ReopenAsync();
        await using var again = await OutboxOwner.OpenAsync(Outbox, Libera);
        var retried = await again.TakeAsync("#a");
        Assert.Equal((Trace, "traced"), (retried.Notification.Trace, retried.Notification.Text));
        await SettleAsync(again, retried, Outcome.Delivered(Proof.Pong));
        Assert.Equal(Trace, (await Ends.WaitAsync(1))[0].Trace);
    }
}
