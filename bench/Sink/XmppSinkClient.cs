using System.Security;
using System.Text;
using System.Xml;

namespace NotifyGateway.Bench.Sink;

/// <summary>One client of the <see cref="XmppSink"/>, from its first stream header to its end.</summary>
/// <param name="arrived">Gets the text of each message.</param>
/// <param name="stands">Told once, when the stream can be resumed: the last step of a login.</param>
internal sealed class XmppSinkClient(Action<string> arrived, Action stands)
{
    private const string Sm = "urn:xmpp:sm:3";

    private static readonly XmlReaderSettings Fragments = new() { Async = true, ConformanceLevel = ConformanceLevel.Fragment, DtdProcessing = DtdProcessing.Prohibit };

    private string _user = "";
    private bool _authenticated;
    private bool _counting;
    private uint _taken;

    public bool Stands { get; private set; }

    public async Task ServeAsync(Stream stream, CancellationToken cancellationToken)
    {
        // After the login the stream begins anew, and with it what reads it.
        while (!cancellationToken.IsCancellationRequested)
        {
            using var reader = XmlReader.Create(stream, Fragments);
            var before = _authenticated;
            while (_authenticated == before)
            {
                if (!await reader.ReadAsync())
                {
                    return;
                }

                if (reader.NodeType == XmlNodeType.Element && await AnswerAsync(reader) is { Length: > 0 } answer)
                {
                    await stream.WriteAsync(Encoding.UTF8.GetBytes(answer), cancellationToken);
                }
            }
        }
    }

    /// <summary>Takes what the reader stands at, a header or a whole stanza, and says what is answered.</summary>
    private async Task<string> AnswerAsync(XmlReader reader)
    {
        if (reader.Depth == 0)
        {
            return "<?xml version='1.0'?><stream:stream xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams' from='bench.test' id='x' version='1.0'><stream:features>"
                + (_authenticated ? $"<bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'/><sm xmlns='{Sm}'/>" : "<mechanisms xmlns='urn:ietf:params:xml:ns:xmpp-sasl'><mechanism>PLAIN</mechanism></mechanisms>")
                + "</stream:features>";
        }

        var (name, id, type) = (reader.LocalName, SecurityElement.Escape(reader.GetAttribute("id") ?? ""), reader.GetAttribute("type"));
        var (child, body) = await InsideAsync(reader);
        _taken += _counting && name is "iq" or "message" or "presence" ? 1u : 0u;
        switch (name)
        {
            case "auth":
                _authenticated = true;
                _user = Encoding.UTF8.GetString(Convert.FromBase64String(body!)).Split('\0')[1];
                return "<success xmlns='urn:ietf:params:xml:ns:xmpp-sasl'/>";
            case "enable":
                _counting = Stands = true;
                _taken = 0;
                stands();
                return $"<enabled xmlns='{Sm}' id='x' resume='true'/>";
            case "r":
                return $"<a xmlns='{Sm}' h='{_taken}'/>";
            case "message" when body is not null:
                arrived(body);
                return "";
            case "iq" when type is "get" or "set":
                return child is "bind"
                    ? $"<iq type='result' id='{id}'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'><jid>{_user}@bench.test/notify</jid></bind></iq>"
                    : $"<iq type='result' id='{id}'/>";
            default:
                return "";
        }
    }

    /// <summary>Reads to the end of the element: the name of its first child, and the text of its body, or of the login.</summary>
    private static async Task<(string? Child, string? Body)> InsideAsync(XmlReader reader)
    {
        string? child = null;
        string? body = null;
        if (reader.IsEmptyElement)
        {
            return (child, body);
        }

        var depth = reader.Depth;
        var inBody = reader.LocalName is "auth";
        while (await reader.ReadAsync() && (reader.NodeType != XmlNodeType.EndElement || reader.Depth > depth))
        {
            if (reader.NodeType == XmlNodeType.Element)
            {
                child ??= reader.LocalName;
                inBody = reader.LocalName is "body";
            }
            else if (inBody && reader.NodeType == XmlNodeType.Text)
            {
                body += reader.Value;
            }
        }

        return (child, body);
    }
}
