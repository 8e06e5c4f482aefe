using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Xml.Linq;
using NotifyGateway.Core.Protocols.Sasl;
using NotifyGateway.Core.Protocols.Xmpp;
using NotifyGateway.Fuzz;
using NotifyGateway.Tests.Protocols.Irc;
using static NotifyGateway.Tests.Fuzzing.Inputs;

namespace NotifyGateway.Tests.Fuzzing;

/// <summary>What an XMPP server says, and what servers of both kinds say at a login by SASL.</summary>
internal static class XmppTargets
{
    private const string Xmpp = "NotifyGateway.Core.Protocols.Xmpp.";
    private const string Header = "<?xml version='1.0'?><stream:stream xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams' id='x' version='1.0'>";
    private const string Mechanisms = "<stream:features><mechanisms xmlns='urn:ietf:params:xml:ns:xmpp-sasl'><mechanism>PLAIN</mechanism></mechanisms></stream:features>";
    private const string Scram = "<stream:features><mechanisms xmlns='urn:ietf:params:xml:ns:xmpp-sasl'><mechanism>SCRAM-SHA-1</mechanism><mechanism>SCRAM-SHA-256</mechanism></mechanisms></stream:features>";
    private const string Bound = "<iq type='result' id='q1'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'><jid>bot@a.test/notify</jid></bind></iq>";
    private const string Login = Header + Mechanisms + "<success xmlns='urn:ietf:params:xml:ns:xmpp-sasl'/>" + Header + "<stream:features><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'/></stream:features>" + Bound;
    private const string LoginWithAcks = Header + Mechanisms + "<success xmlns='urn:ietf:params:xml:ns:xmpp-sasl'/>" + Header + "<stream:features><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'/><sm xmlns='urn:xmpp:sm:3'/></stream:features>" + Bound
        + "<enabled xmlns='urn:xmpp:sm:3' id='s1' resume='true'/>";

    private const string Joined = "\u0001enter ops@rooms.test room\n<presence from='ops@rooms.test/bot'><x xmlns='http://jabber.org/protocol/muc#user'><item affiliation='none' role='participant'/><status code='110'/></x></presence>\u0001send hello\n";

    private static readonly string[] Stanzas =
    [
        "<r xmlns='urn:xmpp:sm:3'/>", "<a xmlns='urn:xmpp:sm:3' h='1'/>", "<a xmlns='urn:xmpp:sm:3' h='4294967295'/>", "<resumed xmlns='urn:xmpp:sm:3' previd='s1' h='1'/>", "<failed xmlns='urn:xmpp:sm:3' h='-1'/>",
        "<presence from='ops@rooms.test/bot' type='unavailable'><x xmlns='http://jabber.org/protocol/muc#user'><status code='307'/></x></presence>",
        "<presence from='ops@rooms.test/bot' type='error'><error type='cancel'><conflict xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></presence>",
        "<message from='ops@rooms.test/bot' type='groupchat' id='x'><body>hello</body></message>",
        "<message from='alice@a.test' type='error' id='x'><error type='cancel'><service-unavailable xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></message>",
        "<iq type='result' id='q2' from='a.test'><query xmlns='http://jabber.org/protocol/disco#info'><identity category='conference' type='text'/><feature var='muc_passwordprotected'/></query></iq>",
        "<iq type='error' id='q2'><error type='cancel'><item-not-found xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></iq>", "<iq type='get' id='1' from='a.test'><ping xmlns='urn:xmpp:ping'/></iq>",
        "<stream:error><see-other-host xmlns='urn:ietf:params:xml:ns:xmpp-streams'>b.test:5222</see-other-host></stream:error>", "<stream:error><policy-violation xmlns='urn:ietf:params:xml:ns:xmpp-streams'/></stream:error>",
        "<presence from='ops@rooms.test/bot'><x xmlns='http://jabber.org/protocol/muc#user'><status code='110'/><status code='201'/></x></presence>", "</stream:stream>",
        "<proceed xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>", "<stream:features><starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'><required/></starttls></stream:features>",
    ];

