using System.Net;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.HostFiltering;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using NotifyGateway.Api.Http;
using NotifyGateway.Core;
using NotifyGateway.Core.Configuration;
using NotifyGateway.Core.Outbox;
using NotifyGateway.Core.Sessions;
using NotifyGateway.Tests.Http;
using NotifyGateway.Tests.Support;

namespace NotifyGateway.Tests.Fuzzing;

/// <summary>All HTTP doors, asked without a socket: what Kestrel reads of a request is Kestrel's. Time goes on as fast as a request wants.</summary>
internal sealed class HttpVictim : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly ManualTime _time = new();
    private readonly Doors _doors = new();
    private readonly WebApplication _app;

    public HttpVictim()
    {
        HookOptions ops = new() { To = ["net/#ops"] };
        var hooks = new Dictionary<string, HookOptions>(StringComparer.OrdinalIgnoreCase)
        {
            ["auto"] = ops,
            ["json"] = ops with { Format = HookFormat.Json },
            ["get"] = ops with { AllowGet = true, To = ["net/#ops", "net/#dev"] },
            ["signed"] = ops with { SigningSecret = HookHost.Secret },
        };
        var options = DoorHost.Options with { KnownProxies = ["127.0.0.1"], Hooks = hooks.ToDictionary(h => h.Key, h => h.Value with { Token = HookHost.Token(h.Key) }, StringComparer.OrdinalIgnoreCase) };
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Logging.SetMinimumLevel(LogLevel.None);
        builder.Services.AddRouting();
        builder.Services.AddMetrics();
        builder.Services.Configure<HostFilteringOptions>(o => o.AllowedHosts = ["*"]);
        builder.Services.AddSingleton<IServer>(_doors).AddSingleton<TimeProvider>(_time).AddSingleton(new CurrentConfiguration(options, _time)).AddSingleton<IOutbox>(new MemoryOutbox(_time))
            .AddSingleton(p => new Multiplexer(options, p.GetRequiredService<IOutbox>(), _time, p.GetRequiredService<ILogger<Multiplexer>>())).AddSingleton<Intake>().AddSingleton<DoorCounters>();
        builder.Services.AddHttpDoors();
        _app = builder.Build();
        _app.MapHttpDoors();
        _app.StartAsync().GetAwaiter().GetResult();
    }

    /// <returns>Null for what no server would hand on.</returns>
    public (int Status, string Answer)? Ask(byte[] input)
    {
        var split = input.AsSpan().IndexOf("\n\n"u8);
        var head = Encoding.UTF8.GetString(split < 0 ? input : input[..split]).Split('\n');
        if (head[0].Split(' ') is not [{ Length: > 0 } method, ['/', ..] target, ..] || !method.All(char.IsAsciiLetterUpper) || target.Any(char.IsControl) || target.Contains("%00", StringComparison.Ordinal))
        {
            return null;
        }

        using var answer = new MemoryStream();
        using var gone = new CancellationTokenSource();
        var question = target.IndexOf('?', StringComparison.Ordinal);
        var response = new HttpResponseFeature();
        var features = new FeatureCollection();
        features.Set<IHttpRequestFeature>(new HttpRequestFeature
        {
            Method = method,
            Scheme = "http",
            Protocol = "HTTP/1.1",
            Path = PathString.FromUriComponent(question < 0 ? target : target[..question]).Value!,
            QueryString = question < 0 ? "" : target[question..],
            RawTarget = target,
            Headers = Headers(head[1..]),
            Body = new MemoryStream(split < 0 ? [] : input[(split + 2)..]),
        });
        features.Set<IHttpResponseFeature>(response);
        features.Set<IHttpResponseBodyFeature>(new StreamResponseBodyFeature(answer));
        features.Set<IHttpConnectionFeature>(new HttpConnectionFeature { RemoteIpAddress = IPAddress.Loopback, LocalIpAddress = IPAddress.Loopback });
        features.Set<IHttpRequestLifetimeFeature>(new HttpRequestLifetimeFeature { RequestAborted = gone.Token });
        Finish(_doors.ServeAsync(features));
        var headers = string.Join('\n', response.Headers.Select(h => $"{h.Key}: {h.Value}"));
        return (response.StatusCode, $"{headers}\n{Encoding.UTF8.GetString(answer.GetBuffer().AsSpan(0, (int)answer.Length))}");
    }

    public void Dispose() => ((IDisposable)_app).Dispose();

    /// <summary>What waits (<c>?wait=</c>, the answer to a wrong secret) waits for the time.</summary>
    private void Finish(Task served)
    {
        var begun = System.Diagnostics.Stopwatch.StartNew();
        while (!served.Wait(TimeSpan.Zero))
        {
            Inputs.Holds(begun.Elapsed < Patience, "a request is not answered");
            _time.Advance(TimeSpan.FromSeconds(1));
            Thread.Yield();
        }

        served.GetAwaiter().GetResult();
    }

    private static HeaderDictionary Headers(string[] lines)
    {
        var headers = new HeaderDictionary { ["Host"] = "localhost" };
        foreach (var line in lines)
        {
            var colon = line.IndexOf(':', StringComparison.Ordinal);
            var name = colon < 0 ? "" : line[..colon].Trim();
            if (name.Length > 0 && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_') && !name.Equals("Content-Length", StringComparison.OrdinalIgnoreCase))
            {
                var value = new string([.. line[(colon + 1)..].Trim().Where(c => !char.IsControl(c))]);
                headers[name] = name is "Host" ? value : Microsoft.Extensions.Primitives.StringValues.Concat(headers[name], value);
            }
        }

        return headers;
    }

    /// <summary>A server that is asked by a call.</summary>
    private sealed class Doors : IServer
    {
        public Func<IFeatureCollection, Task> ServeAsync { get; private set; } = _ => throw new InvalidOperationException("not started");

        public IFeatureCollection Features { get; } = new FeatureCollection();

        public Task StartAsync<TContext>(IHttpApplication<TContext> application, CancellationToken cancellationToken)
            where TContext : notnull
        {
            ServeAsync = async features =>
            {
                var context = application.CreateContext(features);
                await application.ProcessRequestAsync(context);
                application.DisposeContext(context, null);
            };
            return Task.CompletedTask;
        }

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public void Dispose()
        {
        }
    }
}
