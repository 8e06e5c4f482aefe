using System.Buffers;
using System.Text;
using FsCheck;
using FsCheck.Fluent;
using NotifyGateway.Api.Listeners;
using NotifyGateway.Tests.Support;
using Xunit;

namespace NotifyGateway.Tests.Listeners;

public sealed class LineFramerTests
{
    [Theory]
    [InlineData("a\nb\r\nc", "a|b|c")]
    [InlineData("\n\r\n\n", "||")]
    [InlineData("a\rb\n", "a\rb")]
    [InlineData("a\r\r\n", "a\r")]
    [InlineData("a\r", "a")]
    [InlineData("", "")]
    [InlineData("12345678\n12345678\r\n123456789\n1\n", "12345678|12345678|!|1")]
    [InlineData("12345678", "12345678")]
    [InlineData("12345678\r", "12345678")]
    [InlineData("123456789", "!")]
    [InlineData("12345678901234567890123\n1\n", "!|1")]
    public void Cuts_Lines(string input, string lines)
    {
        var bytes = Encoding.ASCII.GetBytes(input);
        Assert.Equal(lines, string.Join('|', Cut(8, [bytes])));
        Assert.Equal(lines, string.Join('|', Cut(8, [.. bytes.Select(b => new[] { b })])));
    }

    [Fact]
    public void Lines_AreTheSame_WhereverTheStreamIsSplit() =>
        Prop.ForAll(
            Gen.Elements("\n"u8.ToArray(), "\r\n"u8.ToArray(), "\r"u8.ToArray(), "a"u8.ToArray(), "\0"u8.ToArray(), "bcdefg"u8.ToArray()).ListOf().ToArbitrary(),
            ArbMap.Default.ArbFor<PositiveInt[]>(),
            (pieces, cuts) =>
            {
                var whole = pieces.SelectMany(p => p).ToArray();
                var parts = new List<byte[]>();
                var rest = whole.AsSpan();
                foreach (var cut in cuts)
                {
                    var size = Math.Min(cut.Get, rest.Length);
                    parts.Add(rest[..size].ToArray());
                    rest = rest[size..];
                }

                parts.Add(rest.ToArray());
                return Cut(10, [whole]).SequenceEqual(Cut(10, parts), StringComparer.Ordinal);
            }).Holds(1000);

    [Fact]
    public void Holds_NoMoreThanOneLine_OfAStreamWithoutEnd()
    {
        var framer = new LineFramer(100);
        var buffer = new ReadOnlySequence<byte>(new byte[102]);
        Assert.Equal(Framed.TooLong, framer.Next(ref buffer, out _));
        Assert.True(buffer.IsEmpty);
        for (var i = 0; i < 1000; i++)
        {
            buffer = new ReadOnlySequence<byte>(new byte[4096]);
            Assert.Equal(Framed.None, framer.Next(ref buffer, out _));
            Assert.True(buffer.IsEmpty);
        }

        buffer = new ReadOnlySequence<byte>("end\nnext\n"u8.ToArray());
        Assert.Equal(Framed.Line, framer.Next(ref buffer, out var line));
        Assert.Equal("next"u8.ToArray(), line.ToArray());
    }

    /// <summary>The lines of a stream that comes in parts; a part is a segment until it is consumed. <c>!</c>: too long.</summary>
    private static List<string> Cut(int maxBytes, List<byte[]> parts)
    {
        var framer = new LineFramer(maxBytes);
        var lines = new List<string>();
        var kept = new List<byte[]>();
        for (var i = 0; i <= parts.Count; i++)
        {
            if (i < parts.Count)
            {
                kept.Add(parts[i]);
            }

            var buffer = Segment.Join(kept);
            while (true)
            {
                var framed = framer.Next(ref buffer, out var line);
                framed = framed == Framed.None && i == parts.Count ? framer.Last(ref buffer, out line) : framed;
                if (framed == Framed.None)
                {
                    break;
                }

                lines.Add(framed == Framed.TooLong ? "!" : Encoding.Latin1.GetString(line.ToArray()));
            }

            kept = [.. buffer.ToArray().Chunk(3)];
        }

        return lines;
    }

    private sealed class Segment : ReadOnlySequenceSegment<byte>
    {
        public static ReadOnlySequence<byte> Join(List<byte[]> parts)
        {
            Segment first = new();
            var last = first;
            foreach (var part in parts)
            {
                var next = new Segment { Memory = part, RunningIndex = last.RunningIndex + last.Memory.Length };
                last.Next = next;
                last = next;
            }

            return new ReadOnlySequence<byte>(first, 0, last, last.Memory.Length);
        }
    }
}
