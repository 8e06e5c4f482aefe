using NotifyGateway.Core.Protocols.Irc;
using NotifyGateway.Tests.Support;
using Xunit;

namespace NotifyGateway.Tests.Protocols.Irc;

/// <summary>A server that ends the connection because we were too fast is not made to do so again and again.</summary>
public sealed class IrcFloodTests
{
    [Theory]
    [InlineData("Closing link: (bot@127.0.0.1) [Excess Flood]", 1)]
    [InlineData("Closing Link: bot[127.0.0.1] (Excess Flood)", 1)]
    [InlineData("Closing link: (bot@127.0.0.1) [RecvQ exceeded]", 1)]
    [InlineData("Closing Link: bot[127.0.0.1] (Killed by oper)", 0)]
    [InlineData("Server going down", 0)]
    public void LastWords_AreRemembered(string words, int kills)
    {
        var floods = new IrcFloodHistory();
        var client = new IrcClient(IrcTranscript.Options with { Floods = floods });
        client.Start(TimeSpan.Zero);
        client.Feed(System.Text.Encoding.ASCII.GetBytes($"ERROR :{words}\r\n"), TimeSpan.Zero);

        Assert.Equal(kills, floods.Kills);
    }

    [Fact]
    public void EachKill_HalvesThePace()
    {
        var floods = new IrcFloodHistory();
        Assert.Equal((1000, 0, 50, TimeSpan.Zero), (floods.Burst(1000), floods.LinesPerSecond(0), floods.LinesPerSecond(50), floods.JoinSpacing));
        floods.OnKilled();
        Assert.Equal((4, 1, 1, 0.25), (floods.Burst(1000), floods.LinesPerSecond(0), floods.LinesPerSecond(50), floods.LinesPerSecond(0.25)));
        floods.OnKilled();
        Assert.Equal((2, 0.5, 6), (floods.Burst(1000), floods.LinesPerSecond(0), floods.JoinSpacing.TotalSeconds));
        for (var i = 0; i < 100; i++)
        {
            floods.OnKilled();
        }

        Assert.Equal((1, 1 / 32.0), (floods.Burst(5), floods.LinesPerSecond(0)));
    }

    [Fact]
    public void NextConnection_GoesSlower()
    {
        var floods = new IrcFloodHistory();
        floods.OnKilled();
        IrcTranscript.Play(IrcTranscript.Login + """
            enter #a #a
            client: JOIN #a
            enter #b #b
            server: :bot!~bot@host.test JOIN #a
            expect opened #a
            wakes at 3
            time 3
            client: JOIN #b
            server: :bot!~bot@host.test JOIN #b
            expect opened #b
            send 1 #a 1\n2\n3\n4\n5\n6
            flush
            client: PRIVMSG #a :1
            client: PRIVMSG #a :2
            client: PRIVMSG #a :3
            client: PRIVMSG #a :4
            wakes at 1.001
            time 1.001
            client: PRIVMSG #a :5
            time 1
            client: PRIVMSG #a :6
            client: PING 1
            server: PONG 1
            expect delivered 1
            """, IrcTranscript.Options with { Floods = floods });
    }
}
