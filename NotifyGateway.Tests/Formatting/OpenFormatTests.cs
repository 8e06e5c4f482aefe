using System.Buffers;
using System.Text;
using FsCheck;
using FsCheck.Fluent;
using NotifyGateway.Core.Formatting;
using NotifyGateway.Tests.Support;
using Xunit;

namespace NotifyGateway.Tests.Formatting;

public sealed class OpenFormatTests
{
    private static readonly IrcLineLimits Limits = new("PRIVMSG", 30, 512, 1000, Colors: true, PublicUrl: null);

    [Theory]
    [InlineData("plain", "x", "")]
    [InlineData("\u0002bold", "x", "\u0002")]
    [InlineData("\u0002bold\u0002", "x", "")]
    [InlineData("\u0002\u001D\u001Fall\u000F", "x", "")]
    [InlineData("\u001Fb\u0002c", "x", "\u0002\u001F")]
    [InlineData("\u00034red", "x", "\u000304")]
    [InlineData("\u00034,1red", "1x", "\u000304,01")]
    [InlineData("\u000304red\u0003 end", "x", "")]
    [InlineData("\u000304red\u000303green", "x", "\u000303")]
    [InlineData("\u000304red", ",1x", "\u000304\u0002\u0002")]
    [InlineData("\u000304\u0002red", ",1x", "\u000304\u0002")]
    [InlineData("\u0004FF00AApink", "x", "\u0004FF00AA")]
    [InlineData("\u0004FF00AApink\u0004", "x", "")]
    public void Begins_WhatIsOn(string piece, string next, string codes)
    {
        var format = new OpenFormat();
        format.Read(piece);
        Assert.Equal(codes, format.Again(next));
    }

    [Fact]
    public void LongBoldRedText_StaysSo() => Assert.All(
        Pieces($"\u0002\u000304{string.Join(' ', Enumerable.Repeat("word", 400))}", Limits).Skip(1),
        piece => Assert.StartsWith("\u000304\u0002word", piece, StringComparison.Ordinal));

    [Fact]
    public void AnotherLine_BeginsPlain() => Assert.Equal(["\u0002bold", "plain"], Pieces("\u0002bold\nplain", Limits));

    [Fact]
    public void Each_Character_HasTheFormatThatItsSenderGaveIt() =>
        Prop.ForAll(Texts.Any, Gen.Choose(110, 400).ToArbitrary(), (text, length) =>
        {
            var meant = string.Concat(IrcText.Lines(IrcLinesTests.Notify(text), colors: true).Select(Shown));
            var shown = string.Concat(Pieces(text, Limits with { LineLength = length }).Select(Shown));
            return string.Equals(meant, shown, StringComparison.Ordinal);
        }).Holds(1000);

    /// <summary>Each visible character with the format that is on, as a client reads it.</summary>
    private static string Shown(string line)
    {
        var shown = new StringBuilder();
        var format = new OpenFormat();
        for (var at = 0; at < line.Length;)
        {
            var code = IrcFormat.CodeLength(line.AsSpan(at));
            if (code > 0)
            {
                format.Read(line.AsSpan(at, code));
                at += code;
            }
            else
            {
                shown.Append(line[at] == ' ' ? "" : $"{format.Again("")}{line[at]}");
                at++;
            }
        }

        return shown.ToString();
    }

    private static List<string> Pieces(string text, IrcLineLimits limits)
    {
        var output = new ArrayBufferWriter<byte>();
        IrcLines.Write(output, IrcLinesTests.Notify(text), "#a", limits);
        return [.. Encoding.UTF8.GetString(output.WrittenSpan).Split("\r\n")[..^1].Select(l => l["PRIVMSG #a :".Length..])];
    }
}