    public static IReadOnlyList<FuzzTarget> All { get; } =
    [
        new("xmpp-stream", [Xmpp + "XmppFramer", Xmpp + "XmppXml"], Stream)
        {
            AllocatedPerByte = 64 * 1024,
            Words = ["<![CDATA[", "]]>", "<!--", "-->", "<?xml", "?>", "&amp;", "&#0;", "&#xD800;", "xmlns=''", "xmlns:stream='http://etherx.jabber.org/streams'", "<a>", "</a>", "<a/>", "stream:", Header],
            Samples = () => Inputs.All(Header + Mechanisms + "<a b='>'>x<![CDATA[ <y> ]]]]></a> \n<c/></stream:stream>", Header + "<a xmlns='x' b=\"&lt;'\">&amp;<b><c/></b></a>", Header + "<!-- no -->", "<?xml version='1.0'?>\n<stream:stream>", Header + "<a><b></a></b>"),
        },
        new("xmpp-server", [Xmpp], input => new XmppVictim().Live(input))
        {
            AllocatedPerByte = 64 * 1024,
            StepsPerByte = 20_000,
            MaxLength = 6144,
            Words =
            [
                .. Stanzas, "\u0001enter ops@rooms.test room\n", "\u0001enter alice@a.test user\n", "\u0001enter x@rooms.test\n", "\u0001send text\n", "\u0001time 30\n", "\u0001time 301\n", "\u0001quit\n", "\u0001leave ops@rooms.test room\n", "\u0001again\n", "\u0001clear\n",
                "<presence from='ops@rooms.test/bot'>", "<challenge xmlns='urn:ietf:params:xml:ns:xmpp-sasl'>", "<success xmlns='urn:ietf:params:xml:ns:xmpp-sasl'/>", "<failure xmlns='urn:ietf:params:xml:ns:xmpp-sasl'><not-authorized/></failure>", Header, Bound,
                "type='error'", "type='result'", "type='unavailable'", "<status code='", "id='q3'", "id='j1'", "from='x@rooms.test/bot'",
            ],
            Samples = () => [.. Scripts.Of("Xmpp", Login, "", 6144).Select(s => Bytes(Text(s).Replace("{header}", Header, StringComparison.Ordinal))), .. Inputs.All(Login + Joined, LoginWithAcks + Joined, "\u0001clear\n" + Header + Stanzas[^1] + Stanzas[^2], Header + Scram), .. Stanzas.SelectMany(s => Inputs.All(Login + Joined + s + "\u0001time 61\n" + s, LoginWithAcks + Joined + s + "\u0001again\n" + s))],
        },
        new("sasl-scram", ["NotifyGateway.Core.Protocols.Sasl."], SaslScram)
        {
            Words = ["r=", "s=", "i=4096", "v=", "e=", ",", "m=x", SaslConversation.Nonce, "W22ZaJ0SNY7soEsUEjb6gQ==", "i=1", "i=1000001"],
            MaxLength = 512,
            Samples = () => Inputs.All(
                Encoding.UTF8.GetString(Convert.FromBase64String(SaslConversation.ServerFirst)) + "\n" + Encoding.UTF8.GetString(Convert.FromBase64String(SaslConversation.ServerFinal)),
                $"r={SaslConversation.Nonce}x,s=AA==,i=1\nv=AAAA", "e=other-error\n", $"r={SaslConversation.Nonce}x,s=AA==,i=1,x=y\ne=invalid-proof"),
        },
        new("sasl-prep", ["NotifyGateway.Core.Protocols.Sasl.SaslPrep"], input =>
        {
            if (SaslPrep.Prepare(Text(input)) is { } prepared)
            {
                Same(prepared, SaslPrep.Prepare(prepared) ?? "", "what is prepared changes when it is prepared again");
            }
        })
        { Samples = () => Inputs.All("I\u00adX", "user", "\u00aa", "\u2168", "\u0627\u0031", "\u0007", "\u0627\u0631"), MaxLength = 256 },
    ];

    private static void Stream(byte[] input)
    {
        var whole = Framed([input]);
        Same(whole, Framed(Cut(input)), "the pieces depend on how they are cut");
        Same(whole, Framed(input.Chunk(1)), "the pieces depend on how they are cut");
    }

    private static string Framed(IEnumerable<byte[]> pieces)
    {
        var framer = new XmppFramer(1024);
        var told = new StringBuilder();
        XElement? header = null;
        foreach (var piece in pieces)
        {
            framer.Feed(piece, (kind, frame) =>
            {
                Holds(frame.Length <= 1024, "a piece is too long");
                told.Append(kind).Append(' ').Append(Convert.ToHexString(frame)).Append('\n');
                if (kind == XmppFrameKind.StreamOpen)
                {
                    header = XmppXml.Header(frame);
                }
                else if (kind == XmppFrameKind.Element && header is not null && XmppXml.Element(frame, header) is { } element)
                {
                    var again = Encoding.UTF8.GetBytes(element.ToString(SaveOptions.DisableFormatting));
                    Holds(XmppXml.Element(again, header) is { } second && string.Equals(second.ToString(SaveOptions.DisableFormatting), element.ToString(SaveOptions.DisableFormatting), StringComparison.Ordinal), "an element is another one when it is written and read again");
                }
            });
            Holds(framer.Buffered <= 1024 && (framer.Depth >= 0 || framer.Fault != XmppFrameFault.None), "more is kept than allowed");
        }

        return told.Append(framer.Fault).Append(framer.Fault == XmppFrameFault.None ? framer.Depth.ToString(CultureInfo.InvariantCulture) : "").ToString();
    }

    private static void SaslScram(byte[] input)
    {
        foreach (var hash in new[] { HashAlgorithmName.SHA256, HashAlgorithmName.SHA1 })
        {
            var scram = new SaslScram(hash, "user", Secret, SaslConversation.Nonce, ChannelBinding.None);
            Holds(scram.Begin().Fault is null, "it does not begin");
            foreach (var line in Text(input).Split('\n').Take(4))
            {
                // A count that is allowed and high takes a second by right, and shows nothing.
                var step = line.Split("i=")[^1].TakeWhile(char.IsAsciiDigit).Count() > 4 ? default : scram.Answer(Bytes(line));
                Holds(step.Fault is null || !step.Fault.Contains(Secret, StringComparison.Ordinal) && !step.Fault.Any(char.IsControl) && step.Fault.Length < 500, "a fault that is not for people");
            }

            Holds(!scram.Complete, "a server that does not know the password has proved that it does");
        }
    }
}
