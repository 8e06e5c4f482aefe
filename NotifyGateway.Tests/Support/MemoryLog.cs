using Microsoft.Extensions.Logging;

namespace NotifyGateway.Tests.Support;

/// <summary>A log line with everything that a sink could print of it.</summary>
internal sealed record LogLine(string Category, LogLevel Level, EventId Id, string Message, string Values, string Scopes, Exception? Exception)
{
    public override string ToString() => $"{Level} {Category}[{Id.Id}] {Message} {Values} {Scopes} {Exception}".TrimEnd();
}

/// <summary>Keeps all log lines of every level, to be waited for and searched.</summary>
[ProviderAlias("MemoryLog")]
internal sealed class MemoryLog : ILoggerProvider, ILoggerFactory, ISupportExternalScope
{
    private IExternalScopeProvider _scopes = new LoggerExternalScopeProvider();

    public Journal<LogLine> Lines { get; } = new("log");

    /// <summary>Everything at once, values, scopes and exceptions included: what must not hold a secret.</summary>
    public string Text => string.Join('\n', Lines.Entries);

    /// <summary>The messages of an event.</summary>
    public IEnumerable<string> Of(int id) => Lines.Entries.Where(l => l.Id.Id == id).Select(l => l.Message);

    public ILogger CreateLogger(string categoryName) => new Writer(this, categoryName);

    public void SetScopeProvider(IExternalScopeProvider scopeProvider) => _scopes = scopeProvider;

    public void AddProvider(ILoggerProvider provider) => throw new NotSupportedException("a memory log writes to memory only");

    public void Dispose()
    {
        // Lines are still looked at after the host that owned the provider is gone.
    }

    private sealed class Writer(MemoryLog log, string category) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => log._scopes.Push(state);

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            var values = state is IEnumerable<KeyValuePair<string, object?>> pairs
                ? string.Join(' ', pairs.Where(pair => pair.Key is not "{OriginalFormat}").Select(pair => $"{pair.Key}={pair.Value}"))
                : "";
            var scopes = new List<object?>();
            log._scopes.ForEachScope(static (scope, all) => all.Add(scope), scopes);
            log.Lines.Add(new LogLine(category, logLevel, eventId, formatter(state, exception), values, string.Join(' ', scopes), exception));
        }
    }
}
