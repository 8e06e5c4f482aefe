using System.Text;
using FsCheck;
using FsCheck.Fluent;
using NotifyGateway.Core.Protocols.Irc;
using NotifyGateway.Tests.Support;
using Xunit;

namespace NotifyGateway.Tests.Protocols.Irc;

public sealed class IrcFramerTests
{
    [Theory]
    [InlineData("a\r\nb\r\n", "a|b")]
    [InlineData("a\nb\n", "a|b")]
    [InlineData("a\n\r\n\r\r\nb\r\r\n", "a|b")]
    [InlineData("a\rb\r\n", "a\rb")]
    [InlineData("a\0b\n", "a\0b")]
    [InlineData(" a \n", " a ")]
    [InlineData("a\r\nb", "a")]
    [InlineData("\n\n\n", "")]
    [InlineData("", "")]
    public void Cuts_Lines(string stream, string lines) => Assert.Equal(lines, string.Join('|', Feed(new IrcFramer(), Encoding.UTF8.GetBytes(stream))));

    [Fact]
    public void Joins_PiecesOfALine()
    {
        var framer = new IrcFramer();

        Assert.Empty(Feed(framer, "PRIV"u8.ToArray()));
        Assert.Empty(Feed(framer, "MSG #a :x\r"u8.ToArray()));
        Assert.Equal(["PRIVMSG #a :x", "next"], Feed(framer, "\nnext\r\n"u8.ToArray()));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(100)]
    [InlineData(100_000)]
    public void Skips_LineThatIsTooLong_AndCountsIt(int piece)
    {
        var framer = new IrcFramer();
        var longest = new string('x', IrcFramer.MaxLineLength);
        var stream = Encoding.UTF8.GetBytes($"before\n{longest}y\n{longest}\n{longest}{longest}{longest}\r\nafter\r\n");

        var lines = stream.Chunk(piece).SelectMany(bytes => Feed(framer, bytes)).ToList();

        Assert.Equal(["before", longest, "after"], lines);
        Assert.Equal(2, framer.Overlong);
    }

    [Fact]
    public void Buffers_NoMoreThanTheCap()
    {
        var framer = new IrcFramer();
        var piece = new byte[1000];
        piece.AsSpan().Fill((byte)'x');
        Feed(framer, piece);
        var before = GC.GetAllocatedBytesForCurrentThread();

        for (var i = 0; i < 10_000; i++)
        {
            framer.Feed(piece, static _ => Assert.Fail("no line has ended"));
        }

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 8 * IrcFramer.MaxLineLength);
        Assert.Equal(1, framer.Overlong);
    }

    [Fact]
    public void Lines_AreTheSame_HoweverTheBytesAreCut()
    {
        var bytes = Gen.Frequency(
            (6, Gen.Choose(0, 255).Select(b => (byte[])[(byte)b])),
            (2, Gen.Elements("\n"u8.ToArray(), "\r\n"u8.ToArray(), "\r"u8.ToArray())),
            (1, Gen.Choose(1, 9000).Select(n => Enumerable.Repeat((byte)'x', n).ToArray()))).ListOf().Select(parts => parts.SelectMany(p => p).ToArray());
        var cuts = Gen.Choose(1, 3000).ListOf();
        Prop.ForAll(bytes.ToArbitrary(), cuts.ToArbitrary(), (stream, sizes) =>
        {
            var whole = new IrcFramer();
            var cut = new IrcFramer();
            var expected = Feed(whole, stream);
            var actual = new List<string>();
            var at = 0;
            foreach (var size in sizes.Append(int.MaxValue))
            {
                var end = (int)Math.Min(stream.Length, (long)at + size);
                actual.AddRange(Feed(cut, stream[at..end]));
                at = end;
            }

            return expected.SequenceEqual(actual, StringComparer.Ordinal)
                && whole.Overlong == cut.Overlong
                && expected.TrueForAll(line => line.Length is > 0 and <= IrcFramer.MaxLineLength && !line.Contains('\n', StringComparison.Ordinal));
        }).Holds(500);
    }

    [Fact]
    public void Parsing_NeverThrows()
    {
        var token = Gen.Elements("@", ":", " ", "  ", ";", "=", "\\", "a", "JOIN", "005", "#c", "!", "\0", "\r", "\u00FF", "CHANLIMIT=#:", "+");
        var bytes = Gen.OneOf(token.ListOf().Select(t => Encoding.Latin1.GetBytes(string.Concat(t))), Gen.Choose(0, 255).Select(b => (byte)b).ListOf().Select(b => b.ToArray()));
        Prop.ForAll(bytes.ToArbitrary(), line =>
        {
            if (!IrcMessage.TryParse(line, out var message))
            {
                return true;
            }

            var texts = message.Text(-1).Length;
            for (var i = 0; i < 16; i++)
            {
                texts += message.Text(i).Length;
            }

            IrcSource.Parse(message.Source);
            IrcTags.Find(message.Tags, "a"u8);
            new Isupport().Read(message);
            return message.Count is >= 0 and <= 15 && !message.Command.IsEmpty && !message.Command.Contains((byte)' ') && texts <= line.Length && message.Numeric is >= 0 and <= 999;
        }).Holds(5000);
    }

    private static List<string> Feed(IrcFramer framer, byte[] bytes)
    {
        var lines = new List<string>();
        framer.Feed(bytes, line => lines.Add(Encoding.Latin1.GetString(line)));
        return lines;
    }
}
