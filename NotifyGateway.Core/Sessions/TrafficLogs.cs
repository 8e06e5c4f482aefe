using Microsoft.Extensions.Logging;

namespace NotifyGateway.Core.Sessions;

/// <summary>The traffic logs of all sessions: one writer for each file, however many sessions share it.</summary>
internal sealed class TrafficLogs(TimeProvider time, ILogger logger) : IAsyncDisposable
{
    // Connections begin on tasks of their own: a lock, as no loop owns this.
    private readonly Lock _lock = new();
    private readonly Dictionary<string, TrafficFile> _files = new(StringComparer.Ordinal);

    /// <summary>What logs one new connection; null: nothing does.</summary>
    public TrafficTap? Tap(LinkSettings settings)
    {
        if (settings.Traffic is not { } traffic)
        {
            return null;
        }

        var path = Path.GetFullPath(traffic.Path);
        lock (_lock)
        {
            if (!_files.TryGetValue(path, out var file))
            {
                _files[path] = file = new TrafficFile(path, time, logger);
            }

            return new TrafficTap(file, settings.Host, traffic, time);
        }
    }

    /// <summary>Writes what still waits, if it can be written.</summary>
    public async ValueTask DisposeAsync()
    {
        List<TrafficFile> files;
        lock (_lock)
        {
            files = [.. _files.Values];
            _files.Clear();
        }

        foreach (var file in files)
        {
            await file.DisposeAsync();
        }
    }
}
