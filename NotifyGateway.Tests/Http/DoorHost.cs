using System.Net;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using NotifyGateway.Api.Http;
using NotifyGateway.Core;
using NotifyGateway.Core.Configuration;
using NotifyGateway.Core.Outbox;
using NotifyGateway.Core.Routing;
using NotifyGateway.Core.Sessions;
using NotifyGateway.Tests.Support;
using Xunit;

namespace NotifyGateway.Tests.Http;

/// <summary>The HTTP doors behind a real Kestrel, over an outbox in memory and without sessions.</summary>
internal sealed class DoorHost : IAsyncDisposable
{
    public const string CiSecret = "ci-secret-4711";
    public const string OtherSecret = "other-secret-4712";
    public const string AdminSecret = "admin-secret-4713";

    private readonly WebApplication _app;

    private DoorHost(WebApplication app, MemoryOutbox outbox, MemoryLog log, HttpClient client)
    {
        (_app, Outbox, Log, Client) = (app, outbox, log, client);
        Counts = new DoorCounts(app.Services);
    }

    /// <summary>The outbox, unless the test brought its own.</summary>
    public MemoryOutbox Outbox { get; }

    public MemoryLog Log { get; }

    public HttpClient Client { get; }

    public DoorCounts Counts { get; }

    public IServiceProvider Services => _app.Services;

    public static GatewayOptions Options { get; } = new()
    {
        Anonymous = AnonymousAccess.Loopback,
        PublicUrl = new Uri("https://notify.example.org"),
        Admin = new AdminOptions { Secret = AdminSecret },
        Clients = new Dictionary<string, ClientOptions>(StringComparer.OrdinalIgnoreCase)
        {
            ["ci"] = new() { Secret = CiSecret },
            ["other"] = new() { Secret = OtherSecret },
            ["gone"] = new() { Secret = "gone-secret", Disabled = true },
        },
        Irc = new Dictionary<string, IrcOptions>(StringComparer.OrdinalIgnoreCase)
        {
            ["net"] = new()
            {
                Server = "irc.example.org",
                Nick = "bot",
                Channels = [new IrcChannelOptions { Name = "#ops" }, new IrcChannelOptions { Name = "#dev" }],
                Users = ["alice", "bob"],
                DefaultChannels = ["#ops"],
                DefaultUsers = ["alice"],
                JoinUnlisted = false,
            },
        },
    };

    public static async Task<DoorHost> StartAsync(
        Func<GatewayOptions, GatewayOptions>? change = null, SessionBoard? sessions = null, Action<IConfigurationBuilder>? configure = null, IOutbox? outbox = null, TimeProvider? time = null)
    {
        var options = change is null ? Options : change(Options);
        var builder = WebApplication.CreateSlimBuilder();
        configure?.Invoke(builder.Configuration);
        var log = new MemoryLog();
        builder.Logging.ClearProviders().SetMinimumLevel(LogLevel.Trace).AddProvider(log);
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var memory = new MemoryOutbox(TimeProvider.System);
        // Whatever outlives a request must not hold a configuration: the container finds out who does.
        builder.Host.UseDefaultServiceProvider(o => o.ValidateScopes = o.ValidateOnBuild = true);
        var clock = time ?? TimeProvider.System;
        builder.Services.AddSingleton(new CurrentConfiguration(options, clock)).AddSingleton(clock)
            .AddSingleton(p => new Multiplexer(options, p.GetRequiredService<IOutbox>(), clock, p.GetRequiredService<ILogger<Multiplexer>>())).AddSingleton(outbox ?? memory).AddSingleton<Intake>().AddSingleton<DoorCounters>();
        if (sessions is not null)
        {
            builder.Services.AddSingleton(sessions);
        }

        builder.Services.AddHttpDoors();
        var app = builder.Build();
        app.MapHttpDoors();
        app.Services.GetRequiredService<Losses>(); // As in the gateway: counts before anything is delivered.
        await app.StartAsync(TestContext.Current.CancellationToken);
        var client = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false }) { BaseAddress = new Uri(app.Urls.Single()), Timeout = TimeSpan.FromSeconds(30) };
        return new DoorHost(app, memory, log, client);
    }

    /// <summary>Sends a request; the headers are <c>Name: value</c>.</summary>
    public async Task<Answer> SendAsync(HttpMethod method, string path, HttpContent? content = null, params string[] headers)
    {
        using var request = new HttpRequestMessage(method, path) { Content = content };
        foreach (var header in headers)
        {
            var colon = header.IndexOf(':', StringComparison.Ordinal);
            Assert.True(request.Headers.TryAddWithoutValidation(header[..colon], header[(colon + 1)..].Trim()));
        }

        using var response = await Client.SendAsync(request, TestContext.Current.CancellationToken);
        return await Answer.OfAsync(response);
    }

    public Task<Answer> GetAsync(string path, params string[] headers) => SendAsync(HttpMethod.Get, path, null, headers);

    public Task<Answer> PostJsonAsync(string path, string json, params string[] headers) =>
        SendAsync(HttpMethod.Post, path, new StringContent(json, Encoding.UTF8, "application/json"), headers);

    /// <summary>Every delivery accepted so far, oldest first: <c>destination|text</c>.</summary>
    public async Task<string[]> AcceptedAsync()
    {
        var page = await Outbox.ListAsync(new ReceiptQuery(Limit: 500), TestContext.Current.CancellationToken);
        return [.. page.Items.Reverse().SelectMany(m => m.Deliveries.Select(d => $"{d.To}|{m.Notification.Text}"))];
    }

    /// <summary>Another configuration comes into force.</summary>
    public void Change(Func<GatewayOptions, GatewayOptions> change)
    {
        var configuration = Services.GetRequiredService<CurrentConfiguration>();
        configuration.Replace(new GatewayState(change(configuration.State.Options), TimeProvider.System), configuration.Report);
    }

    public void Stop() => Services.GetRequiredService<Microsoft.Extensions.Hosting.IHostApplicationLifetime>().StopApplication();

    /// <summary>Stops, and closes its doors.</summary>
    public Task StopAsync() => _app.StopAsync(TestContext.Current.CancellationToken);

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        Counts.Dispose();
        await _app.DisposeAsync();
    }
}

/// <summary>What a door answered.</summary>
internal sealed record Answer(HttpStatusCode Status, string Body, string? ContentType, IReadOnlyDictionary<string, string> Headers)
{
    public int Code => (int)Status;

    public JsonElement Json => JsonDocument.Parse(Body).RootElement;

    public static async Task<Answer> OfAsync(HttpResponseMessage response)
    {
        var headers = response.Headers.Concat(response.Content.Headers).ToDictionary(h => h.Key, h => string.Join(',', h.Value), StringComparer.OrdinalIgnoreCase);
        return new Answer(response.StatusCode, await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), response.Content.Headers.ContentType?.ToString(), headers);
    }

    /// <summary>The problem+json's errors of a field.</summary>
    public string Error(string field)
    {
        Assert.Equal("application/problem+json", ContentType);
        Assert.Equal(Code, Json.GetProperty("status").GetInt32());
        Assert.True(Json.GetProperty("errors").TryGetProperty(field, out var errors), Body);
        return string.Join('\n', errors.EnumerateArray().Select(e => e.GetString()));
    }
}
