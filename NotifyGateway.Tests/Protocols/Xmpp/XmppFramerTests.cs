using System.Text;
using FsCheck;
using FsCheck.Fluent;
using NotifyGateway.Core.Protocols.Xmpp;
using NotifyGateway.Tests.Support;
using Xunit;

namespace NotifyGateway.Tests.Protocols.Xmpp;

public sealed class XmppFramerTests
{
    private const string Header = "<stream:stream xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams' from='a.test' id='1' version='1.0'>";

    [Theory]
    [InlineData("<a/>", "<a/>")]
    [InlineData("<a></a>", "<a></a>")]
    [InlineData("<a b='c'/>", "<a b='c'/>")]
    [InlineData("<a b='/'><c/></a>", "<a b='/'><c/></a>")]
    [InlineData("<a b=\"'>\" c='\"/>'><d>x > y</d></a>", "<a b=\"'>\" c='\"/>'><d>x > y</d></a>")]
    [InlineData("<a><![CDATA[</a><b>]]]]><c/></a>", "<a><![CDATA[</a><b>]]]]><c/></a>")]
    [InlineData("<a><![CDATA[]]></a>", "<a><![CDATA[]]></a>")]
    [InlineData("<a>\n<b>é</b> </a>", "<a>\n<b>é</b> </a>")]
    [InlineData(" \r\n<a/>\t <b/>  ", "<a/>", "<b/>")]
    [InlineData("<a><a><a/></a></a><a/>", "<a><a><a/></a></a>", "<a/>")]
    public void CutsElements_WhateverThePieces(string text, params string[] elements)
    {
        string[] expected = [$"StreamOpen {Header}", .. elements.Select(e => $"Element {e}")];

        Assert.Equal(expected, Frames(Header + text, 1));
        Assert.Equal(expected, Frames(Header + text, 7));
        Assert.Equal(expected, Frames(Header + text, int.MaxValue));
    }

    [Theory]
    [InlineData("<?xml version='1.0'?>" + Header + "</stream:stream>", "StreamOpen " + Header, "StreamClose ")]
    [InlineData("<?xml version='1.0' encoding='UTF-8'?>\n " + Header + " </stream:stream >after", "StreamOpen " + Header, "StreamClose ")]
    [InlineData("<stream:stream/>", "StreamClose ")]
    public void KnowsBeginAndEnd(string text, params string[] expected)
    {
        Assert.Equal(expected, Frames(text, 1));
        Assert.Equal(expected, Frames(text, int.MaxValue));
    }

    [Theory]
    [InlineData("<!DOCTYPE x [<!ENTITY a 'b'>]>", XmppFrameFault.Restricted)]
    [InlineData("<?xml-stylesheet?>", XmppFrameFault.Restricted)]
    [InlineData("<?php ?>", XmppFrameFault.Restricted)]
    [InlineData("<!-- x -->", XmppFrameFault.Restricted)]
    [InlineData(Header + "<!-- x -->", XmppFrameFault.Restricted)]
    [InlineData(Header + "<a><!-- x --></a>", XmppFrameFault.Restricted)]
    [InlineData(Header + "<a><?x?></a>", XmppFrameFault.Restricted)]
    [InlineData(Header + "<?xml version='1.0'?>", XmppFrameFault.Restricted)]
    [InlineData("<?xml version='1.0'?><?xml version='1.0'?>", XmppFrameFault.Restricted)]
    [InlineData(Header + "<![CDATA[x]]>", XmppFrameFault.Restricted)]
    [InlineData(Header + "<a><![CDATB[x]]></a>", XmppFrameFault.Restricted)]
    [InlineData(Header + "text", XmppFrameFault.Malformed)]
    [InlineData("text", XmppFrameFault.Malformed)]
    [InlineData("HTTP/1.1 400 Bad Request\r\n", XmppFrameFault.Malformed)]
    [InlineData(Header + "<a <b/>", XmppFrameFault.Malformed)]
    [InlineData(Header + "< a/>", XmppFrameFault.Malformed)]
    [InlineData(Header + "<>", XmppFrameFault.Malformed)]
    [InlineData("</a>", XmppFrameFault.Malformed)]
    public void RefusesWhatAStreamMustNotHold(string text, XmppFrameFault fault)
    {
        foreach (var size in (int[])[1, int.MaxValue])
        {
            var framer = new XmppFramer();
            Feed(framer, text, size, (_, _) => { });

            Assert.Equal(fault, framer.Fault);
            Assert.Equal(0, framer.Buffered);
        }
    }

