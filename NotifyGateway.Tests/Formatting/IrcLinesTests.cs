using System.Buffers;
using System.Text;
using FsCheck;
using FsCheck.Fluent;
using NotifyGateway.Core;
using NotifyGateway.Core.Formatting;
using NotifyGateway.Tests.Support;
using Xunit;

namespace NotifyGateway.Tests.Formatting;

public sealed class IrcLinesTests
{
    private const string Prefix = ":alertbot!~alertbot@host.example.org ";
    private const string Id = "01981f5e-0000-7000-8000-000000000001";

    private static readonly SearchValues<char> Forbidden = SearchValues.Create("\r\n\0\x01\u0085\u2028");

    private static readonly IrcLineLimits Limits = new("PRIVMSG", Prefix.Length, 512, 10, Colors: true, PublicUrl: null);

    [Fact]
    public void Writes_ShortTextAsOneLine()
    {
        var (count, lines) = Write(Notify("disk full on db1"), Limits);

        Assert.Equal(1, count);
        Assert.Equal("PRIVMSG #ops :disk full on db1\r\n", lines);
    }

    [Theory]
    [InlineData("")]
    [InlineData("   ")]
    [InlineData("\r\n\n")]
    [InlineData("\0\x01")]
    [InlineData("\u00A0\u3000")]
    public void Writes_NothingForNoText(string text) => Assert.Equal((0, ""), Write(Notify(text), Limits));

    [Fact]
    public void Writes_TitleAndEachLine() =>
        Assert.Equal(
            (3, "NOTICE #ops :Deploy\r\nNOTICE #ops :started\r\nNOTICE #ops :done\r\n"),
            Write(Notify("started\ndone") with { Title = "Deploy" }, Limits with { Command = "NOTICE" }));

    [Theory]
    [InlineData("x\r\nQUIT :bye", "PRIVMSG #ops :x\r\nPRIVMSG #ops :QUIT :bye\r\n")]
    [InlineData("x\0y\rJOIN #z", "PRIVMSG #ops :xy\r\nPRIVMSG #ops :JOIN #z\r\n")]
    [InlineData(": leading colon", "PRIVMSG #ops :: leading colon\r\n")]
    public void Never_LetsTextBecomeACommand(string text, string lines) => Assert.Equal(lines, Write(Notify(text), Limits).Lines);

    [Fact]
    public void Replaces_LoneSurrogate() => Assert.Equal("PRIVMSG #ops :ünïcödé \uFFFD\r\n", Write(Notify("ünïcödé \uD800"), Limits).Lines);

    [Fact]
    public void Fills_TheRelayedLineToTheByte()
    {
        const int Room = 512 - 37 - 17;
        Assert.Equal(37, Prefix.Length);
        Assert.Equal(17, "PRIVMSG #ops :\r\n".Length + 1);

        Assert.Equal(1, Write(Notify(new string('x', Room + 1)), Limits).Count);
        var (count, lines) = Write(Notify(new string('x', Room + 2)), Limits);

        Assert.Equal(2, count);
        Assert.Equal(512, Encoding.UTF8.GetByteCount(Prefix + lines.Split('\n')[0]) + 1);
    }

    [Theory]
    [InlineData(null, "… 3 more lines")]
    [InlineData("https://notify.example.org", "… 3 more lines: https://notify.example.org/m/" + Id)]
    [InlineData("https://example.org/notify/", "… 3 more lines: https://example.org/notify/m/" + Id)]
    public void Ends_WithTheCountBeyondMaxLines(string? url, string last)
    {
        var (count, lines) = Write(Notify("1\n2\n3\n4\n5"), Limits with { MaxLines = 3, PublicUrl = url is null ? null : new Uri(url) });

        Assert.Equal(3, count);
        Assert.Equal($"PRIVMSG #ops :1\r\nPRIVMSG #ops :2\r\nPRIVMSG #ops :{last}\r\n", lines);
    }

    [Fact]
    public void Keeps_AllLines_WhereTheyAreMaxLines() =>
        Assert.Equal((3, "PRIVMSG #ops :1\r\nPRIVMSG #ops :2\r\nPRIVMSG #ops :3\r\n"), Write(Notify("1\n2\n3"), Limits with { MaxLines = 3 }));

