using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using NotifyGateway.Core.Dialects.Hooks;
using NotifyGateway.Core.Templates;

namespace NotifyGateway.Core.Configuration;

/// <summary>
/// Holds the templates that are in force, and takes them anew when their directory has changed. A change with a fault is logged and the old ones go on.
/// The directory is looked at once a second: that also works where no notice of a change comes, on network file systems and for the mounted volumes of containers.
/// </summary>
public sealed partial class TemplateSource : IDisposable
{
    /// <summary>How often the directory is looked at. A change counts once it stands still for as long: an editor writes a file in several steps.</summary>
    internal static readonly TimeSpan Period = TimeSpan.FromSeconds(1);

    /// <summary>The built-in templates alone.</summary>
    internal static TemplateSource BuiltIn { get; } = new(null, [], TimeProvider.System, NullLogger<TemplateSource>.Instance);

    private readonly string? _directory;
    private readonly string[] _needed;
    private readonly ILogger<TemplateSource> _log;
    private readonly ITimer? _timer;

    // The timer's alone; it is set anew only when its work is done.
    private string _seen = "";
    private string _inForce = "";
    private volatile TemplateSet _current;
    private volatile bool _isClosed;

    /// <summary>The templates of a configuration.</summary>
    /// <param name="before">Those in force: they go on where the configuration wants the same.</param>
    public static TemplateSource For(GatewayOptions options, TemplateSource? before, TimeProvider time, ILogger<TemplateSource> log)
    {
        string[] needed = [.. options.Hooks.Values.Select(h => h.Template).OfType<string>().Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
        return before is not null && string.Equals(before._directory, options.TemplatesDirectory, StringComparison.Ordinal) && before._needed.SequenceEqual(needed, StringComparer.Ordinal)
            ? before
            : new TemplateSource(options.TemplatesDirectory, needed, time, log);
    }

    /// <param name="directory">Null: the built-in templates alone.</param>
    /// <param name="needed">Templates that hooks name: a change that takes one of them away is a fault.</param>
    public TemplateSource(string? directory, IEnumerable<string> needed, TimeProvider time, ILogger<TemplateSource> log)
    {
        (_directory, _needed, _log) = (directory, [.. needed.Distinct(StringComparer.Ordinal)], log);
        if (directory is null)
        {
            _current = TemplateSet.BuiltIn;
            return;
        }

        // Before it is read: what changes meanwhile is seen the next time.
        _seen = _inForce = TemplateFiles.Stamp(directory);
        var (set, faults) = TemplateFiles.Read(directory);
        _current = set;
        if (faults.Count > 0)
        {
            // The configuration was checked a moment ago; whatever is wrong by now does not stop the start.
            LogRefused(directory, string.Join("; ", faults));
        }

        _timer = time.CreateTimer(_ => Look(), null, Period, Timeout.InfiniteTimeSpan);
    }

    /// <summary>The templates in force. A request takes them once, and keeps them to its end.</summary>
    internal TemplateSet Current => _current;

    /// <summary>A reader of what is posted to hooks, with the templates in force: for one request.</summary>
    /// <param name="most">About how many characters of pretty JSON or YAML somebody wants.</param>
    public HookReader Reader(int most) => new(_current, most);

    public void Dispose()
    {
        _isClosed = true;
        _timer?.Dispose();
    }

    /// <summary>An exception on a timer's thread would end the process.</summary>
    private void Look()
    {
        try
        {
            Compare();
        }
        catch (Exception e)
        {
            LogFailed(e, _directory!);
        }

        if (!_isClosed)
        {
            _timer?.Change(Period, Timeout.InfiniteTimeSpan);
        }
    }

    private void Compare()
    {
        var stamp = TemplateFiles.Stamp(_directory!);
        var isStill = string.Equals(stamp, _seen, StringComparison.Ordinal);
        _seen = stamp;
        if (isStill && !string.Equals(stamp, _inForce, StringComparison.Ordinal))
        {
            _inForce = stamp;
            Replace();
        }
    }

    private void Replace()
    {
        var (set, faults) = TemplateFiles.Read(_directory);
        string[] wrong = [.. faults, .. _needed.Select(set.Wrong).OfType<string>().Select(f => $"a hook's template: {f}")];
        if (wrong.Length > 0)
        {
            LogRefused(_directory!, string.Join("; ", wrong));
            return;
        }

        _current = set;
        LogRead(_directory!);
    }

    [LoggerMessage(1040, LogLevel.Information, "Templates in {Directory} have changed and are in force")]
    private partial void LogRead(string directory);

    [LoggerMessage(1042, LogLevel.Error, "Templates in {Directory} cannot be read for a reason that is not foreseen, those before go on")]
    private partial void LogFailed(Exception error, string directory);

    [LoggerMessage(1041, LogLevel.Error, "Templates in {Directory} cannot be used, those before go on: {Faults}")]
    private partial void LogRefused(string directory, string faults);
}
