using Microsoft.Extensions.Logging;

namespace NotifyGateway.Tests.Support;

/// <summary>A log line with everything that a sink could print of it.</summary>
internal sealed record LogLine(string Category, LogLevel Level, EventId Id, string Message, string Values, Exception? Exception)
{
    public override string ToString() => $"{Level} {Category}[{Id.Id}] {Message} {Values} {Exception}".TrimEnd();
}

/// <summary>Keeps all log lines of every level, to be waited for and searched.</summary>
internal sealed class MemoryLog : ILoggerProvider, ILoggerFactory
{
    public Journal<LogLine> Lines { get; } = new("log");

    /// <summary>Everything at once, values and exceptions included: what must not hold a secret.</summary>
    public string Text => string.Join('\n', Lines.Entries);

    public ILogger CreateLogger(string categoryName) => new Writer(categoryName, Lines);

    public void AddProvider(ILoggerProvider provider) => throw new NotSupportedException("a memory log writes to memory only");

    public void Dispose()
    {
        // Lines are still looked at after the host that owned the provider is gone.
    }

    private sealed class Writer(string category, Journal<LogLine> lines) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            var values = state is IEnumerable<KeyValuePair<string, object?>> pairs
                ? string.Join(' ', pairs.Where(pair => pair.Key is not "{OriginalFormat}").Select(pair => $"{pair.Key}={pair.Value}"))
                : "";
            lines.Add(new LogLine(category, logLevel, eventId, formatter(state, exception), values, exception));
        }
    }
}
