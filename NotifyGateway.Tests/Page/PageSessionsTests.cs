using Microsoft.Playwright;
using NotifyGateway.Core;
using NotifyGateway.Core.Outbox;
using NotifyGateway.Core.Sessions;
using NotifyGateway.Tests.Http;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace NotifyGateway.Tests.Page;

[Collection(nameof(Chromium))]
public sealed class PageSessionsTests(Chromium browser)
{
    [Fact]
    public async Task SaysWhatIsWrong_SinceWhen_AndThatAllIsWellAgain()
    {
        await using var host = await PageHost.StartAsync(sessions: PageHost.Net);
        await using var visit = await browser.VisitAsync(host.Doors);
        await visit.OpenAsync();
        await Expect(visit.Verdict).ToHaveTextAsync("All is well");
        await Expect(visit.Page).ToHaveTitleAsync("✓ NotifyGateway");

        host.Set(PageHost.Net with { Channels = [new ChannelStatus("#ops", ChannelState.Parked, "473 invite only")] });
        await Expect(visit.Page.Locator("#problems")).ToContainTextAsync("net cannot enter #ops: 473 invite only");
        await Expect(visit.Row("sessions", "net")).ToContainTextAsync("473 invite only");
        await Expect(visit.Page).ToHaveTitleAsync("! 1 problem – NotifyGateway");

        host.Set(PageHost.Net with { State = SessionState.Waiting, Since = DateTimeOffset.UtcNow.AddMinutes(-5), LastError = "connection refused", NextAttemptAt = DateTimeOffset.UtcNow.AddMinutes(2) });
        await Expect(visit.Page.Locator("#problems")).ToContainTextAsync("net is not connected for 5 min: connection refused · next attempt in 1:");
        await Expect(visit.Page.Locator("#glance")).ToHaveAttributeAsync("data-level", "bad");
        await Expect(visit.Page.Locator("#icon")).ToHaveAttributeAsync("href", "ui/icon-bad.svg");
        var first = await visit.Page.Locator("#problems time[data-moving=until]").TextContentAsync();
        await Expect(visit.Page.Locator("#problems time[data-moving=until]")).Not.ToHaveTextAsync(first!);

        host.Set(PageHost.Net);
        await Expect(visit.Verdict).ToHaveTextAsync("All is well");
        await Expect(visit.Page.Locator("#problems")).ToBeHiddenAsync();
        visit.AssertQuiet();
    }

    [Fact]
    public async Task SaysWhatWaitsForANetworkThatIsConfiguredNoMore()
    {
        await using var host = await PageHost.StartAsync(sessions: PageHost.Net);
        host.Backlog.Add(new SessionBacklog(new SessionKey("oldnet"), 3, DateTimeOffset.UtcNow.AddHours(-2)));
        await using var visit = await browser.VisitAsync(host.Doors);
        await visit.OpenAsAsync(DoorHost.AdminSecret);
        await Expect(visit.Page.Locator("#problems")).ToHaveTextAsync("oldnet is configured no more, and 3 deliveries wait for 2 h · show");
        await Expect(visit.Page.Locator("#verdict-more")).ToContainTextAsync("3 waiting, the oldest for 2 h");
        await Expect(visit.Page.Locator("#configuration")).ToContainTextAsync("oldnet3 deliveries wait, the oldest for 2 h: it is configured no more.");
        await visit.Page.GetByRole(AriaRole.Button, new() { Name = "show", Exact = true }).ClickAsync();
        await Expect(visit.Page.Locator("#deliveries-filter [name=status]")).ToHaveValueAsync("queued");
        visit.AssertQuiet();
    }

    [Fact]
    public async Task SaysSo_WhenTheGatewayIsGone()
    {
        await using var host = await PageHost.StartAsync(sessions: PageHost.Net);
        await using var visit = await browser.VisitAsync(host.Doors);
        visit.Expected.AddRange(["ERR_", "503"]);
        await visit.OpenAsync();
        await Expect(visit.Verdict).ToHaveTextAsync("All is well");
        await host.Doors.StopAsync();
        await Expect(visit.Verdict).ToHaveTextAsync("No connection to the gateway");
        await Expect(visit.Page.Locator("#link")).ToHaveAttributeAsync("data-state", "lost");
        visit.AssertQuiet();
    }

    [Fact]
    public async Task ConnectsAnew_AtTheAdministratorsCommand()
    {
        var onDemand = PageHost.Net with { Name = "irc://irc.example.net:6667", State = SessionState.Faulted, LastError = "banned" };
        await using var host = await PageHost.StartAsync(sessions: [PageHost.Net, onDemand]);
        await using var visit = await browser.VisitAsync(host.Doors);
        visit.Expected.Add("/api/v1/configuration");
        await visit.OpenAsAsync(DoorHost.AdminSecret);
        await visit.Page.GetByRole(AriaRole.Button, new() { Name = "Reconnect irc://irc.example.net:6667" }).ClickAsync();
        await Expect(visit.Page.Locator("#announce")).ToHaveTextAsync("irc://irc.example.net:6667 connects anew.");
        Assert.Equal(["irc://irc.example.net:6667"], host.Reconnected);
        visit.AssertQuiet();
    }

    [Fact]
    public async Task StaysQuick_WithFiveHundredSessions()
    {
        var many = Enumerable.Range(0, 500).Select(i => PageHost.Net with
        {
            Name = $"net{i:000}",
            State = i % 100 == 7 ? SessionState.Faulted : SessionState.Online,
            LastError = i % 100 == 7 ? "banned" : null,
            Channels = [.. Enumerable.Range(0, 20).Select(c => new ChannelStatus($"#channel-{c}", ChannelState.Joined, null))],
        }).ToArray();
        await using var host = await PageHost.StartAsync(sessions: many);
        await using var visit = await browser.VisitAsync(host.Doors);
        await visit.OpenAsync();
        await Expect(visit.Verdict).ToHaveTextAsync("5 problems");
        await Expect(visit.Page.Locator("#sessions-pages span")).ToHaveTextAsync("1–25 of 500");
        await Expect(visit.Page.Locator("#sessions tbody tr")).ToHaveCountAsync(25);
        await Expect(visit.Page.Locator("#sessions tbody tr").First).ToContainTextAsync("net007");
        await visit.Page.Locator("#sessions-pages [data-go='1']").ClickAsync();
        await Expect(visit.Page.Locator("#sessions-pages span")).ToHaveTextAsync("26–50 of 500");
        await visit.Page.Locator("#sessions-filter [name=find]").FillAsync("net123");
        await Expect(visit.Page.Locator("#sessions tbody tr")).ToHaveCountAsync(1);
        await visit.Page.Locator("#sessions-filter [name=find]").FillAsync("");
        await visit.Page.Locator("#sessions-filter [name=state]").SelectOptionAsync("trouble");
        await Expect(visit.Page.Locator("#sessions-count")).ToHaveTextAsync("5 of 500");
        Assert.InRange(await visit.ScriptAsync<int>("document.querySelectorAll('*').length"), 100, 3000);
        visit.AssertQuiet();
    }
}
