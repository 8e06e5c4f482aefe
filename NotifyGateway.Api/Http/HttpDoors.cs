using Microsoft.AspNetCore.Mvc.Controllers;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using NotifyGateway.Api.Http.Hooks;
using NotifyGateway.Api.Http.OpenApi;
using NotifyGateway.Api.Metrics;
using NotifyGateway.Api.Tracing;
using NotifyGateway.Core;
using NotifyGateway.Core.Configuration;
using NotifyGateway.Core.Dialects.Hooks;
using NotifyGateway.Core.Outbox;
using NotifyGateway.Core.Sessions;

namespace NotifyGateway.Api.Http;

/// <summary>The HTTP side of the gateway, for the composition root.</summary>
public static class HttpDoors
{
    /// <summary>The longest request line, in bytes: a GET carries its message there.</summary>
    private const int MaxRequestLine = 32 * 1024;

    // Swagger UI sets styles in its page; everything else must come from here.
    private const string PagePolicy = "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self'; connect-src 'self'; frame-ancestors 'none'";

    /// <summary>
    /// Adds the doors. Needs <see cref="CurrentConfiguration"/>, <see cref="Core.Intake"/>, <see cref="IOutbox"/>, <see cref="Core.DoorCounters"/>, <see cref="Multiplexer"/> and <see cref="TimeProvider"/> among the services. <see cref="Readiness.MarkStarted"/> must be called once all has started.
    /// </summary>
    public static IServiceCollection AddHttpDoors(this IServiceCollection services)
    {
        services.AddMvcCore().AddApiExplorer().ConfigureApplicationPartManager(parts =>
        {
            foreach (var finder in parts.FeatureProviders.OfType<ControllerFeatureProvider>().ToList())
            {
                parts.FeatureProviders.Remove(finder);
            }

            parts.FeatureProviders.Add(new DoorFinder());
        });
        services.ConfigureHttpJsonOptions(o =>
        {
            o.SerializerOptions.TypeInfoResolverChain.Insert(0, ApiJson.Default);
            o.SerializerOptions.NumberHandling = System.Text.Json.Serialization.JsonNumberHandling.Strict;
        });
        services.AddOpenApi("v1", Described.Configure);
        services.Configure<KestrelServerOptions>(Limit);
        services.AddSingleton<IPostConfigureOptions<LoggerFilterOptions>, LogRedaction>();
        AddConfiguration(services);
        services.TryAddSingleton<FailedAttempts>();
        services.AddScoped<Doorkeeper>();
        services.AddSingleton<HookRates>();
        services.AddSingleton<HookBody>();
        services.AddScoped<HookDoor>();
        services.AddScoped<HttpIntake>();
        services.AddSingleton<ReceiptWaiters>();
        services.AddSingleton<EventFeed>();
        services.AddSingleton<Losses>();
        services.AddSingleton<Readiness>();
        GatewayMeters.AddTo(services);
        services.TryAddSingleton(p => SessionBoard.Of(p.GetRequiredService<Multiplexer>(), p.GetRequiredService<IOutbox>()));
        return services;
    }

    /// <summary>
    /// A request takes the configuration that is in force once, and all that serves it takes its part of that one. Whatever lives longer than a request asks
    /// <see cref="CurrentConfiguration"/> anew each time. What is disposable must not be among these: the container would dispose it at the end of the request.
    /// </summary>
    private static void AddConfiguration(IServiceCollection services) => services
        .AddScoped(p => p.GetRequiredService<CurrentConfiguration>().State)
        .AddScoped(p => p.GetRequiredService<GatewayState>().Options)
        .AddScoped(p => p.GetRequiredService<GatewayState>().Clients)
        .AddScoped(p => p.GetRequiredService<GatewayState>().Hooks)
        .AddScoped(p => p.GetRequiredService<GatewayState>().Router)
        .AddScoped(p => p.GetRequiredService<GatewayState>().Scopes)
        .AddScoped(p => p.GetRequiredService<GatewayState>().Destinations);

    /// <summary>Maps every HTTP route, and the log and the error answers around them.</summary>
    public static WebApplication MapHttpDoors(this WebApplication app)
    {
        // Listens from now on: nothing that a door counts is missed.
        app.Services.GetRequiredService<MetricStore>();
        app.UseMiddleware<ForwardedRequests>();
        app.UseMiddleware<RequestSpans>();
        app.UseMiddleware<RequestLog>();

        // Behind ForwardedRequests: the name that counts is the one that was asked for, not the one that a known proxy calls us by.
        app.UseHostFiltering();
        app.Use((context, next) =>
        {
            context.Response.Headers.XContentTypeOptions = "nosniff";
            return next(context);
        });
        app.UseWhen(c => c.Request.Path.StartsWithSegments("/swagger", StringComparison.OrdinalIgnoreCase), page =>
        {
            page.Use((context, next) =>
            {
                context.Response.Headers.ContentSecurityPolicy = PagePolicy;
                return next(context);
            });
            UseLater(page, branch => branch.UseSwaggerUI(o =>
            {
                o.DocumentTitle = "NotifyGateway";
                // Relative to the page: a proxy may have put a path before ours.
                o.SwaggerEndpoint("../openapi/v1.json", "NotifyGateway v1");
                o.EnableValidator(null!);
            }));
        });
        app.UseRouting();
        app.MapControllers();
        app.MapStatusPage();
        app.MapOpenApi("/openapi/{documentName}.json");
        return app;
    }

    /// <summary>A part of the pipeline that is made with the first request that comes to it: most gateways never load its libraries.</summary>
    private static void UseLater(IApplicationBuilder app, Action<IApplicationBuilder> use) => app.Use(next =>
    {
        var part = new Lazy<RequestDelegate>(() =>
        {
            var branch = app.New();
            use(branch);
            branch.Run(next);
            return branch.Build();
        });
        return context => part.Value(context);
    });

    /// <summary>
    /// The server's own limit of a body stays at its 30 MB, above every door's: below it the server reads on without keeping anything for
    /// up to 5 s, so that a sender in the middle of a body that is too large gets its 413 and not a reset connection.
    /// </summary>
    private static void Limit(KestrelServerOptions kestrel)
    {
        kestrel.AddServerHeader = false;
        kestrel.Limits.MaxRequestLineSize = MaxRequestLine;
    }
}
