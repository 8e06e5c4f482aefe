using System.ComponentModel;
using NotifyGateway.Core;
using NotifyGateway.Core.Configuration;
using NotifyGateway.Core.Outbox;

namespace NotifyGateway.Api.Http;

/// <summary>What is known of the configuration's sources, as the API shows it.</summary>
[Description("Where the configuration comes from, and what became of its last change.")]
internal sealed record ConfigurationBody(
    [property: Description("When what is in force was read.")] DateTimeOffset LoadedAt,
    [property: Description("The files that are looked at for changes, and the directory of secrets; the last one wins.")] IReadOnlyList<string> Files,
    [property: Description("When the last change was refused; null when it was not.")] DateTimeOffset? RefusedAt,
    [property: Description("Why the last change was refused, what was in force goes on; empty when it was not.")] IReadOnlyList<ConfigurationProblemBody> Problems,
    [property: Description("Keys that have changed and count only after a restart.")] IReadOnlyList<string> NeedsRestart,
    [property: Description("Destinations that the configuration names and nothing serves.")] IReadOnlyList<string> Warnings,
    [property: Description("What waits for networks, accounts and programs that are configured no more: it goes out if the name returns, else it expires in its time.")] IReadOnlyList<UnservedBody> Unserved)
{
    public static ConfigurationBody Of(ConfigurationReport report, IEnumerable<SessionBacklog> unserved) => new(
        report.LoadedAt, report.Files, report.RefusedAt, [.. report.Problems.Select(ConfigurationProblemBody.Of)], report.NeedsRestart, report.Warnings, [.. unserved.Select(UnservedBody.Of)]);
}

/// <summary>What waits for a session that is no more.</summary>
[Description("What waits for a session that is no more.")]
internal sealed record UnservedBody(
    [property: Description("The name of the network, account or program.")] string Session,
    [property: Description("How many deliveries wait.")] long Queued,
    [property: Description("When the oldest of them was accepted.")] DateTimeOffset? OldestQueuedAt)
{
    public static UnservedBody Of(SessionBacklog backlog) => new(backlog.Session.Name, backlog.Queued, backlog.OldestAcceptedAt);
}

/// <summary>One thing that is wrong with a change.</summary>
[Description("One thing that is wrong with a configuration. Never holds a configured value.")]
internal sealed record ConfigurationProblemBody(
    [property: Description("The key, or the name of a file that cannot be read.")] string Path,
    [property: Description("What is wrong, and what would be right.")] string Message,
    [property: Description("Where the value stands, if known.")] string? Origin)
{
    public static ConfigurationProblemBody Of(ConfigurationError error) => new(error.Path, error.Message, error.Origin);
}
