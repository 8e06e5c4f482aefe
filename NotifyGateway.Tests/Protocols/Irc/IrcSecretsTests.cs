using System.Text;
using NotifyGateway.Core.Protocols;
using NotifyGateway.Core.Protocols.Irc;
using NotifyGateway.Core.Protocols.Sasl;
using NotifyGateway.Tests.Support;
using Xunit;

namespace NotifyGateway.Tests.Protocols.Irc;

public sealed class IrcSecretsTests
{
    private const string Secret = "hunter2-5ecret";
    private const string ServerSecret = "server 5ecret";

    private static readonly List<string> Secrets = [Secret, "5ecret", Convert.ToBase64String(Encoding.UTF8.GetBytes($"\0bot\0{Secret}"))];

    /// <summary>Numerics that servers refuse things with, each of which ends another part of a conversation.</summary>
    public static TheoryData<string> Echoes =>
    [
        ":irc.test 421 bot AUTHENTICATE :Unknown command {0}", ":irc.test 461 bot AUTHENTICATE :Not enough parameters {0}", ":irc.test 904 bot :failed {0}",
        ":irc.test 902 bot :{0}", ":irc.test 905 bot :{0}", "ERROR :Closing link: {0}", ":irc.test 465 bot :banned {0}",
        ":irc.test 401 bot NickServ :{0}", ":irc.test 401 bot #a :{0}", ":irc.test 404 bot #a :{0}", ":irc.test 473 bot #a :{0}", ":irc.test 477 bot #a :{0}", ":irc.test 403 bot #a :{0}",
        ":mallory KICK #a bot :by {0}", ":NickServ NOTICE bot :{0}",
    ];

    [Theory]
    [MemberData(nameof(Echoes))]
    public void ServerThatRepeatsEverything_IsNotQuoted(string echo)
    {
        var told = new List<string>();
        foreach (var options in (IrcClientOptions[])[Options(sasl: true), Options(sasl: true) with { NickServ = null }, Options(sasl: false), RequiresSasl()])
        {
            Talk(options, echo, told);
        }

        Assert.Contains(told, t => t.Contains("***", StringComparison.Ordinal));
        Assert.DoesNotContain(told, t => Secrets.Exists(s => t.Contains(s, StringComparison.OrdinalIgnoreCase)));
    }

    [Theory]
    [InlineData("wrong password hunter2-5ecret for bot", "wrong password *** for bot")]
    [InlineData("(hunter2-5ecret)", "(***")]
    [InlineData("HUNTER2-5ECRET hunter2-5ecret", "*** ***")]
    [InlineData("server 5ecret", "***")]
    [InlineData("nothing", "nothing")]
    public void Word_IsReplaced(string text, string shown) => Assert.Equal(shown, new IrcSecrets(Secret, null, ServerSecret).Hide(text));

    [Fact]
    public void ShortPassword_DoesNotHideOrdinaryWords() => Assert.Equal("a bad day", new IrcSecrets("bad", "").Hide("a bad day"));

    [Fact]
    public void Payload_IsHidden_AlsoWhenItIsCut()
    {
        var secrets = new IrcSecrets();
        secrets.AddPayload("QUJDREVGR0hJSktMTU5PUFFSU1RVVldYWVo=");

        Assert.Equal("421 AUTHENTICATE *** unknown", secrets.Hide("421 AUTHENTICATE QUJDREVGR0hJSktMTU5P unknown"));
    }

    [Fact]
    public void Options_ShowNothingOfThemselves()
    {
        object[] options = [Options(sasl: true), Options(sasl: true).Sasl!, Options(sasl: true).NickServ!];

        Assert.DoesNotContain(options, o => o.ToString()!.Contains("5ecret", StringComparison.Ordinal));
    }

    private static IrcClientOptions Options(bool sasl) => IrcTranscript.Options with
    {
        Password = ServerSecret,
        NickServ = new IrcNickServOptions("NickServ", "bot", Secret, Regain: true),
        Reclaim = true,
        Sasl = sasl ? new IrcSaslOptions(() => [new SaslPlain("bot", Secret)], required: false, Secret) : null,
    };

    private static IrcClientOptions RequiresSasl() => Options(sasl: true) with { Sasl = new IrcSaslOptions(() => [new SaslPlain("bot", Secret)], required: true, Secret) };

    /// <summary>A server that answers each of our lines with the last one that held a secret, and lets us in all the same.</summary>
    private static void Talk(IrcClientOptions options, string echo, List<string> told)
    {
        var client = new IrcClient(options);
        string? last = null;
        var now = TimeSpan.Zero;
        client.Start(now);
        Hear(options.Sasl is not null ? ["CAP * LS :sasl", "CAP * ACK :sasl", "AUTHENTICATE +"] : ["CAP * LS :"]);
        Hear(["001 bot :Welcome", "376 bot :End"]);
        Pass();
        if (client.CanSend)
        {
            client.Enter("#a", "#a", now);
            Hear([":bot!b@h JOIN #a"]);
            if (told.Exists(t => t.StartsWith(nameof(ProtocolEvent.Opened), StringComparison.Ordinal)))
            {
                client.Send(Deliveries.Create("a", "#a", "hello"), now);
                client.Flush(now);
            }

            Hear([":irc.test PONG :0"]);
        }

        Hear([]);
        Pass();

        void Hear(string[] lines)
        {
            foreach (var line in (string[])[.. lines, ""])
            {
                var said = Encoding.UTF8.GetString(client.Output.Bytes.WrittenSpan);
                client.Output.Bytes.ResetWrittenCount();
                foreach (var ours in said.Split("\r\n", StringSplitOptions.RemoveEmptyEntries))
                {
                    last = Secrets.Exists(s => ours.Contains(s, StringComparison.Ordinal)) ? ours : last;
                    if (last is not null)
                    {
                        Feed(echo.Replace("{0}", last, StringComparison.Ordinal));
                    }
                }

                Feed(line.Length > 0 && line[0] != ':' && !line.StartsWith("AUTH", StringComparison.Ordinal) ? ":irc.test " + line : line);
            }
        }

        void Feed(string line)
        {
            client.Feed(Encoding.UTF8.GetBytes(line + "\r\n"), now);
            Drain();
        }

        void Pass()
        {
            now += TimeSpan.FromSeconds(30);
            client.Tick(now);
            Drain();
        }

        void Drain()
        {
            told.AddRange(client.Output.Events.Select(e => e.ToString()));
            told.AddRange(client.Output.Settled.Select(s => s.Outcome.Reason ?? ""));
            client.Output.Events.Clear();
            client.Output.Settled.Clear();
        }
    }

    [Theory]
    [InlineData("475 #a :wrong key sesame", "475 #a :wrong key ***")]
    [InlineData("475 :sesame is wrong", "475 *** is wrong")]
    [InlineData("no such channel: #sesame", "no such channel: #sesame")]
    public void AKey_IsHiddenWhereItStandsAlone(string reason, string shown)
    {
        var secrets = new IrcSecrets();
        secrets.AddKey("sesame");
        secrets.AddKey("key");
        Assert.Equal(shown, secrets.Hide(reason));
    }
}
