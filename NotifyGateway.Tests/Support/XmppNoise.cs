using System.Text;

namespace NotifyGateway.Tests.Support;

/// <summary>Streams that begin like real ones and go on as nobody expects.</summary>
internal static class XmppNoise
{
    private static readonly string[] Pieces =
    [
        "<stream:stream xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams' id='x' version='1.0'>",
        "<stream:features><mechanisms xmlns='urn:ietf:params:xml:ns:xmpp-sasl'><mechanism>PLAIN</mechanism></mechanisms></stream:features>",
        "<success xmlns='urn:ietf:params:xml:ns:xmpp-sasl'/>",
        "<stream:features><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'/><sm xmlns='urn:xmpp:sm:3'/></stream:features>",
        "<iq type='result' id='q1'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'><jid>bot@a.test/x</jid></bind></iq>",
        "<enabled xmlns='urn:xmpp:sm:3' id='s1' resume='true'/>",
        "<r xmlns='urn:xmpp:sm:3'/>", "<a xmlns='urn:xmpp:sm:3' h='1'/>", "<resumed xmlns='urn:xmpp:sm:3'/>", "<failed xmlns='urn:xmpp:sm:3' h='-1'/>",
        "<presence from='a@rooms.test/bot'><x xmlns='http://jabber.org/protocol/muc#user'><status code='110'/><status code='201'/></x></presence>",
        "<presence from='a@rooms.test/bot' type='unavailable'><x xmlns='http://jabber.org/protocol/muc#user'><destroy jid=''/></x></presence>",
        "<presence from='b@rooms.test' type='error'><error><conflict xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></presence>",
        "<iq type='result' id='q2'/>", "<iq type='error' id='q3' from='a@rooms.test'/>", "<iq type='get' id='1'><ping xmlns='urn:xmpp:ping'/></iq>",
        "<iq/>", "<message/>", "<message type='error' id='/'/>", "<message type='groupchat' from='@'/>", "<presence from='///' type='x'/>",
        "<stream:error/>", "<proceed xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>", "<challenge xmlns='urn:ietf:params:xml:ns:xmpp-sasl'>!</challenge>",
        " ", "<", ">", "</stream:stream>", "<a", "'", "&amp;", "<!--", "]]>", "\0", "\u00e9",
    ];

    public static string Stream(Random random)
    {
        // A proper beginning of any length, then anything.
        var proper = random.Next(8);
        var text = new StringBuilder(Pieces[0]).Append(Pieces[1]).Append(Pieces[2]).Append(Pieces[0]).Append(Pieces[3]).Append(Pieces[4]).Append(Pieces[5]);
        var beginning = proper == 7 ? "" : text.ToString();
        text.Clear().Append(beginning);
        for (var i = random.Next(40); i > 0; i--)
        {
            // What cannot be read ends the stream, so most of it can.
            text.Append(Pieces[random.Next(random.Next(6) == 0 ? Pieces.Length : 21)]);
        }

        return text.ToString();
    }
}
