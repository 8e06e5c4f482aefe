using System.Buffers;
using System.Text;
using NotifyGateway.Core;
using NotifyGateway.Core.Formatting;
using Xunit;

namespace NotifyGateway.Tests.Formatting;

public sealed class SeverityMarkTests
{
    private static readonly IrcLineLimits Limits = new("PRIVMSG", 30, 512, 10, Colors: true, PublicUrl: null);

    [Theory]
    [InlineData(Severity.Error, "\u000304\u0002Disk\u000F|full")]
    [InlineData(Severity.Warning, "\u000307\u0002Disk\u000F|full")]
    [InlineData(Severity.Success, "\u000303\u0002Disk\u000F|full")]
    [InlineData(Severity.Info, "\u000310\u0002Disk\u000F|full")]
    public void Title_IsBold_InTheSeveritysColour(Severity severity, string lines) =>
        Assert.Equal(lines, Write(IrcLinesTests.Notify("full") with { Title = "Disk", Severity = severity }, Limits));

    [Theory]
    [InlineData(Severity.Error, "\u000304\u0002ERROR\u000F disk full|on db1")]
    [InlineData(Severity.Warning, "\u000307\u0002WARNING\u000F disk full|on db1")]
    [InlineData(Severity.Success, "\u000303\u0002SUCCESS\u000F disk full|on db1")]
    [InlineData(Severity.Info, "\u000310\u0002INFO\u000F disk full|on db1")]
    public void Text_WithoutATitle_BeginsWithTheWord(Severity severity, string lines) =>
        Assert.Equal(lines, Write(IrcLinesTests.Notify("disk full\non db1") with { Severity = severity }, Limits));

    [Theory]
    [InlineData("Disk", "[error] Disk|full")]
    [InlineData(null, "[error] full")]
    [InlineData("  ", "[error] full")]
    public void WithoutColours_TheWordStandsInBrackets(string? title, string lines) =>
        Assert.Equal(lines, Write(IrcLinesTests.Notify("full") with { Title = title, Severity = Severity.Error }, Limits with { Colors = false }));

    [Fact]
    public void EachLineOfATitle_IsMarked() =>
        Assert.Equal("\u000304\u0002a\u000F|\u000304\u0002b\u000F|c", Write(IrcLinesTests.Notify("c") with { Title = "a\nb", Severity = Severity.Error }, Limits));

    [Fact]
    public void NothingToSay_IsNotMarked() => Assert.Equal("", Write(IrcLinesTests.Notify(" ") with { Severity = Severity.Error }, Limits));

    [Theory]
    [InlineData(null, "text")]
    [InlineData("Title", "Title|text")]
    public void WithoutSeverity_NothingIsAdded(string? title, string lines) => Assert.Equal(lines, Write(IrcLinesTests.Notify("text") with { Title = title }, Limits));

    [Theory]
    [InlineData("plain", null, null, false)]
    [InlineData("a\u0002b", null, null, true)]
    [InlineData("a\u000304b", null, null, true)]
    [InlineData("plain", "a\u001Fb", null, true)]
    [InlineData("plain", null, Severity.Info, true)]
    [InlineData("a\u0001\u0007", null, null, false)]
    public void Knows_WhatIsFormatted(string text, string? title, Severity? severity, bool formatted) =>
        Assert.Equal(formatted, IrcText.IsFormatted(IrcLinesTests.Notify(text) with { Title = title, Severity = severity }));

    private static string Write(Notification notification, IrcLineLimits limits)
    {
        var output = new ArrayBufferWriter<byte>();
        IrcLines.Write(output, notification, "#a", limits);
        return string.Join('|', Encoding.UTF8.GetString(output.WrittenSpan).Split("\r\n")[..^1].Select(l => l["PRIVMSG #a :".Length..]));
    }
}
