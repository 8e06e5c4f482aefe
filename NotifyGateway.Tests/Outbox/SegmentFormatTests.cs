using NotifyGateway.Core;
using NotifyGateway.Core.Outbox.Sqlite;
using Xunit;

namespace NotifyGateway.Tests.Outbox;

/// <summary>What earlier versions have written is read.</summary>
public sealed class SegmentFormatTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Format_IsRead(byte version)
    {
        var segment = Written(null);
        segment[0] = version;
        var reader = new SegmentReader(segment);
        Assert.True(reader.Next());
        Assert.Equal(("text", null), (reader.ReadNotification().Text, reader.ReadNotification().Trace));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    public void UnknownFormat_IsRefused(byte version)
    {
        var segment = Written(null);
        segment[0] = version;
        Assert.Throws<InvalidDataException>(() => new SegmentReader(segment).Count);
    }

    [Fact]
    public void Message_WithoutATrace_IsNotLonger() => Assert.Equal(Written(null).Length + 1 + "00-0".Length, Written("00-0").Length);

    private static byte[] Written(string? trace)
    {
        var writer = new SegmentWriter();
        var notification = new Notification
        {
            Id = Guid.Empty,
            Client = "ci",
            Input = "http",
            Text = "text",
            Trace = trace,
            AcceptedAt = DateTimeOffset.UnixEpoch,
            ExpiresAt = DateTimeOffset.UnixEpoch,
        };
        writer.Add(notification, [new Destination(new SessionKey("s"), "l", "a", "n")], []);
        return writer.Finish().ToArray();
    }
}
