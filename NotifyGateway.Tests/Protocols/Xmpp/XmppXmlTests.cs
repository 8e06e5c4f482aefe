using System.Buffers;
using System.Text;
using System.Xml.Linq;
using FsCheck;
using FsCheck.Fluent;
using NotifyGateway.Core.Protocols.Xmpp;
using NotifyGateway.Tests.Support;
using Xunit;

namespace NotifyGateway.Tests.Protocols.Xmpp;

public sealed class XmppXmlTests
{
    private static readonly XElement Header = XmppXml.Header(
        "<stream:stream xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams' xmlns:db='jabber:server:dialback' id='x1' from='a.test' version='1.0'>"u8)!;

    [Fact]
    public void ReadsTheHeader_AndKnowsItsPrefixesBelow()
    {
        Assert.Equal("x1", (string?)Header.Attribute("id"));

        var features = XmppXml.Element("<stream:features><starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/></stream:features>"u8, Header)!;
        Assert.Equal(XmppXml.Streams + "features", features.Name);
        Assert.Equal("urn:ietf:params:xml:ns:xmpp-tls", features.Elements().Single().Name.NamespaceName);
        Assert.Equal(XmppXml.Client + "message", XmppXml.Element("<message to='b&amp;c'><body>h&#233;llo</body></message>"u8, Header)!.Name);
        Assert.Equal("jabber:server:dialback", XmppXml.Element("<db:result/>"u8, Header)!.Name.NamespaceName);
    }

    [Theory]
    [InlineData("<stream:stream>")]
    [InlineData("<stream xmlns='jabber:client'>")]
    [InlineData("<stream:stream xmlns:stream='http://etherx.jabber.org/streams'")]
    [InlineData("<html>")]
    [InlineData("")]
    public void RefusesAHeader_ThatIsNone(string tag) => Assert.Null(XmppXml.Header(Encoding.UTF8.GetBytes(tag)));

    [Theory]
    [InlineData("<a><b></a></b>")]
    [InlineData("<a b='1' b='2'/>")]
    [InlineData("<a>&nbsp;</a>")]
    [InlineData("<a>&#1;</a>")]
    [InlineData("<a>&#xD800;</a>")]
    [InlineData("<x:a/>")]
    [InlineData("<a/><b/>")]
    [InlineData("<a b=1/>")]
    [InlineData("text")]
    [InlineData("<a>\u0001</a>")]
    public void RefusesAnElement_ThatIsNotWellFormed(string element) => Assert.Null(XmppXml.Element(Encoding.UTF8.GetBytes(element), Header));

    [Fact]
    public void RefusesInvalidUtf8() => Assert.Null(XmppXml.Element([.. "<a>"u8, 0xc3, 0x28, .. "</a>"u8], Header));

    [Theory]
    [InlineData("a < b && c > d \"e\" 'f'", "a &lt; b &amp;&amp; c &gt; d &quot;e&quot; &apos;f&apos;")]
    [InlineData("]]>", "]]&gt;")]
    [InlineData("\ud83d\ude00 é", "\ud83d\ude00 é")]
    [InlineData("line\r\n\tnext", "line&#13;&#10;&#9;next")]
    [InlineData("", "")]
    public void WritesText_SoThatItCanStandInXml(string text, string written) => Assert.Equal(written, Written(text));

    [Fact]
    public void LeavesOut_WhatXmlForbids() => Assert.Equal("abcde", Written("a\0\u0001\u0008\u000b\u001fb\ufffe\uffffc\ud800d\udc00e"));

    [Fact]
    public void AnyText_IsReadBack_WithoutWhatXmlForbids() =>
        Prop.ForAll(Gen.Choose(0, 0xFFFF).Select(c => (char)c).ListOf().Select(cs => new string([.. cs])).ToArbitrary(), text =>
        {
            var element = XmppXml.Element(Encoding.UTF8.GetBytes($"<a b='{Written(text)}'>{Written(text)}</a>"), Header);
            var allowed = string.Concat(text.EnumerateRunes().Where((r, i) => r.Value is 9 or 10 or 13 or (>= 0x20 and not (0xFFFE or 0xFFFF))).Select(r => r.ToString()));
            // A lone surrogate is enumerated as U+FFFD, which is left out where it stood for one.
            return element is not null && Same(element.Value, allowed, text) && Same((string)element.Attribute("b")!, allowed, text);
        }).Holds(1000);

    private static bool Same(string read, string allowed, string text) =>
        text.Contains('\ufffd', StringComparison.Ordinal) || string.Equals(read, allowed.Replace("\ufffd", "", StringComparison.Ordinal), StringComparison.Ordinal);

    private static string Written(string text)
    {
        var output = new ArrayBufferWriter<byte>();
        XmppXml.Write(output, text);
        return Encoding.UTF8.GetString(output.WrittenSpan);
    }
}
