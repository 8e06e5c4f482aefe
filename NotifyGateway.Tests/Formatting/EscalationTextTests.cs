using NotifyGateway.Core;
using NotifyGateway.Core.Formatting;
using Xunit;

namespace NotifyGateway.Tests.Formatting;

public sealed class EscalationTextTests
{
    private static readonly Guid Id = new("0198c1f0-6a5e-7cc1-9d3f-5b8a1c2d3e4f");
    private static readonly Uri Url = new("https://notify.example.org/base/");

    private static Concern Of(string to, DeliveryStatus status, long count, string? reason = null, string line = "disk full", string lane = "x") =>
        new(new SessionKey("libera"), lane, to, status, reason, count, Id, line);

    [Fact]
    public void OneDelivery_IsToldInOneLine()
    {
        var concern = Of("libera/#ops", DeliveryStatus.Failed, 1, "404 Cannot send to channel");
        Assert.Equal("1 message failed", EscalationText.Title([concern]));
        Assert.Equal($"libera/#ops: failed: 404 Cannot send to channel: disk full https://notify.example.org/base/m/{Id}", EscalationText.Text([concern], Url, 1000));
        Assert.Equal("libera/#ops: failed: 404 Cannot send to channel: disk full", EscalationText.Text([concern], null, 1000));
        Assert.Equal("libera/#ops: still waits", EscalationText.Text([Of("libera/#ops", DeliveryStatus.Queued, 1, line: "")], null, 1000));
    }

    [Fact]
    public void Many_AreCounted()
    {
        Concern[] concerns =
        [
            Of("libera/#ops", DeliveryStatus.Queued, 3, "connection refused"), Of("libera/#dev", DeliveryStatus.Failed, 12_345, "404 no"),
            Of("libera", DeliveryStatus.Expired, 2, lane: ""), Of("work/a@b", DeliveryStatus.Failed, 1),
        ];
        Assert.Equal("12,346 messages failed, 2 expired, 3 still wait", EscalationText.Title(concerns));
        Assert.Equal(
            """
            libera/#ops: 3 messages still wait: connection refused; the last: disk full
            libera/#dev: 12,345 messages failed: 404 no; the last: disk full
            libera (several destinations): 2 messages expired; the last: disk full
            work/a@b: failed: disk full
            """, EscalationText.Text(concerns, null, 1000));
    }

    [Theory]
    [InlineData(10_000)]
    [InlineData(300)]
    [InlineData(40)]
    [InlineData(5)]
    public void MoreThanFits_IsCountedInTheLastLine(int room)
    {
        Concern[] concerns = [.. Enumerable.Range(0, 50).Select(i => Of($"libera/#c{i}", DeliveryStatus.Failed, 2, "no"))];
        var text = EscalationText.Text(concerns, null, room);
        Assert.InRange(text.Length, 0, room);
        var lines = text.Split('\n');
        Assert.InRange(lines.Length, 1, 21);
        Assert.True(room < 40 || lines[^1] == $"… and {(50 - (lines.Length - 1)) * 2} messages failed elsewhere", lines[^1]);
    }
}
