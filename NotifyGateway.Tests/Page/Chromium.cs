using Microsoft.Playwright;
using NotifyGateway.Tests.Http;
using Xunit;

namespace NotifyGateway.Tests.Page;

/// <summary>One browser for all tests of the page; each test has a window of its own, which shares nothing with the others.</summary>
public sealed class Chromium : IAsyncLifetime
{
    /// <summary>Nothing of the browser's own talks to anybody.</summary>
    private static readonly string[] Arguments =
    [
        "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync", "--disable-dev-shm-usage",
    ];

    /// <summary>Where Debian, Ubuntu and others have it. A browser of Playwright's own is not downloaded.</summary>
    private static readonly string[] Places = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];

    private IPlaywright? _playwright;
    private IBrowser? _browser;

    public async ValueTask InitializeAsync()
    {
        var program = Array.Find(Places, File.Exists) ?? throw new InvalidOperationException("chromium is not installed: ./test installs it");
        _playwright = await Playwright.CreateAsync();
        _browser = await _playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions { ExecutablePath = program, Args = Arguments });
        Assertions.SetDefaultExpectTimeout(15_000);
    }

    public async ValueTask DisposeAsync()
    {
        await (_browser?.DisposeAsync() ?? ValueTask.CompletedTask);
        _playwright?.Dispose();
    }

    /// <summary>Opens a window.</summary>
    internal async Task<Visit> VisitAsync(DoorHost host, BrowserNewContextOptions? options = null)
    {
        var context = await _browser!.NewContextAsync(options ?? new BrowserNewContextOptions { ViewportSize = new ViewportSize { Width = 1280, Height = 900 } });
        context.SetDefaultTimeout(15_000);
        return new Visit(context, await context.NewPageAsync(), host.Client.BaseAddress!);
    }
}

/// <summary>The tests of the page take their turns: they share the browser, and two cores.</summary>
[CollectionDefinition(nameof(Chromium))]
public sealed class ChromiumTests : ICollectionFixture<Chromium>;

/// <summary>A window on the page, and what its console says.</summary>
internal sealed class Visit : IAsyncDisposable
{
    private readonly IBrowserContext _context;
    private readonly Uri _url;
    private readonly List<string> _complaints = [];

    public Visit(IBrowserContext context, IPage page, Uri url)
    {
        (_context, Page, _url) = (context, page, url);
        page.Console += (_, message) =>
        {
            if (message.Type is "error" or "warning")
            {
                Complain($"{message.Text} ({message.Location})");
            }
        };
        page.PageError += (_, error) => Complain(error);
        page.Dialog += (_, dialog) =>
        {
            Complain($"a dialog: {dialog.Message}");
            _ = dialog.DismissAsync();
        };
    }

    public IPage Page { get; }

    /// <summary>What the console complains of, and may: the browser logs each answer of 400 and above.</summary>
    public List<string> Expected { get; } = [];

    public ILocator Verdict => Page.Locator("#verdict");

    /// <summary>Opens the page and waits for its first verdict.</summary>
    public async Task OpenAsync(string fragment = "")
    {
        await Page.GotoAsync(new Uri(_url, "/" + fragment).ToString());
        await Assertions.Expect(Page.Locator("#link")).ToHaveAttributeAsync("data-state", "live");
    }

    /// <summary>Opens the page as who holds the secret, without the way through the form.</summary>
    public async Task OpenAsAsync(string secret, string fragment = "")
    {
        await _context.AddInitScriptAsync($"sessionStorage.setItem('notify-gateway.secret', '{secret}')");
        await OpenAsync(fragment);
    }

    /// <summary>A row of a table by a text that it has.</summary>
    public ILocator Row(string table, string text) => Page.Locator($"#{table} tbody tr").Filter(new LocatorFilterOptions { HasText = text });

    public Task<T> ScriptAsync<T>(string expression) => Page.EvaluateAsync<T>(expression);

    /// <summary>Nothing but what was expected.</summary>
    public void AssertQuiet()
    {
        lock (_complaints)
        {
            Assert.DoesNotContain(_complaints, c => !Expected.Exists(e => c.Contains(e, StringComparison.Ordinal)));
        }
    }

    public async ValueTask DisposeAsync() => await _context.DisposeAsync();

    private void Complain(string words)
    {
        lock (_complaints)
        {
            _complaints.Add(words);
        }
    }
}
