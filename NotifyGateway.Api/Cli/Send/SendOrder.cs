namespace NotifyGateway.Api.Cli.Send;

/// <summary>What is to be sent. The words are those of the native API.</summary>
/// <param name="Timeout">How long to wait for the outcome.</param>
internal sealed record SendOrder(IReadOnlyList<string> To, string? Title, string Text, string? Severity, string? Markup, TimeSpan Timeout);
