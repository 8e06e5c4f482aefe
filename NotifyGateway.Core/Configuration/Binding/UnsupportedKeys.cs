namespace NotifyGateway.Core.Configuration.Binding;

/// <summary>Keys that are named for later versions. They are refused by name, so that nobody believes that a scope or a login is in force.</summary>
internal static class UnsupportedKeys
{
    public const string Message = "is not supported by this version yet";

    /// <summary>The providers of an outbox that are named for later.</summary>
    public static readonly IReadOnlyList<string> OutboxProviders = ["RabbitMq"];

    private static readonly string[][] Keys =
    [
        .. Split("Outbox:RabbitMq"),
    ];

    /// <summary>Whether this is such a key.</summary>
    public static bool Covers(string path) => Keys.Any(k => Matches(k, path.Split(':')));

    /// <summary>Such keys that may stand beside this one.</summary>
    public static IEnumerable<string> Beside(string path)
    {
        var parents = path.Split(':')[..^1];
        return Keys.Where(k => Matches(k[..^1], parents)).Select(k => k[^1]);
    }

    private static bool Matches(string[] pattern, string[] path) =>
        pattern.Length == path.Length && pattern.Zip(path).All(s => s.First is "*" || string.Equals(s.First, s.Second, StringComparison.OrdinalIgnoreCase));

    private static string[][] Split(params string[] paths) => [.. paths.Select(p => $"{OptionShape.Section}:{p}".Split(':'))];
}
