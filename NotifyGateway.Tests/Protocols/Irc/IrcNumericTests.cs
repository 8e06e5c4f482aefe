using System.Globalization;
using System.Text;
using NotifyGateway.Core.Protocols;
using NotifyGateway.Core.Protocols.Irc;
using NotifyGateway.Tests.Support;
using Xunit;

namespace NotifyGateway.Tests.Protocols.Irc;

/// <summary>Every numeric there can be, whatever it stands for somewhere.</summary>
public sealed class IrcNumericTests
{
    // 432: the nick that we want is too short to be tried otherwise.
    private static readonly int[] Final = [463, 464, 465];

    public static TheoryData<string> Shapes =>
        ["", "bot", "*", "bot #in :x", "bot #joining :x", "#joining :x", "bot alice :x", "bot bot #in #joining :x", "bot :", "bot #joining #in", "a b c d e f g h i j k l m n o p q :r"];

    [Theory]
    [MemberData(nameof(Shapes))]
    public void AnyNumeric_LeavesAClientThatWorks(string parameters)
    {
        for (var numeric = 0; numeric < 1000; numeric++)
        {
            var line = string.Create(CultureInfo.InvariantCulture, $":irc.test {numeric:D3} {parameters}");
            var client = Online();
            Say(client, line);
            var ended = client.Output.Events.OfType<ProtocolEvent.Ended>().Any();
            Assert.True(ended == (numeric == 465), line);
            client.Abandon();
            client.Quit("x");
            Assert.EndsWith("\r\n", Encoding.UTF8.GetString(client.Output.Bytes.WrittenSpan), StringComparison.Ordinal);
        }
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void AnyNumeric_BeforeLogin_LeavesAClientThatWorks(string parameters)
    {
        for (var numeric = 0; numeric < 1000; numeric++)
        {
            var line = string.Create(CultureInfo.InvariantCulture, $":irc.test {numeric:D3} {parameters}");
            var client = new IrcClient(IrcTranscript.Options);
            client.Start(TimeSpan.Zero);
            Say(client, line);
            var ended = client.Output.Events.OfType<ProtocolEvent.Ended>().Any();
            Assert.True(ended == Final.Contains(numeric), line);
            Say(client, ":irc.test 001 bot :Welcome", ":irc.test 376 bot :End");
            Assert.Equal(!ended, client.CanSend);
        }
    }

    private static IrcClient Online()
    {
        var client = new IrcClient(IrcTranscript.Options);
        client.Start(TimeSpan.Zero);
        Say(client, ":irc.test 001 bot :Welcome", ":irc.test 376 bot :End");
        client.Enter("#in", "#in", TimeSpan.Zero);
        client.Enter("alice", "alice", TimeSpan.Zero);
        Say(client, ":bot!~bot@host.test JOIN #in");
        client.Enter("#joining", "#joining", TimeSpan.Zero);
        client.Send(Deliveries.Create("1", "#in", "one"), TimeSpan.Zero);
        client.Send(Deliveries.Create("2", "alice", "two"), TimeSpan.Zero);
        client.Flush(TimeSpan.Zero);
        return client;
    }

    private static void Say(IrcClient client, params string[] lines) => client.Feed(Encoding.UTF8.GetBytes(string.Concat(lines.Select(l => l + "\r\n"))), TimeSpan.Zero);
}
