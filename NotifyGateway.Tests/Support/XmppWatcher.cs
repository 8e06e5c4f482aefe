using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Text;
using System.Xml;
using System.Xml.Linq;
using NotifyGateway.Tests.Support.Servers;
using Xunit;

namespace NotifyGateway.Tests.Support;

/// <summary>A message that a watcher has seen. <paramref name="From"/>: in a room <c>room/nick</c>.</summary>
internal sealed record XmppWatched(string From, string Type, string Id, string Body);

/// <summary>
/// An XMPP client that sees what really arrives: TLS from the first byte, PLAIN, no acknowledgements. It shares no code with the gateway, so that
/// both cannot be wrong in the same way.
/// </summary>
internal sealed class XmppWatcher : IAsyncDisposable
{
    private static readonly XNamespace Client = "jabber:client";

    private readonly Stream _stream;
    private readonly CancellationTokenSource _stop = new();
    private XmlReader _reader;
    private Task _reading = Task.CompletedTask;

    private XmppWatcher(Stream stream, string name)
    {
        _stream = stream;
        _reader = NewReader();
        Stanzas = new Journal<XElement>($"watcher {name}");
        Messages = new Journal<XmppWatched>($"watcher {name}");
    }

    /// <summary>Everything that came after login.</summary>
    public Journal<XElement> Stanzas { get; }

    /// <summary>Every message with a body, in order.</summary>
    public Journal<XmppWatched> Messages { get; }

    /// <summary>Logs in at the server's port for direct TLS, is available, and joins rooms as <paramref name="name"/>.</summary>
    public static async Task<XmppWatcher> ConnectAsync(XmppServer server, string name, string password, params string[] rooms)
    {
        var tcp = new TcpClient { NoDelay = true };
        await tcp.ConnectAsync(IPAddress.Loopback, server.DirectPort).Within();
        var tls = new SslStream(tcp.GetStream());
#pragma warning disable CA5359 // a watcher only looks
        await tls.AuthenticateAsClientAsync(new SslClientAuthenticationOptions
        {
            TargetHost = XmppServer.Domain,
            RemoteCertificateValidationCallback = (_, _, _, _) => true,
        }).Within();
#pragma warning restore CA5359
        var watcher = new XmppWatcher(tls, name);
        await watcher.LogInAsync(name, password).Within();
        watcher._reading = watcher.ReadAsync();
        await watcher.SendAsync("<presence/>");
        foreach (var room in rooms)
        {
            await watcher.JoinAsync(room, name);
        }

        return watcher;
    }

    /// <summary>Joins, and unlocks a room that was not there; returns when both have happened.</summary>
    /// <param name="settings">Fields of a new room's form: <c>muc#roomconfig_roomsecret</c> and others.</param>
    public async Task JoinAsync(string room, string nick, params (string Field, string Value)[] settings)
    {
        var from = Stanzas.Entries.Count;
        await SendAsync($"<presence to='{room}/{nick}'><x xmlns='http://jabber.org/protocol/muc'><history maxstanzas='0'/></x></presence>");
        var answer = await Stanzas.FirstAsync(
            s => s.Name == Client + "presence" && (string?)s.Attribute("from") == $"{room}/{nick}", $"the answer to joining {room}", from: from);
        Assert.True(answer.Attribute("type") is null, answer.ToString());
        if (settings.Length > 0 || answer.ToString().Contains("code=\"201\"", StringComparison.Ordinal))
        {
            await AskAsync(room, "<query xmlns='http://jabber.org/protocol/muc#owner'><x xmlns='jabber:x:data' type='submit'>"
                + "<field var='FORM_TYPE'><value>http://jabber.org/protocol/muc#roomconfig</value></field>"
                + string.Concat(settings.Select(s => $"<field var='{s.Field}'><value>{s.Value}</value></field>")) + "</x></query>");
        }
    }

    /// <summary>Throws somebody out of a room where we may.</summary>
    public Task KickAsync(string room, string nick, string reason) => AskAsync(
        room, $"<query xmlns='http://jabber.org/protocol/muc#admin'><item nick='{nick}' role='none'><reason>{reason}</reason></item></query>");