    [Fact]
    public void CapsLengthAndDepth()
    {
        var deep = new XmppFramer();
        Feed(deep, Header + string.Concat(Enumerable.Repeat("<a>", XmppFramer.MaxDepth - 1)), 100, (_, _) => { });
        Assert.Equal(XmppFrameFault.None, deep.Fault);
        Feed(deep, "<a>", 100, (_, _) => { });
        Assert.Equal(XmppFrameFault.TooDeep, deep.Fault);

        foreach (var begin in (string[])["<a>", "<a b='", "<a ", "<a><![CDATA["])
        {
            var longest = new XmppFramer();
            Feed(longest, Header + begin + new string('x', XmppFramer.MaxLength - begin.Length), 8192, (_, _) => { });
            Assert.Equal(XmppFrameFault.None, longest.Fault);
            Assert.InRange(longest.Buffered, 1, XmppFramer.MaxLength);
            Feed(longest, "x", 1, (_, _) => { });
            Assert.Equal(XmppFrameFault.TooLong, longest.Fault);
            Assert.Equal(0, longest.Buffered);
        }
    }

    [Fact]
    public void BeginsANewStream_InTheMiddleOfTheBytes()
    {
        var framer = new XmppFramer();
        var seen = new List<string>();

        Feed(framer, Header + "<success/>" + Header + "<a/>", int.MaxValue, (kind, frame) =>
        {
            seen.Add(kind + " " + Encoding.UTF8.GetString(frame));
            if (seen.Count == 2)
            {
                framer.Reset();
            }
        });

        Assert.Equal([$"StreamOpen {Header}", "Element <success/>", $"StreamOpen {Header}", "Element <a/>"], seen);
    }

    [Fact]
    public void RandomStreams_NeitherThrowNorBufferBeyondTheCap_WhateverThePieces() =>
        Prop.ForAll(
            Gen.Elements(Header, "<", ">", "/", "a", "<a>", "</a>", "<a/>", "<a b='c'>", "'", "\"", "=", " ", "<?xml ?>", "<!--", "<![CDATA[", "]]>", "]", "!", "?", "&lt;", "é", "\0", "</stream:stream>",
                    "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx")
                .ListOf().Select(string.Concat).ToArbitrary(),
            Gen.Choose(0, int.MaxValue).ToArbitrary(),
            (text, seed) =>
            {
                // A header that is whole half of the time, and a cap that a few elements reach.
                var bytes = Encoding.UTF8.GetBytes(seed % 2 == 0 ? Header + text : text);
                var cap = 80 + (seed % 200);
                var whole = new Listening(cap);
                whole.Feed(bytes);
                var random = new Random(seed);
                var pieces = new Listening(cap);
                for (var at = 0; at < bytes.Length;)
                {
                    var length = Math.Min(random.Next(1, 30), bytes.Length - at);
                    pieces.Feed(bytes.AsSpan(at, length));
                    at += length;
                }

                return whole.Seen.SequenceEqual(pieces.Seen, StringComparer.Ordinal) && whole.Framer.Fault == pieces.Framer.Fault && whole.Framer.Buffered == pieces.Framer.Buffered;
            }).Holds(3000);

    [Fact]
    public void ElementThatIsTooLong_IsNotHandedOn_ThoughItsEndHasComeToo()
    {
        var listening = new Listening(Header.Length);
        listening.Feed(Encoding.UTF8.GetBytes(Header + $"<a>{new string('x', Header.Length - 7)}</a><b>{new string('x', Header.Length - 6)}</b>"));

        Assert.Equal(XmppFrameFault.TooLong, listening.Framer.Fault);
        Assert.Equal(["StreamOpen", "Element"], listening.Seen.Select(s => s.Split(' ')[0]));
    }

    /// <summary>A framer whose buffer is looked at whenever something has come.</summary>
    private sealed class Listening(int cap)
    {
        public XmppFramer Framer { get; } = new(cap);

        public List<string> Seen { get; } = [];

        public void Feed(ReadOnlySpan<byte> bytes)
        {
            Framer.Feed(bytes, (kind, frame) =>
            {
                Assert.InRange(frame.Length, 0, cap);
                Seen.Add(kind + " " + Encoding.UTF8.GetString(frame));
            });
            Assert.InRange(Framer.Buffered, 0, cap);
        }
    }

    private static List<string> Frames(string text, int size)
    {
        var frames = new List<string>();
        var framer = new XmppFramer();
        Feed(framer, text, size, (kind, frame) => frames.Add(kind + " " + Encoding.UTF8.GetString(frame)));
        Assert.Equal(XmppFrameFault.None, framer.Fault);
        return frames;
    }

    private static void Feed(XmppFramer framer, string text, int size, XmppFramer.FrameHandler handler)
    {
        foreach (var piece in Encoding.UTF8.GetBytes(text).Chunk(Math.Min(size, 1 << 20)))
        {
            framer.Feed(piece, handler);
        }
    }
}
