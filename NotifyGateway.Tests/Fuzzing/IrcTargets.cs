using System.Globalization;
using System.Text;
using NotifyGateway.Core.Protocols;
using NotifyGateway.Core.Protocols.Irc;
using NotifyGateway.Fuzz;
using NotifyGateway.Tests.Protocols.Irc;
using NotifyGateway.Tests.Support;
using static NotifyGateway.Tests.Fuzzing.Inputs;

namespace NotifyGateway.Tests.Fuzzing;

/// <summary>What an IRC server says.</summary>
internal static class IrcTargets
{
    private const string Irc = "NotifyGateway.Core.Protocols.Irc.";

    private const string Login = ":irc.test 001 bot :Welcome\r\n:irc.test 005 bot CASEMAPPING=ascii CHANTYPES=# LINELEN=512 CHANLIMIT=#:20 MONITOR=100 :are supported\r\n:irc.test 376 bot :End\r\n:irc.test PONG irc.test :0\r\n"
        + "\u0001enter #a\n:bot!~bot@host.test JOIN #a\r\n\u0001send hello\n";

    public static IReadOnlyList<FuzzTarget> All { get; } =
    [
        new("irc-lines", [Irc + "IrcFramer", Irc + "IrcMessage", Irc + "IrcTags", Irc + "IrcSource", Irc + "Isupport", Irc + "CaseMapping"], Lines)
        {
            Samples = () => Inputs.All(
                ":irc.test 001 bot :Welcome\r\n", "@time=2026-01-01T00:00:00.000Z;label=7;x=a\\:b\\s\\\\ :nick!user@host PRIVMSG #a :text here\n", "PING :x\r\n\r\nERROR\n",
                ":s 005 bot CHANMODES=beI,k,l,imnt PREFIX=(ov)@+ CHANLIMIT=#&:20,+:5 LINELEN=1024 NICKLEN=30 -MONITOR MAXCHANNELS=10 CASEMAPPING=rfc1459-strict :are supported\r\n",
                "CMD 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17\n"),
        },
        new("irc-server", [Irc], input =>
        {
            _ = new IrcVictim(IrcTranscript.Options with { Window = 4, Burst = 3, LinesPerSecond = 1, OnConnect = ["MODE {nick} +i"] }).Live(input);
            var login = new IrcVictim(SaslConversation.Options(SaslConversation.Auto()) with
            {
                Password = Secret,
                Reclaim = true,
                NickServ = new IrcNickServOptions("NickServ", null, Secret, Regain: true),
                Greetings = new Dictionary<string, string>(StringComparer.Ordinal) { ["#a"] = "hello" },
            }).Live(input);
            Holds(!login.Contains(Secret, StringComparison.Ordinal), "an event tells the password");
        })
        {
            AllocatedPerByte = 32 * 1024,
            StepsPerByte = 20_000,
            MaxLength = 4096,
            Words =
            [
                "\u0001enter #b\n", "\u0001enter carol\n", "\u0001leave #a\n", "\u0001send a longer text\n", "\u0001time 5\n", "\u0001time 90\n", "\u0001quit\n", "\u0001change\n", ":bot!~bot@host.test ", ":irc.test ", " bot ", "#a",
                ":NickServ!s@services. NOTICE bot :", "CAP * LS :sasl=PLAIN,SCRAM-SHA-256 echo-message labeled-response batch draft/multiline=max-bytes=4096", "CAP * ACK :sasl", "AUTHENTICATE " + SaslConversation.ServerFirst,
                "AUTHENTICATE " + SaslConversation.ServerFinal, "470 bot #a #b :Forwarding", "KICK #a bot :out", "MODE #a +k key", "404 bot #a :no", "437 bot #a :wait",
            ],
            Samples = () => Scripts.Of("Irc", Login, "\r\n", 4096).Concat(Inputs.All(
                Login + ":irc.test PONG irc.test 1\r\n",
                Login + ":irc.test 404 bot #a :Cannot send\r\n\u0001time 60\n:carol!c@h KICK #a bot :out\r\n\u0001time 5\n:irc.test 473 bot #a :Cannot join (+i)\r\n:carol!c@h INVITE bot #a\r\n\u0001quit\n",
                ":irc.test CAP * LS * :multi-prefix sasl=PLAIN,SCRAM-SHA-256 echo-message\r\n:irc.test CAP * LS :labeled-response batch draft/multiline=max-bytes=4096,max-lines=10\r\n:irc.test CAP * ACK :sasl\r\nAUTHENTICATE +\r\nAUTHENTICATE "
                    + SaslConversation.ServerFirst + "\r\nAUTHENTICATE " + SaslConversation.ServerFinal + "\r\n:irc.test 900 bot bot!b@h bot :You are\r\n:irc.test 903 bot :ok\r\n" + Login,
                ":irc.test 433 * bot :in use\r\n:irc.test 433 * bot_ :in use\r\n" + Login + ":bot!b@h NICK bot2\r\nPING :x\r\n\u0001change\n:bot!b@h PART #a\r\nERROR :Closing Link (Excess Flood)\r\n",
                ":irc.test CAP * LS :echo-message labeled-response batch message-tags\r\n:irc.test CAP * ACK :echo-message labeled-response batch\r\n" + Login + "@label=1 :bot!~bot@host.test PRIVMSG #a :hello\r\n@label=2;batch=x :irc.test ACK\r\n:irc.test BATCH +1 labeled-response\r\n:irc.test BATCH -1\r\n")),
        },
    ];

