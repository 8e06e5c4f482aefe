using System.Threading.Channels;
using Microsoft.Extensions.Logging;

namespace NotifyGateway.Core.Sessions;

/// <summary>
/// Appends to one traffic log, in a task of its own: sessions never wait for the disk. The file is opened for each batch, so that one
/// which was moved away or deleted is made anew.
/// </summary>
internal sealed class TrafficFile : IAsyncDisposable
{
    /// <summary>The most bytes that wait in memory; what comes then is counted and lost.</summary>
    internal const int MostWaiting = 4 * 1024 * 1024;

    private const int MostAtOnce = 256 * 1024;

    /// <summary>What a waiting line costs besides its bytes.</summary>
    private const int Overhead = 64;

    private static readonly TimeSpan RetryPause = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Farewell = TimeSpan.FromSeconds(2);

    private readonly string _path;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly Channel<byte[]> _lines = Channel.CreateUnbounded<byte[]>(new UnboundedChannelOptions { SingleReader = true });
    private readonly CancellationTokenSource _closing = new();
    private readonly Task _writing;
    private long _waiting;
    private long _lost;

    public TrafficFile(string path, TimeProvider time, ILogger logger)
    {
        (_path, _time, _logger) = (path, time, logger);
        _writing = RunAsync();
    }

    /// <summary>Queues a record with its LF. Never waits. May be called from any thread.</summary>
    public void Append(byte[] record)
    {
        if (Interlocked.Add(ref _waiting, record.Length + Overhead) > MostWaiting || !_lines.Writer.TryWrite(record))
        {
            Interlocked.Add(ref _waiting, -record.Length - Overhead);
            Lose(1);
        }
    }

    /// <summary>Counts lines that are not in the file; the log is told with the next batch.</summary>
    public void Lose(long lines) => Interlocked.Add(ref _lost, lines);

    /// <summary>Writes what waits, unless that fails or lasts too long.</summary>
    public async ValueTask DisposeAsync()
    {
        _lines.Writer.TryComplete();
        await _closing.CancelAsync();
        if (await Task.WhenAny(_writing, Task.Delay(Farewell, _time)) == _writing)
        {
            await _writing;
            _closing.Dispose();
        }
        else
        {
            // A pipe that nobody reads, or a disk that hangs.
            _logger.TrafficStuck(_path);
        }
    }

    private async Task RunAsync()
    {
        var batch = new MemoryStream();
        while (await _lines.Reader.WaitToReadAsync(CancellationToken.None))
        {
            var lines = 0;
            while (batch.Length < MostAtOnce && _lines.Reader.TryRead(out var record))
            {
                batch.Write(record);
                lines++;
            }

            if (!await WriteAsync(batch.GetBuffer().AsMemory(0, (int)batch.Length)))
            {
                Lose(lines);
            }

            Interlocked.Add(ref _waiting, -batch.Length - (lines * Overhead));
            batch.SetLength(0);
            TellLost();
        }
    }

    /// <summary>Tries until it is done, or the gateway stops: then once. The log hears of the first failure and of the end of it.</summary>
    private async Task<bool> WriteAsync(ReadOnlyMemory<byte> bytes)
    {
        for (var failed = false; ; failed = true)
        {
            var last = _closing.IsCancellationRequested;
            if (await TryWriteAsync(bytes) is not { } fault)
            {
                if (failed)
                {
                    _logger.TrafficWritable(_path);
                }

                return true;
            }

            if (!failed)
            {
                _logger.TrafficUnwritable(_path, fault, RetryPause);
            }

            if (last)
            {
                return false;
            }

            await Task.Delay(RetryPause, _time, _closing.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <returns>Null, or why nothing was written.</returns>
    private async Task<string?> TryWriteAsync(ReadOnlyMemory<byte> bytes)
    {
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(_path)!);
            await using var file = new FileStream(_path, Options());
            var start = file.Position;
            try
            {
                await file.WriteAsync(bytes, CancellationToken.None);
            }
            catch (IOException)
            {
                // Half a batch on a full disk would be there twice after the next attempt.
                file.SetLength(start);
                throw;
            }

            return null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return e.Message;
        }
    }

    private static FileStreamOptions Options()
    {
        var options = new FileStreamOptions { Mode = FileMode.Append, Access = FileAccess.Write, Share = FileShare.ReadWrite | FileShare.Delete, BufferSize = 0, Options = FileOptions.Asynchronous };
        if (!OperatingSystem.IsWindows())
        {
            // What is said in channels is not for every account of the machine.
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead;
        }

        return options;
    }

    private void TellLost()
    {
        if (Interlocked.Exchange(ref _lost, 0) is > 0 and var lost)
        {
            _logger.TrafficLost(_path, lost);
        }
    }
}
