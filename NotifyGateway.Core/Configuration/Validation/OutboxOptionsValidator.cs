using FluentValidation;
using NotifyGateway.Core.Configuration.Binding;

namespace NotifyGateway.Core.Configuration.Validation;

/// <summary>The outbox.</summary>
internal sealed class OutboxOptionsValidator : AbstractValidator<OutboxOptions>
{
    private const string Sqlite = "Sqlite";

    public OutboxOptionsValidator()
    {
        this.Text(nameof(OutboxOptions.Provider), x => x.Provider, WrongProvider);
        this.Text(nameof(OutboxOptions.Path), x => x.Path, WrongPath);
        RuleFor(x => x.ExpireAfter).Positive(RangeRules.LongestAge);
        RuleFor(x => x.KeepSettled).Positive(RangeRules.LongestAge);
        RuleFor(x => x.MaxQueuedPerSession).Between(1, 100_000_000);
    }

    private static string? WrongProvider(string provider) =>
        string.Equals(provider, Sqlite, StringComparison.OrdinalIgnoreCase) ? null
        : UnsupportedKeys.OutboxProviders.Contains(provider, StringComparer.OrdinalIgnoreCase) ? UnsupportedKeys.Message
        : $"must be {Sqlite}";

    private static string? WrongPath(string path) =>
        path.Contains('\0', StringComparison.Ordinal) ? "must be the path of a file"
        : Directory.Exists(path) ? "is a directory; it must be the path of a file"
        : null;
}
