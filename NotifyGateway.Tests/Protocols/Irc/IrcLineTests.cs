using System.Buffers;
using System.Text;
using NotifyGateway.Core.Protocols.Irc;
using NotifyGateway.Tests.Support;
using Xunit;

namespace NotifyGateway.Tests.Protocols.Irc;

public sealed class IrcLineTests
{
    /// <summary>Verb, parameters, the lines of which one must be written. A client sends neither source nor tags: they are cut from the public lines.</summary>
    public static TheoryData<string, string[], string[]> Joined
    {
        get
        {
            var data = new TheoryData<string, string[], string[]>
            {
                { "AWAY", [], ["AWAY"] },
                { "JOIN", ["#a", "key"], ["JOIN #a key"] },
                { "USER", ["u", "0", "*", ""], ["USER u 0 * :"] },
                { "PASS", [":x"], ["PASS ::x"] },
                { "PASS", ["x:"], ["PASS x:"] },
                { "QUIT", [" "], ["QUIT : "] },
                { "NICK", ["ü漢"], ["NICK ü漢"] },
            };
            foreach (var test in PublicVectors.Read("msg-join.yaml"))
            {
                var atoms = test.Children["atoms"];
                string[] lines = [.. test.List("matches").Select(Own).Distinct(StringComparer.Ordinal)];
                data.Add(atoms.Text("verb"), atoms.List("params"), lines);
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Joined))]
    public void Joins_Parameters(string verb, string[] parameters, string[] lines) => Assert.Contains(Write(verb, parameters), lines, StringComparer.Ordinal);

    [Theory]
    [InlineData("a\rb")]
    [InlineData("a\nQUIT")]
    [InlineData("\0")]
    public void Refuses_WhatWouldEndTheLine(string parameter)
    {
        var output = new ArrayBufferWriter<byte>();

        Assert.Throws<ArgumentException>(() => IrcLine.Write(output, "PRIVMSG", "#a", parameter));
        Assert.Throws<ArgumentException>(() => IrcLine.Write(output, "PRIVMSG", parameter, "x"));
        Assert.Throws<ArgumentException>(() => IrcLine.WriteRaw(output, parameter));
        Assert.Equal(0, output.WrittenCount);
    }

    [Theory]
    [InlineData("")]
    [InlineData("a b")]
    [InlineData(":a")]
    public void Refuses_MiddleParameterThatIsNoWord(string parameter)
    {
        var output = new ArrayBufferWriter<byte>();

        Assert.Throws<ArgumentException>(() => IrcLine.Write(output, "JOIN", parameter, "key"));
        Assert.Equal(0, output.WrittenCount);
        Assert.False(IrcLine.IsWord(parameter));
    }

    [Theory]
    [InlineData("#a", true)]
    [InlineData("a:b", true)]
    [InlineData("ü", true)]
    [InlineData("a\r", false)]
    [InlineData("a\n", false)]
    [InlineData("a\0", false)]
    public void Knows_Word(string name, bool isWord) => Assert.Equal(isWord, IrcLine.IsWord(name));

    [Fact]
    public void Writes_RawLineAsItIs()
    {
        var output = new ArrayBufferWriter<byte>();

        IrcLine.WriteRaw(output, "MODE bot +B :x ");

        Assert.Equal("MODE bot +B :x \r\n", Encoding.UTF8.GetString(output.WrittenSpan));
    }

    [Fact]
    public void Writes_ReplacementForLoneSurrogate() => Assert.Equal("NICK \uFFFD", Write("NICK", ["\uD800"]));

    [Fact]
    public void Echoes_BytesThatAreNoUtf8_AsTheyCame()
    {
        var output = new ArrayBufferWriter<byte>();

        IrcLine.WriteEcho(output, "PONG"u8, [(byte)':', 0xFC, 0, (byte)'\r', 0xFF]);

        Assert.Equal([.. "PONG :"u8, 0xFC, 0xFF, (byte)'\r', (byte)'\n'], output.WrittenSpan.ToArray());
    }

    [Fact]
    public void Echoes_NoMoreThanALine()
    {
        var output = new ArrayBufferWriter<byte>();

        IrcLine.WriteEcho(output, "PONG"u8, Enumerable.Repeat((byte)'x', 8000).ToArray());

        Assert.Equal("PONG " + new string('x', 505) + "\r\n", Encoding.UTF8.GetString(output.WrittenSpan));
        Assert.Equal(512, output.WrittenCount);
    }

    private static string Write(string verb, string[] parameters)
    {
        var output = new ArrayBufferWriter<byte>();
        IrcLine.Write(output, verb, parameters);
        var line = Encoding.UTF8.GetString(output.WrittenSpan);
        Assert.EndsWith("\r\n", line, StringComparison.Ordinal);
        return line[..^2];
    }

    private static string Own(string line)
    {
        foreach (var mark in "@:")
        {
            line = line[0] == mark ? line[(line.IndexOf(' ', StringComparison.Ordinal) + 1)..] : line;
        }

        return line;
    }
}
