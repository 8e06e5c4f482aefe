using System.Text.Json.Nodes;

namespace NotifyGateway.Api.Cli.Import;

/// <summary>Another system's configuration as one of ours.</summary>
/// <param name="Configuration">A whole file.</param>
/// <param name="Notes">What could not be carried over, or is otherwise than before, a line each. Holds no secret.</param>
internal sealed record Imported(JsonObject Configuration, IReadOnlyList<string> Notes);
