using Microsoft.Playwright;
using NotifyGateway.Core.Configuration;
using NotifyGateway.Tests.Http;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace NotifyGateway.Tests.Page;

[Collection(nameof(Chromium))]
public sealed class PageSignInTests(Chromium browser)
{
    [Fact]
    public async Task AsksForASecret_RefusesAWrongOne_KeepsTheRightOneInThisTabOnly()
    {
        await using var host = await PageHost.StartAsync(AnonymousAccess.None, PageHost.Net);
        await using var visit = await browser.VisitAsync(host.Doors);
        visit.Expected.AddRange(["401", "/api/v1/configuration"]);
        await visit.Page.GotoAsync(host.Doors.Client.BaseAddress!.ToString());
        await Expect(visit.Page.Locator("#gate-why")).ToHaveTextAsync("A secret is needed.");
        await Expect(visit.Page.Locator("#content")).ToBeHiddenAsync();

        await visit.Page.Locator("#gate-button").ClickAsync();
        await visit.Page.GetByLabel("Secret").FillAsync("wrong");
        await visit.Page.Keyboard.PressAsync("Enter");
        await Expect(visit.Page.Locator("#signin-error")).ToHaveTextAsync("This secret is wrong, or not valid any more.");
        Assert.Null(await Kept(visit));

        await visit.Page.GetByLabel("Secret").FillAsync(DoorHost.AdminSecret);
        await visit.Page.Keyboard.PressAsync("Enter");
        await Expect(visit.Page.Locator("#who")).ToHaveTextAsync("admin");
        await Expect(visit.Verdict).ToHaveTextAsync("All is well");
        Assert.Equal(DoorHost.AdminSecret, await Kept(visit));
        Assert.Equal(0, await visit.ScriptAsync<int>("localStorage.length + document.cookie.length"));
        Assert.DoesNotContain(DoorHost.AdminSecret, visit.Page.Url + await visit.Page.ContentAsync(), StringComparison.Ordinal);

        await visit.Page.ReloadAsync();
        await Expect(visit.Page.Locator("#who")).ToHaveTextAsync("admin");

        await visit.Page.Locator("#sign-out").ClickAsync();
        await Expect(visit.Page.Locator("#gate")).ToBeVisibleAsync();
        await Expect(visit.Page.Locator("#sessions tbody tr")).ToHaveCountAsync(0);
        Assert.Null(await Kept(visit));
        visit.AssertQuiet();
        Assert.DoesNotContain(host.Doors.Log.Lines.Entries, l => l.ToString().Contains(DoorHost.AdminSecret, StringComparison.Ordinal));
    }

    [Fact]
    public async Task WorksWithoutASecret_WhereAnybodyMayLook_ButOffersNoCommandOfTheAdministrators()
    {
        await using var host = await PageHost.StartAsync(sessions: PageHost.Net);
        await using var visit = await browser.VisitAsync(host.Doors);
        await visit.OpenAsync();
        await Expect(visit.Verdict).ToHaveTextAsync("All is well");
        await Expect(visit.Row("sessions", "net")).ToContainTextAsync("#ops");
        await Expect(visit.Page.GetByRole(AriaRole.Button, new() { Name = "Reconnect" })).ToHaveCountAsync(0);
        await Expect(visit.Page.Locator("#hooks-card")).ToBeHiddenAsync();
        await Expect(visit.Page.Locator("#sign-in")).ToBeVisibleAsync();
        visit.AssertQuiet();
    }

    private static Task<string?> Kept(Visit visit) => visit.ScriptAsync<string?>("sessionStorage.getItem('notify-gateway.secret')");
}
