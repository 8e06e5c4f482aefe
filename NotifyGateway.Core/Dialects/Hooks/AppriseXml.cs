using System.Xml;

namespace NotifyGateway.Core.Dialects.Hooks;

/// <summary>A notification of Apprise as XML: a SOAP envelope around <c>Notification</c>.</summary>
/// <param name="Files">The names of the attachments; null for one without a name.</param>
internal sealed record AppriseXml(string? Title, string? Text, string? Type, IReadOnlyList<string?> Files)
{
    /// <summary>No entity is ever expanded, since no document type is read; a body's size is bounded by the door.</summary>
    private static readonly XmlReaderSettings Settings = new()
    {
        DtdProcessing = DtdProcessing.Prohibit,
        XmlResolver = null,
        IgnoreComments = true,
        IgnoreProcessingInstructions = true,
        CheckCharacters = false,
    };

    private const int MaxDepth = 8;

    /// <summary>The body is meant as XML.</summary>
    public static bool IsXml(HookRequest request) =>
        (request.MediaType is "" or "text/plain" || DeclaresXml(request)) && request.Text.AsSpan().TrimStart("\uFEFF \t\r\n").StartsWith("<", StringComparison.Ordinal);

    public static bool DeclaresXml(HookRequest request) => request.MediaType is "application/xml" or "text/xml" || request.MediaType.EndsWith("+xml", StringComparison.Ordinal);

    /// <summary>Reads it. Never throws.</summary>
    /// <param name="isBroken">It is no XML, or has a document type, or is nested too deeply.</param>
    /// <returns>Null for anything that is no such notification.</returns>
    public static AppriseXml? Read(string xml, out bool isBroken)
    {
        isBroken = false;
        try
        {
            using var source = new StringReader(xml.TrimStart('\uFEFF', ' ', '\t', '\r', '\n'));
            using var reader = XmlReader.Create(source, Settings);
            return reader.MoveToContent() == XmlNodeType.Element && reader.LocalName is "Envelope" ? Notification(reader, out isBroken) : null;
        }
        catch (XmlException)
        {
            isBroken = true;
            return null;
        }
    }

    private static AppriseXml? Notification(XmlReader reader, out bool isBroken)
    {
        var values = new Dictionary<string, string>(StringComparer.Ordinal);
        var files = new List<string?>();
        var name = "";
        var isOne = false;
        isBroken = false;
        while (reader.Read())
        {
            isBroken = reader.Depth > MaxDepth;
            if (isBroken)
            {
                return null;
            }

            if (reader.NodeType == XmlNodeType.Element)
            {
                name = reader.LocalName;
                isOne |= name is "Notification";
                if (name is "Attachment")
                {
                    files.Add(reader.GetAttribute("filename"));
                }
            }
            else if (reader.NodeType is XmlNodeType.Text or XmlNodeType.CDATA or XmlNodeType.SignificantWhitespace && name is "Subject" or "Message" or "MessageType")
            {
                values[name] = values.GetValueOrDefault(name) + reader.Value;
            }
            else if (reader.NodeType == XmlNodeType.EndElement)
            {
                name = "";
            }
        }

        return isOne ? new AppriseXml(values.GetValueOrDefault("Subject"), values.GetValueOrDefault("Message"), values.GetValueOrDefault("MessageType"), files) : null;
    }
}
