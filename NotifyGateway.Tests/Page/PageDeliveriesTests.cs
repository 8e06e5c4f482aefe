using System.Text.RegularExpressions;
using Microsoft.Playwright;
using NotifyGateway.Core;
using NotifyGateway.Tests.Http;
using NotifyGateway.Tests.Support;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace NotifyGateway.Tests.Page;

[Collection(nameof(Chromium))]
public sealed class PageDeliveriesTests(Chromium browser)
{
    [Fact]
    public async Task ShowsADelivery_AsItHappens()
    {
        await using var host = await PageHost.StartAsync(sessions: PageHost.Net);
        await using var visit = await browser.VisitAsync(host.Doors);
        await visit.OpenAsync();
        await Expect(visit.Page.Locator("#deliveries-empty")).ToContainTextAsync("No messages yet");
        await visit.ScriptAsync<object?>("window.sameDocument = true");

        await host.SendAsync("""{"to":["net/#ops"],"text":"disk full on web1"}""");
        await host.Doors.Outbox.SettleAllAsync("net", Outcome.Delivered(Proof.Pong));
        await Expect(visit.Row("deliveries", "disk full on web1")).ToContainTextAsync("pong");
        await Expect(visit.Row("deliveries", "disk full on web1")).ToContainTextAsync("Delivered");

        await host.SendAsync("""{"to":["net/#dev"],"text":"second"}""");
        await host.Doors.Outbox.SettleAllAsync("net", Outcome.Failed("404 Cannot send to channel"));
        await Expect(visit.Row("deliveries", "second")).ToContainTextAsync("404 Cannot send to channel");
        await Expect(visit.Page.Locator("#deliveries tbody tr").First).ToContainTextAsync("second");
        Assert.True(await visit.ScriptAsync<bool>("window.sameDocument"));
        visit.AssertQuiet();
    }

    [Fact]
    public async Task TellsWhatDidNotArriveLately_AndLeadsThere()
    {
        await using var host = await PageHost.StartAsync(sessions: PageHost.Net);
        await using var visit = await browser.VisitAsync(host.Doors);
        await visit.OpenAsync();
        await Expect(visit.Verdict).ToHaveTextAsync("All is well");
        await host.SendAsync("""{"to":["net/#ops"],"text":"arrives"}""");
        await host.Doors.Outbox.SettleAllAsync("net", Outcome.Delivered(Proof.Pong));
        await host.SendAsync("""{"to":["net/#ops","net/#dev"],"text":"lost"}""");
        await host.Doors.Outbox.SettleAllAsync("net", Outcome.Failed("404 Cannot send to channel"));
        await Expect(visit.Page.Locator("#problems")).ToHaveTextAsync("2 deliveries failed in the last hour · show");
        await Expect(visit.Verdict).ToHaveTextAsync("1 problem");
        await Expect(visit.Page.Locator("#deliveries tbody tr")).ToHaveCountAsync(3);

        // Of what arrived in part only the rest is shown.
        await host.SendAsync("""{"to":["net/#ops","log"],"text":"in part"}""");
        await host.Doors.Outbox.SettleAllAsync("net", Outcome.Failed("404 Cannot send to channel"));
        await host.Doors.Outbox.SettleAllAsync("log", Outcome.Delivered(Proof.Exit));
        await visit.Page.GetByRole(AriaRole.Button, new() { Name = "show", Exact = true }).ClickAsync();
        await Expect(visit.Page.Locator("#deliveries tbody tr")).ToHaveCountAsync(3);
        await Expect(visit.Row("deliveries", "in part")).ToContainTextAsync("net/#ops");
        await Expect(visit.Page.Locator("#deliveries tbody")).Not.ToContainTextAsync("arrives");
        await Expect(visit.Page.Locator("#deliveries-filter [name=status]")).ToHaveValueAsync("failed,expired,partial");
        visit.AssertQuiet();
    }

    [Fact]
    public async Task ShowsFormatCodes_AsTheyLook_AndOtherControlCharactersAsSuch()
    {
        await using var host = await PageHost.StartAsync(sessions: PageHost.Net);
        var id = await host.SendAsync("""{"to":["net/#ops"],"title":"\u0002Bold\u000f","text":"\u000304red\u0003 \u0002\u001dboth\u0002 italic\u000f \u000399,01plain \u0007bell <b>no</b> \u0004ff0000hex"}""");
        await using var visit = await browser.VisitAsync(host.Doors);
        await visit.OpenAsync();
        var row = visit.Row("deliveries", "Bold").GetByRole(AriaRole.Link);
        await Expect(row).ToHaveTextAsync("Bold red both italic plain ^Gbell <b>no</b> hex");
        await Expect(row.Locator(".fg-red")).ToHaveTextAsync("red");
        await Expect(row.Locator(".bold.italic")).ToHaveTextAsync("both");
        await Expect(row.Locator(".italic:not(.bold)")).ToHaveTextAsync(" italic");
        await Expect(row.Locator(".control")).ToHaveTextAsync("^G");

        await row.ClickAsync();
        var detail = visit.Page.GetByRole(AriaRole.Dialog, new() { Name = "Message" });
        await Expect(detail.Locator(".message")).ToHaveTextAsync("red both italic plain ^Gbell <b>no</b> hex");
        await Expect(detail.Locator(".lines")).ToContainTextAsync("^C04red^C ^B^]both");
        await Expect(visit.Page).ToHaveURLAsync(new Regex($"#message={id}$", RegexOptions.None, TimeSpan.FromSeconds(1)));
        visit.AssertQuiet();
    }

