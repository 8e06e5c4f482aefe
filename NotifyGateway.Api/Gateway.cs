using Microsoft.AspNetCore.HostFiltering;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Logging.Console;
using NotifyGateway.Api.Cli;
using NotifyGateway.Api.Http;
using NotifyGateway.Api.Listeners;
using NotifyGateway.Api.Reload;
using NotifyGateway.Api.Sandbox;
using NotifyGateway.Api.Systemd;
using NotifyGateway.Api.Tracing;
using NotifyGateway.Core;
using NotifyGateway.Core.Configuration;
using NotifyGateway.Core.Outbox;
using NotifyGateway.Core.Routing;
using NotifyGateway.Core.Sessions;

namespace NotifyGateway.Api;

/// <summary>The composition: which parts a gateway is made of.</summary>
internal static class GatewayHost
{
    /// <summary>Sessions drain for at most 10 s; the rest is for closing what is left.</summary>
    private static readonly TimeSpan ShutdownTimeout = TimeSpan.FromSeconds(15);

    /// <summary>Builds a gateway that is not started yet.</summary>
    /// <param name="reading">A configuration without errors.</param>
    /// <param name="arguments">Where it was read from.</param>
    public static WebApplication Build(ConfigurationReading reading, ServeArguments arguments)
    {
        var configuration = reading.Configuration ?? throw new ArgumentException("The configuration has errors.", nameof(reading));
        var host = new HostSettings(configuration.Host);
        var builder = Prepare(configuration, host);
        builder.Services.AddSingleton(arguments);
        builder.Services.AddSingleton(reading);
        builder.Services.AddSingleton(host);
        AddExport(builder.Services, OtlpTarget.Of(configuration.Options.Otlp, Environment.GetEnvironmentVariables()));
        builder.Services.AddHostedService<ConfigurationReload>();
        AddCorridor(builder.Services, reading);
        AddDoors(builder, configuration.Options);
        AddSurroundings(builder.Services);
        builder.Services.AddSingleton(new SandboxSwitch(arguments.Sandbox));

        // A start that fails is thrown to us, and told in one line; the host's stack trace beside it would bury that.
        var started = CancellationToken.None;
        builder.Logging.AddFilter("Microsoft.Extensions.Hosting.Internal.Host", level => level >= LogLevel.Information && started.IsCancellationRequested);

        var app = builder.Build();
        started = app.Lifetime.ApplicationStarted;
        app.MapHttpDoors();
        return app;
    }

    /// <summary>Begins first and ends last: what happens at either end is exported, too. Where nothing is, its libraries are not even loaded.</summary>
    private static void AddExport(IServiceCollection services, OtlpTarget target)
    {
        if (!target.IsNone)
        {
            services.AddSingleton(target);
            services.AddSingleton<OtlpExport>();
            services.AddHostedService(provider => provider.GetRequiredService<OtlpExport>());
        }
    }

    /// <summary>From the intake to the sessions.</summary>
    private static void AddCorridor(IServiceCollection services, ConfigurationReading reading)
    {
        services.AddSingleton(TimeProvider.System);
        services.AddSingleton(provider => First(reading, provider.GetRequiredService<TimeProvider>(), provider.GetRequiredService<ILogger<TemplateSource>>()));
        services.AddSingleton<StartLog>();
        services.AddSingleton<CorridorService>();
        services.AddHostedService(provider => provider.GetRequiredService<CorridorService>());
        services.AddSingleton(provider => provider.GetRequiredService<CorridorService>().Outbox);
        services.AddSingleton(provider => new Multiplexer(
            provider.GetRequiredService<CurrentConfiguration>().State.Options, provider.GetRequiredService<IOutbox>(),
            provider.GetRequiredService<TimeProvider>(), provider.GetRequiredService<ILogger<Multiplexer>>(), provider.GetRequiredService<SessionMeter>()));
        services.AddSingleton<Intake>();
        services.AddSingleton<Escalation>();
    }

    /// <summary>Asked for each datagram: without a look into the container.</summary>
    private static Func<GatewayState> State(CurrentConfiguration configuration) => () => configuration.State;

    /// <summary>The configuration that the gateway starts with.</summary>
    private static CurrentConfiguration First(ConfigurationReading reading, TimeProvider time, ILogger<TemplateSource> log)
    {
        var options = reading.Configuration!.Options;
        var state = new GatewayState(options, time, TemplateSource.For(options, null, time, log));
        return new CurrentConfiguration(state, new ConfigurationReport(time.GetUtcNow(), reading.Watched) { Warnings = UnservedDestinations.Warnings(options, state.Router) });
    }

