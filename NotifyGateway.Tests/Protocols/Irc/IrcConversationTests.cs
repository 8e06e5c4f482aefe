using FsCheck;
using FsCheck.Fluent;
using NotifyGateway.Tests.Support;
using Xunit;

namespace NotifyGateway.Tests.Protocols.Irc;

/// <summary>Whole conversations at random: what must hold whatever the server, the network and the senders do.</summary>
public sealed class IrcConversationTests
{
    private const int Runs = 1000;
    private const int Steps = 150;

    [Fact]
    public void Truth_IsWhatIsReported_OfAnOrderlyServer() => ForAnySeed((seed, steps) =>
    {
        var conversation = new IrcConversation(seed, hostile: false);
        conversation.Run(steps);
        conversation.ComeToRest();
    });

    [Fact]
    public void Invariants_Hold_WhateverAServerSays() => ForAnySeed((seed, steps) =>
    {
        var conversation = new IrcConversation(seed, hostile: true);
        conversation.Run(steps);
        conversation.End();
    });

    /// <summary>A failure names the seed, and the fewest steps that are found to fail with it.</summary>
    private static void ForAnySeed(Action<int, int> run)
    {
        var conversations = Arb.From(Gen.Choose(0, int.MaxValue).Select(seed => (Seed: seed, Steps: Steps)), Fewer);
        Prop.ForAll(conversations, c => run(c.Seed, c.Steps)).Holds(Runs);
    }

    private static IEnumerable<(int Seed, int Steps)> Fewer((int Seed, int Steps) failed) =>
        from steps in (int[])[failed.Steps / 2, failed.Steps * 9 / 10, failed.Steps - 1] where steps >= 0 && steps < failed.Steps select (failed.Seed, steps);
}
