using NotifyGateway.Core;
using NotifyGateway.Core.Configuration;
using NotifyGateway.Tests.Support;
using Xunit;

namespace NotifyGateway.Tests.Http;

/// <summary>Whoever guesses secrets is answered later and later, at every door; those who know one are not.</summary>
public sealed class HeldAnswersTests
{
    private const string Sessions = "/api/v1/sessions";
    private const string Right = $"X-Api-Key: {DoorHost.CiSecret}";

    private readonly ManualTime _time = new();

    private Task<DoorHost> StartAsync() => DoorHost.StartAsync(
        o => o with
        {
            KnownProxies = ["127.0.0.1"],
            Hooks = new Dictionary<string, HookOptions>(StringComparer.OrdinalIgnoreCase)
            {
                ["h"] = new() { Token = "right-token-1", To = ["net/#ops"], SigningSecret = "signing-secret-1" },
            },
        },
        time: _time);

    /// <summary>Every door at which one can guess.</summary>
    private static async Task<Answer> GuessAsync(DoorHost host, int door, params string[] headers) => (door % 8) switch
    {
        0 => await host.GetAsync(Sessions, ["Authorization: Bearer wrong-1", .. headers]),
        1 => await host.GetAsync("/notification/send?message=x&secret=wrong-2", headers),
        2 => await host.PostJsonAsync("/api/v1/messages", """{"to":["net/#ops"],"text":"x","secret":"wrong-3"}""", headers),
        3 => await host.PostJsonAsync("/hooks/wrong-token", """{"text":"x"}""", headers),
        4 => await host.PostJsonAsync("/post/wrong-token", """{"text":"x"}""", headers),
        5 => await host.PostJsonAsync("/hooks/right-token-1", """{"text":"x"}""", ["X-Hub-Signature-256: sha256=00", .. headers]),
        6 => await host.PostJsonAsync("/hooks/right-token-1", """{"text":"x"}""", ["Origin: https://elsewhere.example", "Authorization: Bearer wrong-4", .. headers]),
        _ => await host.PostJsonAsync("/message?token=wrong-token", """{"message":"x"}""", headers),
    };

    [Fact]
    public async Task AWrongSecret_IsAnsweredLate_AtEveryDoor_AndARightOneAtOnce()
    {
        await using var host = await StartAsync();
        for (var i = 0; i < FailedAttempts.Free; i++)
        {
            Assert.InRange((await GuessAsync(host, i)).Code, 401, 404);
        }

        var held = Enumerable.Range(0, 8).Select(door => GuessAsync(host, door)).ToList();
        await Deadline.Poll(() => host.Counts.Of("held") == held.Count);
        Assert.Equal(200, (await host.GetAsync(Sessions, Right)).Code);
        Assert.Equal(202, (await host.PostJsonAsync("/api/v1/messages", """{"to":["net/#ops"],"text":"good"}""", Right)).Code);
        Assert.Equal(401, (await host.GetAsync("/api/v1/messages", "X-Forwarded-For: 192.0.2.7")).Code);
        Assert.All(held, h => Assert.False(h.IsCompleted));
        await Deadline.Poll(() =>
        {
            _time.Advance(TimeSpan.FromSeconds(1));
            return held.TrueForAll(h => h.IsCompleted);
        });
        Assert.All(await Task.WhenAll(held), answer => Assert.InRange(answer.Code, 401, 404));
        Assert.Equal(["net/#ops|good"], await host.AcceptedAsync());
    }

    [Fact]
    public async Task TheAddressThatCounts_IsTheOneBehindAKnownProxy()
    {
        await using var host = await StartAsync();
        for (var i = 0; i < FailedAttempts.Free; i++)
        {
            await GuessAsync(host, i, "X-Forwarded-For: 192.0.2.66");
        }

        var held = GuessAsync(host, 0, "X-Forwarded-For: 192.0.2.66");
        await Deadline.Poll(() => host.Counts.Of("held") == 1);
        Assert.Equal(401, (await GuessAsync(host, 0, "X-Forwarded-For: 192.0.2.7")).Code);
        Assert.False(held.IsCompleted);
        await Deadline.Poll(() =>
        {
            _time.Advance(TimeSpan.FromSeconds(1));
            return held.IsCompleted;
        });
        Assert.Equal(401, (await held).Code);
    }

    [Fact]
    public async Task NoSecretAtAll_IsNoGuess()
    {
        await using var host = await DoorHost.StartAsync(o => o with { Anonymous = AnonymousAccess.None }, time: _time);
        for (var i = 0; i < 3 * FailedAttempts.Free; i++)
        {
            Assert.Equal(401, (await host.GetAsync(Sessions)).Code);
        }

        Assert.Equal(0, host.Counts.Of("held"));
    }
}