    /// <summary>Makes somebody a <c>member</c> of a room that we own, or an <c>outcast</c>.</summary>
    public Task AffiliateAsync(string room, string jid, string affiliation, string reason = "") => AskAsync(
        room, $"<query xmlns='http://jabber.org/protocol/muc#admin'><item jid='{jid}' affiliation='{affiliation}'><reason>{reason}</reason></item></query>");

    /// <summary>Ends a room that we own.</summary>
    public Task DestroyAsync(string room, string alternative, string reason) => AskAsync(
        room, $"<query xmlns='http://jabber.org/protocol/muc#owner'><destroy jid='{alternative}'><reason>{reason}</reason></destroy></query>");

    /// <summary>The first so many messages whose sender begins so; fails with all that was seen.</summary>
    public Task<IReadOnlyList<XmppWatched>> MessagesAsync(string from, int count, TimeSpan? limit = null) =>
        Messages.CollectAsync(m => m.From.StartsWith(from, StringComparison.Ordinal), count, $"messages from {from}", limit);

    /// <summary>Sends raw XML.</summary>
    public async Task SendAsync(string xml) => await _stream.WriteAsync(Encoding.UTF8.GetBytes(xml), _stop.Token);

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _stream.DisposeAsync();
        await _reading;
        _reader.Dispose();
        _stop.Dispose();
    }

    private async Task AskAsync(string to, string query)
    {
        var id = Guid.NewGuid().ToString("N");
        await SendAsync($"<iq type='set' id='{id}' to='{to}'>{query}</iq>");
        var answer = await Stanzas.FirstAsync(s => s.Name == Client + "iq" && (string?)s.Attribute("id") == id, $"the answer to {query}");
        Assert.True((string?)answer.Attribute("type") == "result", answer.ToString());
    }

    private async Task LogInAsync(string name, string password)
    {
        await OpenAsync();
        await SendAsync($"<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='PLAIN'>{Convert.ToBase64String(Encoding.UTF8.GetBytes($"\0{name}\0{password}"))}</auth>");
        var answer = await NextAsync();
        Assert.Equal("success", answer!.Name.LocalName);
        await OpenAsync();
        await SendAsync("<iq type='set' id='bind'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'/></iq>");
        answer = await NextAsync();
        Assert.True((string?)answer!.Attribute("type") == "result", answer.ToString());
    }

    /// <summary>Begins a stream and reads the server's features.</summary>
    private async Task OpenAsync()
    {
        _reader.Dispose();
        _reader = NewReader();
        await SendAsync($"<?xml version='1.0'?><stream:stream xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams' to='{XmppServer.Domain}' version='1.0'>");
        while (await _reader.ReadAsync() && _reader.Name != "stream:stream")
        {
        }

        await NextAsync();
    }

    private XmlReader NewReader() => XmlReader.Create(_stream, new XmlReaderSettings { Async = true, IgnoreWhitespace = true });

    /// <summary>Null: the stream has ended.</summary>
    private async Task<XElement?> NextAsync()
    {
        while (await _reader.ReadAsync())
        {
            if (_reader.NodeType == XmlNodeType.Element)
            {
                // A reader of its own, which does not look for what comes behind the element.
                using var element = _reader.ReadSubtree();
                return await XElement.LoadAsync(element, LoadOptions.PreserveWhitespace, _stop.Token);
            }

            if (_reader.NodeType == XmlNodeType.EndElement && _reader.Name == "stream:stream")
            {
                break;
            }
        }

        return null;
    }

    private async Task ReadAsync()
    {
        var reason = "the server has closed the stream";
        try
        {
            while (await NextAsync() is { } stanza)
            {
                See(stanza);
            }
        }
        catch (Exception over) when (over is IOException or ObjectDisposedException or OperationCanceledException or XmlException)
        {
            reason = over.Message;
        }

        Stanzas.End(reason);
        Messages.End(reason);
    }

    private void See(XElement stanza)
    {
        // The message first: who has waited for the stanza finds it.
        if (stanza.Name == Client + "message" && stanza.Element(Client + "body") is { } body)
        {
            Messages.Add(new XmppWatched((string?)stanza.Attribute("from") ?? "", (string?)stanza.Attribute("type") ?? "normal", (string?)stanza.Attribute("id") ?? "", body.Value));
        }

        Stanzas.Add(stanza);
    }
}