    [Fact]
    public async Task FiltersByStatusDestinationAndClient()
    {
        await using var host = await PageHost.StartAsync(sessions: PageHost.Net);
        await host.SendAsync("""{"to":["net/#ops"],"text":"failing"}""", DoorHost.CiSecret);
        await host.Doors.Outbox.SettleAllAsync("net", Outcome.Failed("no"));
        await host.SendAsync("""{"to":["net/#ops","net/#dev"],"text":"for two"}""", DoorHost.OtherSecret);
        await using var visit = await browser.VisitAsync(host.Doors);
        visit.Expected.Add("/api/v1/configuration");
        await visit.OpenAsAsync(DoorHost.AdminSecret);
        var rows = visit.Page.Locator("#deliveries tbody tr");
        var filter = visit.Page.Locator("#deliveries-filter");
        await Expect(rows).ToHaveCountAsync(3);

        await filter.Locator("[name=status]").SelectOptionAsync("failed");
        await Expect(rows).ToHaveCountAsync(1);
        await Expect(rows).ToContainTextAsync("failing");
        await filter.Locator("[type=reset]").ClickAsync();
        await Expect(rows).ToHaveCountAsync(3);
        await filter.Locator("[name=to]").FillAsync("net/#dev");
        await Expect(rows).ToHaveCountAsync(1);
        await Expect(rows).ToContainTextAsync("for two");
        await filter.Locator("[type=reset]").ClickAsync();
        await Expect(rows).ToHaveCountAsync(3);
        await filter.Locator("[name=client]").FillAsync("ci");
        await Expect(rows).ToHaveCountAsync(1);
        await Expect(rows).ToContainTextAsync("from ci");
        await filter.Locator("[name=to]").FillAsync("nowhere");
        await Expect(visit.Page.Locator("#deliveries-empty")).ToHaveTextAsync("No message matches the filter.");
        visit.AssertQuiet();
    }

    [Fact]
    public async Task TurnsPages_AndStaysOnOneThatIsOlder()
    {
        await using var host = await PageHost.StartAsync(sessions: PageHost.Net);
        for (var i = 0; i < 60; i++)
        {
            await host.SendAsync($$"""{"to":["net/#ops"],"text":"number {{i:00}}"}""");
        }

        await using var visit = await browser.VisitAsync(host.Doors);
        await visit.OpenAsync();
        var rows = visit.Page.Locator("#deliveries tbody tr");
        await Expect(rows).ToHaveCountAsync(25);
        await Expect(rows.First).ToContainTextAsync("number 59");
        await visit.Page.Locator("[data-go=older]").ClickAsync();
        await Expect(rows.First).ToContainTextAsync("number 34");
        await visit.Page.Locator("[data-go=older]").ClickAsync();
        await Expect(rows).ToHaveCountAsync(10);
        await Expect(visit.Page.Locator("[data-go=older]")).ToHaveAttributeAsync("aria-disabled", "true");

        await host.Doors.Outbox.SettleAllAsync("net", Outcome.Delivered(Proof.Pong));
        await Expect(rows.First).ToContainTextAsync("Delivered");
        await Expect(rows.First).ToContainTextAsync("number 09");
        await visit.Page.Locator("[data-go=newest]").ClickAsync();
        await Expect(rows.First).ToContainTextAsync("number 59");
        visit.AssertQuiet();
    }

