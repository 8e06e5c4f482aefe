using System.Globalization;
using System.Net;
using Microsoft.Extensions.DependencyInjection;
using NotifyGateway.Core;
using NotifyGateway.Tests.Support;
using Xunit;

namespace NotifyGateway.Tests;

/// <summary>Wrong secrets are answered later and later, by address.</summary>
public sealed class FailedAttemptsTests : IDisposable
{
    private static readonly IPAddress Address = IPAddress.Parse("192.0.2.1");

    private readonly ManualTime _time = new();
    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().AddSingleton<DoorCounters>().BuildServiceProvider();
    private readonly FailedAttempts _attempts;

    public FailedAttemptsTests() => _attempts = new FailedAttempts(_time, _services.GetRequiredService<DoorCounters>());

    public void Dispose() => _services.Dispose();

    private Task<bool> FailAsync(IPAddress? address = null, int guesses = 1) => _attempts.HoldAsync(address ?? Address, "http", guesses, TestContext.Current.CancellationToken);

    private void Spend(IPAddress? address = null)
    {
        for (var i = 0; i < FailedAttempts.Free; i++)
        {
            Assert.True(FailAsync(address).IsCompletedSuccessfully);
        }
    }

    /// <summary>How long the next one is held, to the tenth of a second.</summary>
    private async Task<double> HeldAsync(IPAddress? address = null, int guesses = 1)
    {
        var held = FailAsync(address, guesses);
        var tenths = 0;
        for (; !held.IsCompleted; tenths++)
        {
            _time.Advance(TimeSpan.FromSeconds(0.1));
            await Task.Yield();
            await Task.WhenAny(held, Task.Delay(tenths > 700 ? 1000 : 5, TestContext.Current.CancellationToken));
            Assert.True(tenths < 800);
        }

        Assert.True(await held);
        return tenths / 10.0;
    }

    [Fact]
    public async Task AnyNumberOfGuesses_IsForgivenAfterTenMinutes()
    {
        for (var i = 0; i < 100; i++)
        {
            _ = FailAsync(guesses: 1_000_000);
        }

        _time.Advance(TimeSpan.FromMinutes(11));

        Assert.True(FailAsync().IsCompletedSuccessfully);
        Assert.True(await FailAsync());
    }

    [Fact]
    public async Task TheFirstFew_AreFree_AndThenEachWaitsLonger_UpToALimit()
    {
        Spend();
        Assert.InRange(await HeldAsync(), 0.1, 0.3);
        Assert.InRange(await HeldAsync(), 0.3, 0.6);
        Assert.InRange(await HeldAsync(), 0.6, 1.1);
        for (var i = 0; i < 5; i++)
        {
            await HeldAsync();
        }

        Assert.InRange(await HeldAsync(), 4, 5.2);
    }

    [Fact]
    public void OtherAddresses_AreNotHeld()
    {
        Spend();
        Assert.False(FailAsync().IsCompleted);
        Assert.True(FailAsync(IPAddress.Parse("192.0.2.2")).IsCompletedSuccessfully);
        Assert.True(FailAsync(null).Status is TaskStatus.WaitingForActivation or TaskStatus.RanToCompletion);
    }

    [Theory]
    [InlineData("2001:db8:1:2::1", "2001:db8:1:2:ffff::9", true)]
    [InlineData("2001:db8:1:2::1", "2001:db8:1:3::1", false)]
    [InlineData("192.0.2.1", "::ffff:192.0.2.1", true)]
    [InlineData("127.0.0.1", "::1", false)]
    public void NetworksOfIpv6_AreOneAddress(string one, string other, bool same)
    {
        Spend(IPAddress.Parse(one));
        Assert.Equal(!same, FailAsync(IPAddress.Parse(other)).IsCompletedSuccessfully);
    }

    [Fact]
    public void Failures_AreForgivenInTime()
    {
        Spend();
        _time.Advance(TimeSpan.FromSeconds(10 * FailedAttempts.Free));
        Spend();
        Assert.False(FailAsync().IsCompleted);
    }

    [Fact]
    public async Task ManyGuessesAtOnce_WaitForEach()
    {
        Assert.True(FailAsync(guesses: FailedAttempts.Free).IsCompletedSuccessfully);
        Assert.InRange(await HeldAsync(guesses: 5000), 59, 61);
    }

    [Fact]
    public void OnlySoManyAreHeld_AndTheRestRefusedAtOnce()
    {
        Spend();
        var held = Enumerable.Range(0, FailedAttempts.MaxHeld).Select(_ => FailAsync()).ToList();
        Assert.All(held, h => Assert.False(h.IsCompleted));
        var refused = FailAsync();
        Assert.True(refused is { IsCompletedSuccessfully: true, Result: false });
    }

    [Fact]
    public async Task Memory_IsBounded_AndTheQuietestIsForgotten()
    {
        var first = IPAddress.Parse("10.0.0.1");
        Spend(first);
        for (var i = 0; i < FailedAttempts.MaxAddresses + 10; i++)
        {
            Assert.True(await FailAsync(IPAddress.Parse(string.Create(CultureInfo.InvariantCulture, $"172.{16 + (i / 65536)}.{i / 256 % 256}.{i % 256}"))));
        }

        Assert.Equal(FailedAttempts.MaxAddresses, _attempts.Count);
        Assert.True(FailAsync(first).IsCompletedSuccessfully);
    }
}