    [Fact]
    public void Counts_PiecesOfLongLinesToo()
    {
        var (count, lines) = Write(Notify($"{new string('x', 1000)}\n{new string('y', 1000)}"), Limits with { MaxLines = 2 });

        Assert.Equal(2, count);
        Assert.EndsWith("PRIVMSG #ops :… 5 more lines\r\n", lines, StringComparison.Ordinal);
    }

    [Fact]
    public void Leaves_OutALinkThatDoesNotFit()
    {
        var limits = Limits with { MaxLines = 1, LineLength = 100, PublicUrl = new Uri("https://notify.example.org") };

        Assert.Equal((1, "PRIVMSG #ops :… 2 more lines\r\n"), Write(Notify("1\n2"), limits));
    }

    [Theory]
    [InlineData("")]
    [InlineData("#a b")]
    [InlineData("#a\r\nQUIT")]
    [InlineData(":#a")]
    public void Refuses_TargetThatIsNoWord(string target) =>
        Assert.Throws<ArgumentException>(() => IrcLines.Write(new ArrayBufferWriter<byte>(), Notify("x"), target, Limits));

    [Fact]
    public void NoLine_IsLongerThanTheServerRelays() =>
        Prop.ForAll(Texts.Any, Gen.Choose(1, 12).ToArbitrary(), Gen.Choose(80, 600).ToArbitrary(), (text, maxLines, length) =>
        {
            var limits = Limits with { MaxLines = maxLines, LineLength = length, Colors = text.Length % 2 == 0, PublicUrl = new Uri("https://notify.example.org") };
            var (count, wire) = Write(Notify(text) with { Title = text.Length % 3 == 0 ? text : null }, limits);
            var lines = wire.Split("\r\n")[..^1];
            return count == lines.Length && count <= maxLines && lines.All(line =>
                Encoding.UTF8.GetByteCount(Prefix + line) + 2 <= length
                && !line.AsSpan().ContainsAny(Forbidden)
                && line.StartsWith("PRIVMSG #ops :", StringComparison.Ordinal)
                && line.AsSpan("PRIVMSG #ops :".Length).ContainsAnyExcept(' '));
        }).Holds(1000);

    [Fact]
    public void Nothing_IsLost_WithinMaxLines() =>
        Prop.ForAll(Texts.Any, text =>
        {
            var (_, wire) = Write(Notify(text), Limits with { MaxLines = 1000 });
            var expected = string.Concat(IrcText.Lines(Notify(text), colors: true));
            var actual = string.Concat(wire.Split("\r\n")[..^1].Select(line => line["PRIVMSG #ops :".Length..]));
            return string.Equals(Visible(actual), Visible(expected), StringComparison.Ordinal);
        }).Holds(1000);

    /// <summary>Without spaces, which a cut may take, and format codes, which it may repeat (<see cref="OpenFormatTests"/>).</summary>
    private static string Visible(string text)
    {
        var visible = new StringBuilder();
        for (var at = 0; at < text.Length; at++)
        {
            var code = IrcFormat.CodeLength(text.AsSpan(at));
            visible.Append(code > 0 || text[at] == ' ' ? "" : text[at]);
            at += Math.Max(code - 1, 0);
        }

        return visible.ToString();
    }

    [Fact]
    public void ShortText_TakesNoMemory()
    {
        var output = new ArrayBufferWriter<byte>(4096);
        var notification = Notify("disk full on db1 — again");
        WriteHundred();

        var before = GC.GetAllocatedBytesForCurrentThread();
        WriteHundred();

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 99);

        void WriteHundred()
        {
            for (var i = 0; i < 100; i++)
            {
                output.ResetWrittenCount();
                IrcLines.Write(output, notification, "#ops", Limits);
            }
        }
    }

    internal static Notification Notify(string text) => new()
    {
        Id = Guid.Parse(Id),
        Client = "anonymous",
        Input = "http",
        Text = text,
        AcceptedAt = DateTimeOffset.UnixEpoch,
        ExpiresAt = DateTimeOffset.UnixEpoch.AddDays(1),
    };

    private static (int Count, string Lines) Write(Notification notification, IrcLineLimits limits)
    {
        var output = new ArrayBufferWriter<byte>();
        var count = IrcLines.Write(output, notification, "#ops", limits);
        return (count, Encoding.UTF8.GetString(output.WrittenSpan));
    }
}