    [Fact]
    public async Task ShowsAMessageInFull_WithItsLines_AndRetriesAndCancels()
    {
        await using var host = await PageHost.StartAsync(sessions: PageHost.Net);
        var id = await host.SendAsync("""{"to":["net/#ops"],"title":"Backup","text":"first\nsecond","severity":"error"}""", DoorHost.CiSecret);
        await host.Doors.Outbox.SettleAllAsync("net", Outcome.Failed("404 Cannot send"));
        await using var visit = await browser.VisitAsync(host.Doors);
        await visit.OpenAsAsync(DoorHost.CiSecret);
        await visit.Row("deliveries", "Backup").GetByRole(AriaRole.Link).ClickAsync();
        var detail = visit.Page.GetByRole(AriaRole.Dialog, new() { Name = "Message" });
        await Expect(detail).ToContainTextAsync("404 Cannot send");
        await Expect(detail.Locator(".message")).ToHaveTextAsync("first\nsecond");
        await Expect(detail.Locator(".lines")).ToHaveTextAsync("PRIVMSG #ops :^Bfirst\nsecond");
        await Expect(visit.Page).ToHaveURLAsync(new Regex($"#message={id}$", RegexOptions.None, TimeSpan.FromSeconds(1)));

        await detail.GetByRole(AriaRole.Button, new() { Name = "Retry what did not arrive" }).ClickAsync();
        await Expect(detail.Locator(".facts .badge")).ToHaveTextAsync("Queued");
        await detail.GetByRole(AriaRole.Button, new() { Name = "Cancel what is queued" }).ClickAsync();
        await Expect(detail.Locator(".facts .badge")).ToHaveTextAsync("Cancelled");
        await visit.Page.Keyboard.PressAsync("Escape");
        await Expect(detail).ToBeHiddenAsync();
        await Expect(visit.Page).Not.ToHaveURLAsync(new Regex("#message", RegexOptions.None, TimeSpan.FromSeconds(1)));

        await visit.Row("deliveries", "Backup").GetByRole(AriaRole.Button, new() { Name = "Retry the message to net/#ops" }).ClickAsync();
        await Expect(visit.Row("deliveries", "Backup").Locator(".badge")).ToHaveTextAsync("Queued");
        await host.Doors.Outbox.SettleAllAsync("net", Outcome.Delivered(Proof.Echo));
        await Expect(visit.Row("deliveries", "Backup")).ToContainTextAsync("echo");
        visit.AssertQuiet();
    }

    [Fact]
    public async Task SendsATestMessage_ToOneOfTheKnownDestinations()
    {
        await using var host = await PageHost.StartAsync(sessions: PageHost.Net);
        await using var visit = await browser.VisitAsync(host.Doors);
        visit.Expected.Add("422");
        await visit.OpenAsync();
        await Expect(visit.Page.Locator("#destinations option[value='net/#dev']")).ToHaveAttributeAsync("label", "channel on net");
        await visit.Page.GetByLabel("Destination", new() { Exact = true }).FillAsync("net/#dev");
        await visit.Page.GetByLabel("Text", new() { Exact = true }).FillAsync("from the form");
        await visit.Page.GetByLabel("Severity", new() { Exact = true }).SelectOptionAsync("warning");
        await visit.Page.GetByRole(AriaRole.Button, new() { Name = "Send" }).ClickAsync();
        await Deadline.Poll(() => host.Doors.Outbox.Backlog().Count == 1);
        await host.Doors.Outbox.SettleAllAsync("net", Outcome.Delivered(Proof.Reflection));
        await Expect(visit.Page.Locator("#send-outcome")).ToContainTextAsync("Delivered net/#dev reflection");
        Assert.Equal(["net/#dev|from the form"], await host.Doors.AcceptedAsync());

        await visit.Page.GetByLabel("Destination", new() { Exact = true }).FillAsync("net/#unknown");
        await visit.Page.GetByRole(AriaRole.Button, new() { Name = "Send" }).ClickAsync();
        await Expect(visit.Page.Locator("#send-outcome .error")).ToContainTextAsync("to: net/#unknown");
        visit.AssertQuiet();
    }

    [Fact]
    public async Task ShowsAHooksToken_OnDemandOnly()
    {
        await using var host = await PageHost.StartAsync(sessions: PageHost.Net);
        await using var visit = await browser.VisitAsync(host.Doors);
        visit.Expected.Add("/api/v1/configuration");
        await visit.OpenAsAsync(DoorHost.AdminSecret);
        var hooks = visit.Page.Locator("#hooks");
        await Expect(hooks).ToContainTextAsync("sealed → #dev");
        await Expect(hooks).ToContainTextAsync("Only the SHA-256 of its token is configured: it cannot be shown.");
        Assert.DoesNotContain("token-of-grafana", await visit.Page.ContentAsync(), StringComparison.Ordinal);
        await visit.Page.GetByRole(AriaRole.Button, new() { Name = "Show curl line of grafana" }).ClickAsync();
        await Expect(hooks.Locator("code")).ToHaveTextAsync(
            $"curl -H 'Content-Type: application/json' -d '{{\"text\": \"A test of this hook\"}}' '{host.Doors.Client.BaseAddress}hooks/token-of-grafana'");
        await visit.Page.GetByRole(AriaRole.Button, new() { Name = "Copy" }).ClickAsync();
        await Expect(visit.Page.GetByRole(AriaRole.Button, new() { Name = "Copied" })).ToBeVisibleAsync();
        await visit.Page.GetByRole(AriaRole.Button, new() { Name = "Hide curl line of grafana" }).ClickAsync();
        await Expect(hooks.Locator("code")).ToHaveCountAsync(0);
        visit.AssertQuiet();
    }
}
