using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Text;
using System.Xml;
using System.Xml.Linq;

namespace NotifyGateway.Core.Protocols.Xmpp;

/// <summary>Reads what the framer has cut out, and writes text so that it can stand in XML.</summary>
public static class XmppXml
{
    /// <summary>Of the elements of the stream itself: its header, features and errors.</summary>
    public static readonly XNamespace Streams = "http://etherx.jabber.org/streams";

    /// <summary>Of stanzas between a client and its server.</summary>
    public static readonly XNamespace Client = "jabber:client";

    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private static readonly SearchValues<char> Special = SearchValues.Create(
        [.. Enumerable.Range(0, 0x20).Select(c => (char)c), '&', '<', '>', '"', '\'', '\uFFFE', '\uFFFF', .. Enumerable.Range(0xD800, 0x800).Select(c => (char)c)]);

    /// <summary>Reads the header of a stream: its start tag alone. Null when it is none.</summary>
    public static XElement? Header(ReadOnlySpan<byte> tag) =>
        tag.EndsWith(">"u8) && Read([.. tag[..^1], .. "/>"u8], null) is { } header && header.Name == Streams + "stream" ? header : null;

    /// <summary>Reads one element below a stream, whose header tells the prefixes in force. Null when it is not well-formed.</summary>
    public static XElement? Element(ReadOnlySpan<byte> element, XElement header) => Read(element, header);

    /// <summary>
    /// A text or the value of an attribute, escaped. What XML 1.0 forbids (section 2.2: control characters but tab and line ends, lone surrogates,
    /// U+FFFE and U+FFFF) is left out, so that no text can make a stanza that ends the stream.
    /// </summary>
    public static void Write(IBufferWriter<byte> output, ReadOnlySpan<char> text)
    {
        while (text.IndexOfAny(Special) is >= 0 and var plain)
        {
            Encoding.UTF8.GetBytes(text[..plain], output);
            text = text[plain..];
            text = text[Escape(output, text)..];
        }

        Encoding.UTF8.GetBytes(text, output);
    }

    /// <returns>How many UTF-16 units were dealt with.</returns>
    private static int Escape(IBufferWriter<byte> output, ReadOnlySpan<char> text)
    {
        if (char.IsHighSurrogate(text[0]) && text.Length > 1 && char.IsLowSurrogate(text[1]))
        {
            Encoding.UTF8.GetBytes(text[..2], output);
            return 2;
        }

        output.Write(text[0] switch
        {
            '&' => "&amp;"u8,
            '<' => "&lt;"u8,
            '>' => "&gt;"u8,
            '"' => "&quot;"u8,
            '\'' => "&apos;"u8,
            '\t' => "&#9;"u8,
            '\n' => "&#10;"u8,
            '\r' => "&#13;"u8,
            _ => default,
        });
        return 1;
    }

    private static XElement? Read(ReadOnlySpan<byte> bytes, XElement? header)
    {
        try
        {
            using var reader = XmlReader.Create(new StringReader(Strict.GetString(bytes)), Settings(), Context(header));
            reader.MoveToContent();
            return reader.NodeType == XmlNodeType.Element && XNode.ReadFrom(reader) is XElement element && reader.EOF ? element : null;
        }
        catch (Exception e) when (e is XmlException or DecoderFallbackException)
        {
            // The one way in which these readers say that something is not well-formed.
            return null;
        }
    }

    private static XmlReaderSettings Settings() => new()
    {
        ConformanceLevel = ConformanceLevel.Fragment,
        DtdProcessing = DtdProcessing.Prohibit,
        XmlResolver = null,
        MaxCharactersInDocument = XmppFramer.MaxLength,
    };

    [SuppressMessage("Security", "CA3075", Justification = "The context only declares prefixes.")]
    private static XmlParserContext Context(XElement? header)
    {
        var prefixes = new XmlNamespaceManager(new NameTable());
        foreach (var declaration in header?.Attributes().Where(a => a.IsNamespaceDeclaration) ?? [])
        {
            prefixes.AddNamespace(declaration.Name.Namespace == XNamespace.None ? "" : declaration.Name.LocalName, declaration.Value);
        }

        return new XmlParserContext(null, prefixes, null, XmlSpace.None);
    }
}
