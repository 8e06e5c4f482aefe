using Microsoft.Extensions.Logging;
using NotifyGateway.Core.Configuration;
using NotifyGateway.Core.Outbox.Sqlite;

namespace NotifyGateway.Core.Outbox;

/// <summary>
/// The outbox of a single process: one SQLite file. Messages are stored in segments, each what was accepted together (see the
/// schema), so that the work of the database is by the segment and not by the message.
/// </summary>
public sealed class SqliteOutbox : IOutbox
{
    private readonly OutboxFile _file;
    private readonly SessionParts _parts;
    private readonly Writer _writer;
    private readonly BusyTime _busy;
    private readonly LaneLoader _loader;
    private readonly ReceiptQueries _queries;
    private readonly ILogger _logger;
    private bool _disposed;

    private SqliteOutbox(OutboxFile file, SessionParts parts, Writer writer, BusyTime busy, LaneLoader loader, ReceiptQueries queries, ILogger logger)
    {
        _file = file;
        _parts = parts;
        _writer = writer;
        _busy = busy;
        _loader = loader;
        _queries = queries;
        _logger = logger;
    }

    public string? Fault => _writer.Fault;

    public TimeSpan BusyFor => _busy.For;

    public event Action<Settlement>? Settled
    {
        add => _writer.Settled += value;
        remove => _writer.Settled -= value;
    }

    public event Action? Concerned
    {
        add => _writer.Concerned += value;
        remove => _writer.Concerned -= value;
    }

    /// <summary>Opens the file of <paramref name="options"/>, or makes it, readable for its owner only: it holds the credentials of URLs.</summary>
    /// <exception cref="OutboxOpenException">It is in use, damaged, newer than this program, or cannot be made.</exception>
    public static Task<SqliteOutbox> OpenAsync(
        OutboxOptions options, TimeProvider time, ILogger<SqliteOutbox> logger, CancellationToken cancellationToken, OutboxMeter? meter = null)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return Task.FromResult(Open(options, time, logger, meter));
    }

    public Task<AppendResult[]> AppendAsync(IReadOnlyList<OutboxEntry> entries, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (entries.Count == 0)
        {
            return Task.FromResult<AppendResult[]>([]);
        }

        foreach (var entry in entries)
        {
            ArgumentOutOfRangeException.ThrowIfGreaterThan(entry.Destinations.Count, Intake.MaxDestinations, nameof(entries));
        }

        var operation = new AppendOperation(entries);
        _writer.Enqueue(operation);
        return operation.Done;
    }

    public ValueTask<IOutboxReader> OpenAsync(SessionKey session, Action available, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        ObjectDisposedException.ThrowIf(_disposed, this);
        return ValueTask.FromResult<IOutboxReader>(new LaneReader(_parts.Attach(session, available), _writer));
    }

    public ValueTask<Receipt?> FindAsync(Guid id, CancellationToken cancellationToken) => _queries.FindAsync(id, cancellationToken);

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">The limit or the cursor is not valid.</exception>
    public ValueTask<ReceiptPage> ListAsync(ReceiptQuery query, CancellationToken cancellationToken) => _queries.ListAsync(query, cancellationToken);

    /// <inheritdoc/>
    /// <exception cref="OutboxFaultException">The disk refused; nothing was cancelled.</exception>
    public ValueTask<Receipt?> CancelAsync(Guid id, CancellationToken cancellationToken) => ChangeAsync(new MessageOperation(id, null), cancellationToken);

    /// <inheritdoc/>
    /// <exception cref="OutboxFaultException">The disk refused; nothing was queued.</exception>
    public ValueTask<Receipt?> RetryAsync(Guid id, TimeSpan life, CancellationToken cancellationToken) => ChangeAsync(new MessageOperation(id, life), cancellationToken);

    public void Watch(WatchTerms? terms) => _writer.Watch(terms);

    /// <inheritdoc/>
    /// <exception cref="OutboxFaultException">The disk refused.</exception>
    public Task<IReadOnlyList<Concern>> ConcernsAsync(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var operation = new ConcernsOperation();
        _writer.Enqueue(operation);
        return operation.Done;
    }

    public IReadOnlyList<SessionBacklog> Backlog() => _parts.Backlog();

    /// <summary>Stores everything that was enqueued, and closes the file.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_disposed)
        {
            return;
        }

        _disposed = true;
        await _writer.StopAsync();
        _loader.Dispose();
        _queries.Dispose();
        try
        {
            // With the last other connection closed the log can be emptied.
            _writer.Checkpoint();
        }
        catch (DatabaseException error)
        {
            OutboxLog.NotCheckpointed(_logger, error);
        }

        _writer.Dispose();
        _file.Dispose();
    }

    private static SqliteOutbox Open(OutboxOptions options, TimeProvider time, ILogger logger, OutboxMeter? meter)
    {
        var library = NativeLibraryChoice.Use();
        var file = OutboxFile.Open(options.Path);
        var opened = new Stack<IDisposable>([file]);
        T Opened<T>(T resource)
            where T : IDisposable
        {
            opened.Push(resource);
            return resource;
        }

        try
        {
            var database = Opened(file.ConnectWriter());
            Schema.Migrate(database, options.Path);
            var busy = new BusyTime(time);
            var loader = new LaneLoader(time, logger);
            var parts = new SessionParts(time, loader);
            var ledger = new Ledger(database, parts, options, logger, meter);
            ledger.Load();
            var log = new LogReset(database, options.Path);
            var lanes = Opened(file.ConnectReader());
            var writer = new Writer(database, log, ledger, busy, time, logger);
            void Damaged(SegmentDamagedException damaged) => writer.TryEnqueue(new DamagedOperation(damaged.Segment));
            var queries = new ReceiptQueries(Opened(file.ConnectReader()), log, parts, options.KeepSettled, time, Damaged);
            loader.Start(lanes, log, Damaged);
            writer.Start();
            var backlog = parts.Backlog();
            OutboxLog.Opened(logger, options.Path, library, backlog.Sum(b => b.Queued), backlog.Count);
            return new SqliteOutbox(file, parts, writer, busy, loader, queries, logger);
        }
        catch (Exception error)
        {
            while (opened.TryPop(out var resource))
            {
                resource.Dispose();
            }

            throw error is DatabaseException or InvalidDataException or IndexOutOfRangeException
                ? new OutboxOpenException(options.Path, error.Message, error)
                : error;
        }
    }

    private async ValueTask<Receipt?> ChangeAsync(MessageOperation operation, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        _writer.Enqueue(operation);
        await operation.Done;
        return await _queries.FindAsync(operation.Id, cancellationToken);
    }
}
