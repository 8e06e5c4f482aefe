using System.Buffers;
using System.Globalization;

namespace NotifyGateway.Core.Protocols.Xmpp;

/// <summary>Writes XML: markup as it is, values escaped by <see cref="XmppXml.Write"/>.</summary>
internal readonly struct XmppWriter(IBufferWriter<byte> output)
{
    /// <summary>Markup that stands in the source: never anything from outside.</summary>
    public XmppWriter Raw(ReadOnlySpan<byte> markup)
    {
        output.Write(markup);
        return this;
    }

    public XmppWriter Text(ReadOnlySpan<char> text)
    {
        XmppXml.Write(output, text);
        return this;
    }

    /// <summary>One attribute and the space before it.</summary>
    public XmppWriter Attribute(ReadOnlySpan<byte> name, ReadOnlySpan<char> value)
    {
        output.Write(" "u8);
        output.Write(name);
        output.Write("='"u8);
        XmppXml.Write(output, value);
        output.Write("'"u8);
        return this;
    }

    public XmppWriter Attribute(ReadOnlySpan<byte> name, uint value) => Attribute(name, value.ToString(CultureInfo.InvariantCulture));

    /// <summary>An attribute that may be missing.</summary>
    public XmppWriter Optional(ReadOnlySpan<byte> name, string? value) => value is null ? this : Attribute(name, value);
}
