namespace NotifyGateway.Core.Configuration.Binding;

/// <summary>
/// What a name that the user chooses may hold. A colon ends a path, two underscores stand for one in the environment, a slash separates
/// network and channel in <c>libera/#ops</c>, a comma separates destinations.
/// </summary>
internal static class NameRule
{
    private static readonly string[] Refused = [":", "/", "__", ","];

    public static string? WrongWith(string name) =>
        Refused.FirstOrDefault(r => name.Contains(r, StringComparison.Ordinal)) is { } part ? $"a name must not hold '{part}'"
        : name.Any(char.IsControl) ? "a name must not hold control characters"
        : name.Length == 0 || name.Trim().Length != name.Length ? "a name must not be empty, nor begin or end with a space"
        : null;
}
