using NotifyGateway.Api.Cli;
using NotifyGateway.Api.Systemd;
using NotifyGateway.Core;
using NotifyGateway.Core.Configuration;
using NotifyGateway.Core.Configuration.Changes;
using NotifyGateway.Core.Routing;
using NotifyGateway.Core.Sessions;

namespace NotifyGateway.Api.Reload;

/// <summary>
/// Reads the configuration again when one of its files has changed, or on SIGHUP, and has everything go on with it; what is invalid is refused whole. It alone replaces
/// the configuration. Files are looked at five times a second rather than waited for: notices of changes do not come from network file systems, are lost where their
/// number is bounded, and tell little of exchanged links; what a few small files hold is known in well under a millisecond.
/// </summary>
internal sealed class ConfigurationReload(
    ServeArguments arguments, ConfigurationReading started, CurrentConfiguration configuration, IServiceProvider services, HostSettings host, StartLog startLog, ReloadReport report,
    IHostApplicationLifetime lifetime, TimeProvider time, ILogger<TemplateSource> templateLog, ILogger<ConfigurationReload> log) : BackgroundService
{
    private const int MostShown = 20;

    private static readonly TimeSpan Period = TimeSpan.FromMilliseconds(200);

    /// <summary>What was refused may have been mended elsewhere: a certificate that was not there.</summary>
    private static readonly TimeSpan Again = TimeSpan.FromSeconds(2);

    private readonly SettledFiles _files = new(started.Contents);
    private readonly long _start = time.GetTimestamp();
    private readonly LoadedConfiguration _started = started.Configuration!;
    private ConfigurationReading _read = started;
    private TimeSpan _readAt;
    private bool _asked;

    /// <summary>What is configured is in force but for something that failed: it is done again until it succeeds.</summary>
    private bool _unfinished;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var hangup = new Hangup(() => Volatile.Write(ref _asked, true), lifetime.StopApplication);
        using var timer = new PeriodicTimer(Period, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            // Until then there are no sessions that could change.
            if (lifetime.ApplicationStarted.IsCancellationRequested)
            {
                Look();
            }
        }
    }

    private void Look()
    {
        // Taken and not only looked at: whoever asks while files are read is answered the next time.
        var asked = Interlocked.Exchange(ref _asked, false);
        var isNew = false;
        try
        {
            var now = time.GetElapsedTime(_start);
            var due = _files.AreDue(_read.Look(), now);
            var mended = configuration.Report.Problems.Count > 0 && now - _readAt >= Again;
            if (asked || due || mended)
            {
                _readAt = now;
                isNew = asked || due;
                if (isNew)
                {
                    report.Begin();
                }

                Read(asked, isNew);
                if (isNew || configuration.Report.RefusedAt is null)
                {
                    report.End(configuration.Report.RefusedAt is null);
                }
            }
        }
        catch (Exception e)
        {
            Fail(e, isNew);
        }
    }

    /// <summary>Told once; it is tried again meanwhile.</summary>
    private void Fail(Exception error, bool isNew)
    {
        var told = configuration.Report;
        ConfigurationError[] problems = [_unfinished
            ? new("Gateway", "is in force in part: an error inside the gateway, which is in its log; the rest is tried again")
            : new("Gateway", "cannot be applied: an error inside the gateway, which is in its log; it is tried again")];
        if (!told.Problems.SequenceEqual(problems))
        {
            log.Failed(error);
            configuration.Tell(told with { Problems = problems, RefusedAt = time.GetUtcNow() });
            isNew = true;
        }

        if (isNew)
        {
            report.End(applied: false);
        }
    }

    private void Read(bool asked, bool isNew)
    {
        _read = ConfigurationReading.Of(arguments, _read);
        _files.OnLoaded(_read.Contents);
        if (_read.Configuration is { } loaded)
        {
            Apply(loaded, asked);
        }
        else
        {
            Refuse(_read.Errors, isNew);
        }
    }

    private void Apply(LoadedConfiguration loaded, bool asked)
    {
        var (before, told) = (configuration.State, configuration.Report);
        IReadOnlyList<string> changed = [.. OptionDifference.Between(before.Options, loaded.Options), .. host.Changed(loaded.Host)];
        var restart = Restart(_started, loaded);
        var known = told with { Files = _read.Watched, NeedsRestart = restart, Problems = [], RefusedAt = null };
        if (changed.Count == 0)
        {
            if (_unfinished)
            {
                Finish(loaded);
                log.Finished();
            }

            configuration.Tell(known);
            log.Unchanged(asked || told.Problems.Count > 0 ? LogLevel.Information : LogLevel.Debug);
        }
        else
        {
            var state = new GatewayState(loaded.Options, time, TemplateSource.For(loaded.Options, before.Templates, time, templateLog));
            var warnings = UnservedDestinations.Warnings(loaded.Options, state.Router);
            _unfinished = true;
            configuration.Replace(state, known with { LoadedAt = time.GetUtcNow(), Warnings = warnings });
            Finish(loaded);
            log.Applied(Shown(changed));
            startLog.Warn(warnings.Except(told.Warnings, StringComparer.Ordinal));
        }

        foreach (var key in restart.Except(told.NeedsRestart, StringComparer.Ordinal))
        {
            log.NeedsRestart(key);
        }
    }

    /// <summary>Brings it to what does not look at the configuration by itself. Whatever fails is tried again with the next look.</summary>
    private void Finish(LoadedConfiguration loaded)
    {
        // Asked for only now: they are made once the outbox is open.
        services.GetRequiredService<Multiplexer>().Change(loaded.Options);
        host.Change(loaded.Host);
        _unfinished = false;
    }

    /// <param name="isNew">False: the same change, looked at once more.</param>
    private void Refuse(IReadOnlyList<ConfigurationError> errors, bool isNew)
    {
        var told = configuration.Report;
        if (!isNew && told.Problems.SequenceEqual(errors))
        {
            return;
        }

        configuration.Tell(told with { Problems = errors, RefusedAt = time.GetUtcNow() });
        log.Refused(errors.Count);
        foreach (var error in errors.Take(MostShown))
        {
            log.Wrong(error);
        }
    }

    private static IReadOnlyList<string> Restart(LoadedConfiguration started, LoadedConfiguration now) =>
    [
        .. RestartKeys.Of(started.Options, now.Options),
        .. RestartKeys.Of(started.Host, now.Host),
        .. started.Endpoints.Select(e => e.ToString()).SequenceEqual(now.Endpoints.Select(e => e.ToString()), StringComparer.Ordinal) ? (string[])[] : ["Urls"],
    ];

    private static string Shown(IReadOnlyList<string> keys) =>
        string.Join(", ", keys.Take(MostShown)) + (keys.Count > MostShown ? string.Create(System.Globalization.CultureInfo.InvariantCulture, $" and {keys.Count - MostShown} more") : "");
}
