namespace NotifyGateway.Core.Outbox.Sqlite;

/// <summary>The file on disk: makes it, keeps other processes away from it, and connects to it.</summary>
internal sealed class OutboxFile : IDisposable
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private readonly string _path;
    private readonly FileStream _lock;

    private OutboxFile(string path, FileStream @lock)
    {
        _path = path;
        _lock = @lock;
    }

    /// <exception cref="OutboxOpenException">It cannot be made, or another process has it.</exception>
    public static OutboxFile Open(string path)
    {
        try
        {
            var full = Path.GetFullPath(path);
            Directory.CreateDirectory(Path.GetDirectoryName(full)!);
            var @lock = Lock(path, full);
            // Made here and not by SQLite, so that it is never readable for others. Its log takes over the mode.
            Create(full, FileShare.ReadWrite).Dispose();
            return new OutboxFile(full, @lock);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new OutboxOpenException(path, error.Message, error);
        }
    }

    public Database ConnectWriter()
    {
        // No waiting: nobody else writes, and if somebody does, the outbox says so and tries again.
        var database = new Database(_path, readOnly: false, TimeSpan.Zero);
        try
        {
            database.Execute("""
                PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA wal_autocheckpoint = 1000; PRAGMA journal_size_limit = 16777216;
                PRAGMA cache_size = -8192; PRAGMA temp_store = MEMORY; PRAGMA foreign_keys = OFF;
                """);
            return database;
        }
        catch
        {
            database.Dispose();
            throw;
        }
    }

    public Database ConnectReader() => new(_path, readOnly: true, TimeSpan.FromSeconds(5));

    public void Dispose() => _lock.Dispose();

    /// <summary>A lock of the kernel's on a file beside it: it goes with the process, however that ends.</summary>
    private static FileStream Lock(string path, string full)
    {
        var lockPath = full + ".lock";
        try
        {
            return Create(lockPath, FileShare.None);
        }
        catch (IOException error) when (File.Exists(lockPath))
        {
            throw new OutboxOpenException(path, "another process has it open.", error);
        }
    }

    private static FileStream Create(string path, FileShare share)
    {
        var options = new FileStreamOptions { Mode = FileMode.OpenOrCreate, Access = FileAccess.ReadWrite, Share = share };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = OwnerOnly;
        }

        return new FileStream(path, options);
    }
}
