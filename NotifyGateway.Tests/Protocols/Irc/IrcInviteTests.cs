using NotifyGateway.Core.Protocols.Irc;
using NotifyGateway.Tests.Support;
using Xunit;

namespace NotifyGateway.Tests.Protocols.Irc;

/// <summary>Channels that would not have us, and then may: by invitation, or since services know us.</summary>
public sealed class IrcInviteTests
{
    private const string Refused = IrcTranscript.InChannels + """
        enter #ops #Ops
        client: JOIN #Ops
        server: :irc.test 473 bot #ops :Cannot join channel (+i)
        expect refused #ops Later 473 Cannot join channel (+i)

        """;

    [Theory]
    [InlineData(":alice!a@b INVITE bot #ops")]
    [InlineData(":alice!a@b INVITE BOT :#OPS")]
    [InlineData(":irc.test INVITE bot #ops 1700000000")]
    public void Invitation_MakesARefusedChannelReachable_Once(string invite) => IrcTranscript.Play(Refused + $"""
        server: {invite}
        expect reachable #ops
        server: {invite}
        enter #ops #Ops
        client: JOIN #Ops
        server: :bot!~bot@h JOIN #ops
        expect opened #ops
        server: {invite}
        """);

    [Theory]
    [InlineData(":alice!a@b INVITE bot #other")]
    [InlineData(":alice!a@b INVITE bot #a")]
    [InlineData(":alice!a@b INVITE bot alice")]
    [InlineData(":alice!a@b INVITE carol #ops")]
    [InlineData(":alice!a@b INVITE bot")]
    public void Invitation_ToAnythingElse_IsIgnored(string invite) => IrcTranscript.Play(Refused + $"""
        server: {invite}
        """);

    [Fact]
    public void Invitation_ToAChannelThatIsBeingJoined_IsIgnored() => IrcTranscript.Play(Refused + """
        enter #ops #Ops
        client: JOIN #Ops
        server: :alice!a@b INVITE bot #ops
        server: :irc.test 473 bot #ops :Cannot join channel (+i)
        expect refused #ops Later 473 Cannot join channel (+i)
        server: :alice!a@b INVITE bot #ops
        expect reachable #ops
        """);

    [Fact]
    public void Invitation_AfterAKick_IsTaken() => IrcTranscript.Play(IrcTranscript.InChannels + """
        server: :alice!a@b KICK #a bot :a mistake
        server: :alice!a@b INVITE bot #a
        expect closed #a kicked by alice: a mistake
        expect reachable #a
        """);

    [Fact]
    public void Invitation_ToWhatWasLeft_IsIgnored() => IrcTranscript.Play(Refused + """
        leave #ops
        server: :alice!a@b INVITE bot #ops
        """);

    [Fact]
    public void Invitation_IsForAllLanesOfTheChannel() => IrcTranscript.Play(IrcTranscript.Login + """
        enter #a[ #a[
        client: JOIN #a[
        enter #a{ #a{
        server: :irc.test 473 bot #a[ :Cannot join channel (+i)
        expect refused #a[ Later 473 Cannot join channel (+i)
        expect refused #a{ Later 473 Cannot join channel (+i)
        server: :alice!a@b INVITE bot #A{
        expect reachable #a[
        expect reachable #a{
        """);

    [Fact]
    public void Invitations_InAHurry_AreTakenNowAndThen()
    {
        const string Round = """
            server: :alice!a@b INVITE bot #ops
            expect reachable #ops
            enter #ops #ops
            client: JOIN #ops
            server: :irc.test 473 bot #ops :Cannot join channel (+i)
            expect refused #ops Later 473 Cannot join channel (+i)

            """;
        IrcTranscript.Play(Refused + string.Concat(Enumerable.Repeat(Round, 5)) + """
            server: :alice!a@b INVITE bot #ops
            time 4.9
            server: :alice!a@b INVITE bot #ops
            time 0.1
            server: :alice!a@b INVITE bot #ops
            expect reachable #ops
            """);
    }

    [Theory]
    [InlineData(":irc.test 900 bot bot!~bot@h bot :You are now logged in as bot")]
    [InlineData(":NickServ!s@services MODE bot :+r")]
    [InlineData(":irc.test MODE BOT -x+iR")]
    public void Login_MakesChannelsReachable_ThatAskForOne(string login) => IrcTranscript.Play(Refused + $"""
        enter #reg #reg
        client: JOIN #reg
        enter #ng #ng
        client: JOIN #ng
        server: :irc.test 477 bot #reg :You need a registered nick to join that channel.
        server: :irc.test 471 bot #ng :Cannot join channel (+R) -- Registered users only
        expect refused #reg Later 477 You need a registered nick to join that channel.
        expect refused #ng Later 471 Cannot join channel (+R) -- Registered users only
        server: {login}
        expect reachable #reg
        expect reachable #ng
        server: {login}
        """);

    [Theory]
    [InlineData(":NickServ!s@services MODE bot :-r+i")]
    [InlineData(":NickServ!s@services MODE alice :+r")]
    [InlineData(":NickServ!s@services MODE #reg +r")]
    [InlineData(":irc.test MODE bot")]
    public void OtherModes_AreNoLogin(string mode) => IrcTranscript.Play(IrcTranscript.Login + $"""
        enter #reg #reg
        client: JOIN #reg
        server: :irc.test 477 bot #reg :You need a registered nick to join that channel.
        expect refused #reg Later 477 You need a registered nick to join that channel.
        server: {mode}
        """);

    [Fact]
    public void Memory_OfRefusedChannels_HasAnEnd()
    {
        var output = new Core.Protocols.ProtocolOutput();
        var state = new IrcState(IrcTranscript.Options, output) { Nick = "bot" };
        var refused = new IrcRefused(state);
        for (var i = 0; i < 1000; i++)
        {
            var target = new IrcTarget($"#{i}", isChannel: true);
            target.Lanes.Add($"#{i}");
            refused.Keep(target, 477);
        }

        refused.OnLoggedIn();
        Assert.Equal(Enumerable.Range(500, 500).Select(i => $"#{i}"), output.Events.Cast<Core.Protocols.ProtocolEvent.Reachable>().Select(e => e.Lane));
    }
}
