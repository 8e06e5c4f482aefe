using Microsoft.AspNetCore.HostFiltering;
using NotifyGateway.Api.Cli;
using NotifyGateway.Core.Configuration;
using NotifyGateway.Core.Routing;

namespace NotifyGateway.Api;

/// <summary>The composition: which parts a gateway is made of.</summary>
internal static class GatewayHost
{
    /// <summary>Sessions drain for at most 10 s; the rest is for closing what is left.</summary>
    private static readonly TimeSpan ShutdownTimeout = TimeSpan.FromSeconds(15);

    /// <summary>Builds a gateway that is not started yet.</summary>
    public static WebApplication Build(LoadedConfiguration configuration, ServeArguments arguments)
    {
        var builder = Prepare(configuration);
        builder.Services.AddSingleton(configuration.Options);
        builder.Services.AddSingleton(arguments);
        builder.Services.AddSingleton(TimeProvider.System);
        builder.Services.AddSingleton<ClientDirectory>();
        builder.Services.AddSingleton<Router>();

        // A start that fails is thrown to us, and told in one line; the host's stack trace beside it would bury that.
        var started = CancellationToken.None;
        builder.Logging.AddFilter("Microsoft.Extensions.Hosting.Internal.Host", level => level >= LogLevel.Information && started.IsCancellationRequested);

        var app = builder.Build();
        started = app.Lifetime.ApplicationStarted;
        app.UseHostFiltering();
        app.MapGet("/health/live", () => Results.Text("live"));
        return app;
    }

    /// <summary>
    /// A host with nothing but what we ask for: no configuration but ours (read, merged and checked before), no file watchers.
    /// Pages are found beside the program; relative paths of the configuration mean the working directory, because nobody changes it.
    /// </summary>
    private static WebApplicationBuilder Prepare(LoadedConfiguration configuration)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions
        {
            ApplicationName = typeof(GatewayHost).Assembly.GetName().Name,
            ContentRootPath = AppContext.BaseDirectory,
            EnvironmentName = configuration.EnvironmentName,
        });
        builder.Configuration.AddInMemoryCollection(configuration.Host);
        builder.Logging.AddConfiguration(builder.Configuration.GetSection("Logging"));
        builder.Logging.AddSimpleConsole(console =>
        {
            console.SingleLine = true;
            console.UseUtcTimestamp = true;
            console.TimestampFormat = "yyyy-MM-dd'T'HH:mm:ss.fff'Z' ";
        });
        builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Configure(builder.Configuration.GetSection("Kestrel"));
            foreach (var endpoint in configuration.Endpoints)
            {
                endpoint.ListenWith(kestrel);
            }
        });
        builder.Services.AddRouting();
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = ShutdownTimeout);
        builder.Services.Configure<HostFilteringOptions>(filter => filter.AllowedHosts =
            builder.Configuration["AllowedHosts"]?.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries) is { Length: > 0 } hosts ? hosts : ["*"]);
        return builder;
    }
}
