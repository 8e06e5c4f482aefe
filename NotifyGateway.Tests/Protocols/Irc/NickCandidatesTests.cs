using NotifyGateway.Core.Protocols.Irc;
using Xunit;

namespace NotifyGateway.Tests.Protocols.Irc;

public sealed class NickCandidatesTests
{
    [Theory]
    [InlineData("bot", null, 1, "bot bot1 bot2 bot3")]
    [InlineData("bot", "alert%03d", 7, "bot alert007 alert008 alert009")]
    [InlineData("bot", "alert%d", 0, "bot alert0 alert1 alert2")]
    [InlineData("bot", "a%2db", 9, "bot a09b a10b a11b")]
    [InlineData("irker%03d", null, 1, "irker001 irker002 irker003")]
    [InlineData("irker%03d", null, 999, "irker999 irker1000 irker1001")]
    [InlineData("irker%03d", "x%d", 1, "irker001 x2 x3")]
    [InlineData("bot%", null, 1, "bot% bot%1 bot%2")]
    [InlineData("bot%s", null, 1, "bot%s bot%s1")]
    public void Begins_With(string wanted, string? fallback, int first, string nicks) =>
        Assert.Equal(nicks, string.Join(' ', All(new NickCandidates(wanted, fallback, first)).Take(nicks.Split(' ').Length)));

    [Fact]
    public void Ends_AfterTwentyNumbersAndFiveUnderscores()
    {
        var all = All(new NickCandidates("bot", null, 1)).ToList();

        Assert.Equal(26, all.Count);
        Assert.Equal(["bot20", "bot_", "bot__", "bot___", "bot____", "bot_____"], all[^6..]);
    }

    [Fact]
    public void Asks_OnceOnly_WithTemplateThatHasNoNumber() =>
        Assert.Equal("bot alertbot bot_ bot__ bot___ bot____ bot_____", string.Join(' ', All(new NickCandidates("bot", "alertbot", 1))));

    [Fact]
    public void Erroneous_IsCutToNine_ThenAnotherOne_AFewTimes()
    {
        var nicks = new NickCandidates("notification-gateway", null, 1);
        var tried = new List<string>();

        while (nicks.Erroneous())
        {
            tried.Add(nicks.Current);
        }

        Assert.Equal(["notificat", "notifica1", "notifica2", "notifica3"], tried);
        Assert.Equal("notificat", nicks.Wanted(null));
        Assert.Equal("notification-g", nicks.Wanted(14));
        Assert.Equal("notification-gateway", nicks.Wanted(64));
    }

    [Fact]
    public void Cut_KeepsCandidatesApart()
    {
        var nicks = new NickCandidates("notification-gateway", null, 1);
        nicks.Cut(12);

        var all = All(nicks).Skip(1).ToList();

        Assert.Equal("notification".Length, all.Max(n => n.Length));
        Assert.Equal(all.Count, all.Distinct(StringComparer.Ordinal).Count());
        Assert.Equal(["notificati20", "notificatio_", "notificati__"], all[19..22]);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public void Cut_ToAlmostNothing_Ends(int length)
    {
        var nicks = new NickCandidates("notification-gateway", null, 1);
        nicks.Cut(length);

        Assert.InRange(All(nicks).Count(), 2, 26);
        Assert.True(nicks.Current.Length > 0);
    }

    private static IEnumerable<string> All(NickCandidates nicks)
    {
        do
        {
            yield return nicks.Current;
        }
        while (nicks.Taken());
    }
}
