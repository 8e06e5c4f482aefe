namespace NotifyGateway.Core.Configuration;

/// <summary>One thing that is wrong with a configuration. Never holds a configured value that could be a secret.</summary>
/// <param name="Path">The key's full path, <c>Gateway:Irc:libera:Port</c>, or the name of a file that cannot be read.</param>
/// <param name="Message">What is wrong and what would be right.</param>
/// <param name="Origin">Where the value stands, if known: <c>gateway.json line 12</c>, <c>environment</c>.</param>
public sealed record ConfigurationError(string Path, string Message, string? Origin = null)
{
    /// <summary><c>path: message (origin)</c>, on one line.</summary>
    public override string ToString() => Origin is null ? $"{Path}: {Message}" : $"{Path}: {Message} ({Origin})";
}