    private static void Lines(byte[] input)
    {
        var whole = Framed([input]);
        Same(string.Join('\n', whole), string.Join('\n', Framed(Cut(input))), "the lines depend on how they are cut");
        var isupport = new Isupport();
        foreach (var line in whole)
        {
            var bytes = Encoding.Latin1.GetBytes(line);
            if (!IrcMessage.TryParse(bytes, out var message))
            {
                continue;
            }

            var shown = Shown(message);
            var again = Encoding.Latin1.GetBytes(shown.Written);
            Holds(IrcMessage.TryParse(again, out var second), "what was written again is no message");
            Same(shown.Told, Shown(second).Told, "a message is another one when it is written and read again");
            isupport.Read(message);
            Holds(isupport.LineLength is >= 512 and <= 65536 && isupport.ChannelTypes.Length > 0 && isupport.NickLength is null or > 0, "limits that are none");
            _ = isupport.ChannelLimit('#') + (isupport.ModeHasArgument('k', set: false) ? 1 : 0);
        }
    }

    private static List<string> Framed(IEnumerable<byte[]> pieces)
    {
        var lines = new List<string>();
        var framer = new IrcFramer();
        foreach (var piece in pieces)
        {
            framer.Feed(piece, line =>
            {
                Holds(line.Length is > 0 and <= IrcFramer.MaxLineLength && !line.Contains((byte)'\n'), "a line that is none");
                lines.Add(Encoding.Latin1.GetString(line));
            });
        }

        lines.Add(framer.Overlong.ToString(CultureInfo.InvariantCulture));
        return lines;
    }

    private static (string Told, string Written) Shown(in IrcMessage message)
    {
        Holds(message.Count <= 15 && message.Numeric is >= 0 and <= 999 && message[message.Count].IsEmpty && message.Last.Length == (message.Count == 0 ? 0 : message[message.Count - 1].Length), "parameters that are none");
        var source = IrcSource.Parse(message.Source);
        _ = IrcTags.Find(message.Tags, "label"u8);
        var told = new StringBuilder($"{source} {Encoding.Latin1.GetString(message.Command)}");
        // A mark alone is an empty prefix: the command may begin with one itself.
        var written = new StringBuilder($"@{Encoding.Latin1.GetString(message.Tags)} :{Encoding.Latin1.GetString(message.Source)} {Encoding.Latin1.GetString(message.Command)}");
        for (var i = 0; i < message.Count; i++)
        {
            var parameter = Encoding.Latin1.GetString(message[i]);
            told.Append('|').Append(parameter);
            written.Append(i == message.Count - 1 ? " :" : " ").Append(parameter);
        }

        return (told.ToString(), written.ToString());
    }
}
