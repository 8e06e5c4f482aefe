using System.Buffers;
using System.Text;
using NotifyGateway.Core;
using NotifyGateway.Core.Configuration;
using NotifyGateway.Core.Formatting;
using Xunit;

namespace NotifyGateway.Tests.Formatting;

/// <summary>The age that a late delivery begins with, on every wire.</summary>
public sealed class LateTextTests
{
    private static readonly TimeSpan After = TimeSpan.FromMinutes(10);

    [Theory]
    [InlineData("00:10:00", "")]
    [InlineData("-01:00:00", "")]
    [InlineData("00:10:00.001", "[10m late] ")]
    [InlineData("00:59:59", "[59m late] ")]
    [InlineData("02:59:00", "[2h late] ")]
    [InlineData("1.23:59:00", "[47h late] ")]
    [InlineData("2.00:00:00", "[2d late] ")]
    [InlineData("400.00:00:00", "[400d late] ")]
    public void Age_IsWhole_AndNeverMoreThanItIs(string age, string lead) => Assert.Equal(lead, LateText.Lead(TimeSpan.Parse(age, null), After));

    [Fact]
    public void WithoutALimit_NothingIsLate()
    {
        Assert.Equal("", LateText.Lead(TimeSpan.FromDays(9), null));
        Assert.Equal("[5s late] ", LateText.Lead(TimeSpan.FromSeconds(5.9), TimeSpan.FromSeconds(1)));
    }

    [Fact]
    public void OnIrc_ItStandsInTheFirstLine_WhichStillFits()
    {
        var output = new ArrayBufferWriter<byte>();
        var text = string.Join(' ', Enumerable.Repeat("word", 200));
        var lines = IrcLines.Write(output, Said(text), "#ops", new IrcLineLimits("PRIVMSG", 30, 512, 10, true, null) { Lead = "[2h late] " });

        var written = Encoding.UTF8.GetString(output.WrittenSpan).Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal((lines, 3), (written.Length, lines));
        Assert.StartsWith("PRIVMSG #ops :[2h late] word word", written[0], StringComparison.Ordinal);
        Assert.All(written, l => Assert.InRange(Encoding.UTF8.GetByteCount(l) + 2 + 30, 1, 512));
        Assert.Equal(text, string.Join(' ', written.Select(l => l["PRIVMSG #ops :".Length..])).Replace("[2h late] ", "", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("disk full", "[2h late] disk full")]
    [InlineData("\n\ndisk full", "[2h late] disk full")]
    [InlineData("> quoted\nx", "[2h late]\n> quoted\nx")]
    [InlineData("```\ncode\n```", "[2h late]\n```\ncode\n```")]
    public void OnXmpp_ItStandsFirst_AndAboveABlock(string text, string body) =>
        Assert.Equal([body], XmppText.Pieces(Said(text), 10_000, 5, null, "[2h late] "));

    [Theory]
    [InlineData("")]
    [InlineData(" \n ")]
    public void WhatSaysNothing_StaysSilent(string text) => Assert.Empty(XmppText.Pieces(Said(text), 10_000, 5, null, "[2h late] "));

    [Fact]
    public void AProgram_GetsItInTheTitle_OrElseInTheText_AndNotInJson()
    {
        var titled = new ProgramText(Said("text") with { Title = "title" }, "[2h late] ");
        Assert.Equal(("[2h late] title", "text"), (titled.Argument("{{title}}"), titled.Argument("{{text}}")));
        Assert.Equal("[2h late] title\ntext", Encoding.UTF8.GetString(titled.Input(ProgramInput.Text, titleIsElsewhere: false)));
        Assert.Equal("text", Encoding.UTF8.GetString(titled.Input(ProgramInput.Text, titleIsElsewhere: true)));
        var untitled = new ProgramText(Said("text"), "[2h late] ");
        Assert.Equal(("", "[2h late] text"), (untitled.Argument("{{title}}"), untitled.Argument("{{text}}")));
        Assert.DoesNotContain("late", Encoding.UTF8.GetString(untitled.Input(ProgramInput.Json, titleIsElsewhere: false)), StringComparison.Ordinal);
    }

    private static Notification Said(string text) => new()
    {
        Id = Guid.Empty,
        Client = "ci",
        Input = "test",
        Text = text,
        AcceptedAt = DateTimeOffset.UnixEpoch,
        ExpiresAt = DateTimeOffset.UnixEpoch,
    };
}
