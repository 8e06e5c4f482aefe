using Microsoft.Extensions.Logging.Abstractions;
using NotifyGateway.Core.Configuration;
using NotifyGateway.Core.Outbox;

namespace NotifyGateway.Tests.Outbox;

/// <summary>The contract, kept by SQLite.</summary>
public sealed class SqliteOutboxTests : OutboxContract
{
    private readonly string _folder = Directory.CreateTempSubdirectory("outbox").FullName;

    protected override async Task<IOutbox> OpenOutboxAsync(OutboxOptions options, TimeProvider time) =>
        await SqliteOutbox.OpenAsync(options with { Path = Path.Combine(_folder, "data", "outbox.db") }, time, NullLogger<SqliteOutbox>.Instance, CancellationToken.None);

    protected override Task CleanAsync()
    {
        Directory.Delete(_folder, recursive: true);
        return Task.CompletedTask;
    }
}