    /// <summary>HTTP, TCP and UDP.</summary>
    private static void AddDoors(WebApplicationBuilder builder, GatewayOptions options)
    {
        builder.Services.AddMetrics();
        builder.Services.AddSingleton<DoorCounters>();
        builder.Services.AddSingleton<FailedAttempts>();
        builder.Services.AddSingleton(provider => new Corridor(
            (submissions, token) => provider.GetRequiredService<Intake>().AcceptAsync(submissions, token),
            () => provider.GetRequiredService<Multiplexer>().Snapshot().SelectMany(s => s.Channels).Where(c => c.State == ChannelState.Joined).Select(c => c.Name),
            State(provider.GetRequiredService<CurrentConfiguration>()),
            provider.GetRequiredService<DoorCounters>(),
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILoggerFactory>())
        {
            Attempts = provider.GetRequiredService<FailedAttempts>(),
            WhenReplaced = told => provider.GetRequiredService<CurrentConfiguration>().Replaced += _ => told(),
        });
        builder.Services.AddHttpDoors();
        builder.Services.AddOptions<KestrelServerOptions>().Configure<Corridor, StartLog>((kestrel, corridor, log) => log.TcpDoors = kestrel.ConfigureTcpDoors(options, corridor));
        builder.Services.AddUdpDoors(options);
    }

    /// <summary>One line an event, with its time; <c>Logging:Console</c> may choose another formatter (<c>json</c>, <c>systemd</c>) and change what this sets.</summary>
    private static void ConfigureConsole(WebApplicationBuilder builder)
    {
        // Before the console itself, whose options read the configuration: what comes later wins. Without a name the formatter's own options would not count.
        builder.Services.Configure<ConsoleLoggerOptions>(console => console.FormatterName = ConsoleFormatterNames.Simple);
        builder.Services.Configure<SimpleConsoleFormatterOptions>(console =>
        {
            console.SingleLine = true;
            console.UseUtcTimestamp = true;
            console.TimestampFormat = "yyyy-MM-dd'T'HH:mm:ss.fff'Z' ";
        });
        builder.Services.Configure<JsonConsoleFormatterOptions>(console =>
        {
            console.UseUtcTimestamp = true;
            console.TimestampFormat = "yyyy-MM-dd'T'HH:mm:ss.fff'Z'";
        });
        builder.Logging.AddConsole();
    }

    /// <summary>The service manager.</summary>
    private static void AddSurroundings(IServiceCollection services)
    {
        services.AddSingleton(NotifyVariables.Take());
        services.AddSingleton(provider => Heartbeat.Of(provider.GetRequiredService<IOutbox>(), provider.GetRequiredService<Multiplexer>()));
        services.AddSingleton<ServiceNotifier>();
        services.AddSingleton<ReloadReport>();
        services.AddHostedService(provider => provider.GetRequiredService<ServiceNotifier>());
    }

    /// <summary>
    /// A host with nothing but what we ask for: no configuration but ours (read, merged and checked before), no file watchers but ours.
    /// Pages are found beside the program; relative paths of the configuration mean the working directory, because nobody changes it.
    /// </summary>
    private static WebApplicationBuilder Prepare(LoadedConfiguration configuration, HostSettings host)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions
        {
            ApplicationName = typeof(GatewayHost).Assembly.GetName().Name,
            ContentRootPath = AppContext.BaseDirectory,
            EnvironmentName = configuration.EnvironmentName,
        });
        ((IConfigurationBuilder)builder.Configuration).Add(host);
        // Kestrel is given the endpoints below: from here it would only say that it overrides them.
        builder.Configuration[WebHostDefaults.ServerUrlsKey] = "";
        builder.Logging.AddFilter(StartLog.Replaced, LogLevel.Warning);
        builder.Logging.AddConfiguration(builder.Configuration.GetSection("Logging"));
        ConfigureConsole(builder);
        // Nothing behind a door blocks: its code may run on the thread that has read, which saves a switch of threads for each read and write.
        builder.WebHost.UseSockets(sockets => sockets.UnsafePreferInlineScheduling = true);
        builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration().ConfigureKestrel(kestrel =>
        {
            kestrel.Configure(builder.Configuration.GetSection("Kestrel"));
            var files = configuration.Endpoints.Any(e => e.IsHttps) ? HttpCertificate.Exchangeable(configuration.Host) : null;
            var certificate = files is null ? null : new ListenerCertificate("https", files, kestrel.ApplicationServices.GetRequiredService<ILogger<TcpDoor>>());
            foreach (var endpoint in configuration.Endpoints)
            {
                endpoint.ListenWith(kestrel, certificate);
            }
        });
        builder.Services.AddRouting();
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = ShutdownTimeout);
        builder.Services.Configure<HostFilteringOptions>(filter => filter.AllowedHosts =
            builder.Configuration["AllowedHosts"]?.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries) is { Length: > 0 } hosts ? hosts : ["*"]);
        return builder;
    }
}
