using Microsoft.Playwright;
using NotifyGateway.Core;
using NotifyGateway.Core.Sessions;
using NotifyGateway.Tests.Http;
using NotifyGateway.Tests.Support;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace NotifyGateway.Tests.Page;

[Collection(nameof(Chromium))]
public sealed class PageSafetyTests(Chromium browser)
{
    private const string Evil = "<img src=x onerror=\"window.hit=1;alert(1)\"><script>window.hit=2</script>'\"`${window.hit=3}";

    [Fact]
    public async Task ShowsMarkupAsText_WhoeverSaysIt()
    {
        var session = PageHost.Net with
        {
            Nick = Evil,
            Server = Evil,
            State = SessionState.Faulted,
            LastError = Evil,
            Channels = [new ChannelStatus("#" + Evil, ChannelState.Parked, Evil)],
        };
        await using var host = await PageHost.StartAsync(sessions: [session, PageHost.Net with { Name = "irc://" + Evil }]);
        var json = System.Text.Json.JsonSerializer.Serialize(new { to = new[] { "net/#ops" }, title = Evil, text = Evil });
        var id = await host.SendAsync(json);
        await host.Doors.Outbox.SettleAllAsync("net", Outcome.Failed(Evil));
        await using var visit = await browser.VisitAsync(host.Doors);
        await visit.OpenAsync($"#message={id}");
        await Expect(visit.Page.Locator("#problems")).ToContainTextAsync(Evil);
        await Expect(visit.Page.Locator("#sessions")).ToContainTextAsync("irc://" + Evil);
        await Expect(visit.Page.Locator("#deliveries .reason")).ToHaveTextAsync(Evil);
        await Expect(visit.Page.Locator("#deliveries .open")).ToContainTextAsync(Evil);
        await Expect(visit.Page.Locator("#detail .message")).ToHaveTextAsync(Evil);
        await Expect(visit.Page.Locator("#detail .lines")).ToContainTextAsync(Evil);
        Assert.Equal(0, await visit.ScriptAsync<int>("document.querySelectorAll('img, main script, dialog script').length + (window.hit ?? 0)"));
        visit.AssertQuiet();
    }

    [Fact]
    public async Task WorksBehindAPathOfAProxy()
    {
        await using var host = await PageHost.StartAsync(sessions: PageHost.Net);
        await using var visit = await browser.VisitAsync(host.Doors);
        visit.Expected.Add("/api/v1/configuration");
        var own = host.Doors.Client.BaseAddress!.ToString();
        var outside = new List<string>();
        await visit.Page.RouteAsync("**/*", async route =>
        {
            var url = route.Request.Url;
            if (url.StartsWith(own + "tools/notify/", StringComparison.Ordinal))
            {
                await route.ContinueAsync(new RouteContinueOptions { Url = own + url[(own.Length + "tools/notify/".Length)..] });
                return;
            }

            lock (outside)
            {
                outside.Add(url);
            }

            await route.AbortAsync();
        });
        await visit.Page.AddInitScriptAsync($"sessionStorage.setItem('notify-gateway.secret', '{DoorHost.AdminSecret}')");
        await visit.Page.GotoAsync(own + "tools/notify/");
        await Expect(visit.Page.Locator("#link")).ToHaveAttributeAsync("data-state", "live");
        await Expect(visit.Verdict).ToHaveTextAsync("All is well");
        await visit.Page.GetByRole(AriaRole.Button, new() { Name = "Reconnect net" }).ClickAsync();
        await Expect(visit.Page.Locator("#announce")).ToHaveTextAsync("net connects anew.");
        await visit.Page.GetByRole(AriaRole.Button, new() { Name = "Show curl line of grafana" }).ClickAsync();
        await Expect(visit.Page.Locator("#hooks code")).ToContainTextAsync($"'{own}tools/notify/hooks/token-of-grafana'");
        var links = await visit.ScriptAsync<string[]>("[...document.querySelectorAll('a[href], link[href], script[src]')].map(e => e.href || e.src)");
        Assert.All(links, l => Assert.StartsWith(own + "tools/notify/", l, StringComparison.Ordinal));
        Assert.Empty(outside);
        visit.AssertQuiet();
    }

    [Fact]
    public async Task CanBeUsedByTheKeyboardAlone()
    {
        await using var host = await PageHost.StartAsync(sessions: PageHost.Net);
        await host.SendAsync("""{"to":["net/#ops"],"text":"press enter"}""");
        await using var visit = await browser.VisitAsync(host.Doors);
        await visit.OpenAsync();
        await Expect(visit.Row("deliveries", "press enter")).ToBeVisibleAsync();
        var keyboard = visit.Page.Keyboard;
        await keyboard.PressAsync("Tab");
        await Expect(visit.Page.GetByRole(AriaRole.Link, new() { Name = "Skip to the content" })).ToBeFocusedAsync();

        // Everything that can be clicked gets its turn, and shows that it has it.
        var reached = new List<string>();
        for (var i = 0; i < 60 && !reached.Contains("Documents"); i++)
        {
            await keyboard.PressAsync("Tab");
            reached.Add(await visit.ScriptAsync<string>("(document.activeElement.textContent || document.activeElement.name || '').trim()"));
            Assert.NotEqual("none", await visit.ScriptAsync<string>("getComputedStyle(document.activeElement).outlineStyle"));
        }

        Assert.Contains("press enter", reached);
        Assert.Contains("Cancel", reached);
        Assert.Contains("Send", reached);
        Assert.Contains("Documents", reached);

        await visit.Page.Locator("#deliveries .open").FocusAsync();
        await keyboard.PressAsync("Enter");
        await Expect(visit.Page.Locator("#detail")).ToBeVisibleAsync();
        await keyboard.PressAsync("Escape");
        await Expect(visit.Page.Locator("#deliveries .open")).ToBeFocusedAsync();
        visit.AssertQuiet();
    }

    [Fact]
    public async Task SaysWhereToLook_WithoutJavaScript()
    {
        await using var host = await PageHost.StartAsync(sessions: PageHost.Net);
        await using var visit = await browser.VisitAsync(host.Doors, new BrowserNewContextOptions { JavaScriptEnabled = false });
        await visit.Page.GotoAsync(host.Doors.Client.BaseAddress!.ToString());
        await Expect(visit.Page.Locator("noscript p")).ToContainTextAsync("This page needs JavaScript.");
        visit.AssertQuiet();
    }
}
