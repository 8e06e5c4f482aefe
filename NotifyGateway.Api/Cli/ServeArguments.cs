namespace NotifyGateway.Api.Cli;

/// <summary>What the command line says about a gateway.</summary>
/// <param name="ConfigFiles">Files of <c>--config</c>, in order.</param>
/// <param name="Urls"><c>--urls</c>: addresses separated by semicolons; null when not given.</param>
/// <param name="Settings">Settings given as <c>--Gateway:Key=value</c>.</param>
/// <param name="Sandbox">Whether a small IRC server runs in the same process, to try things out.</param>
internal sealed record ServeArguments(
    IReadOnlyList<string> ConfigFiles, string? Urls, IReadOnlyList<KeyValuePair<string, string?>> Settings, bool Sandbox)
{
    public static ServeArguments None { get; } = new([], null, [], Sandbox: false);
}
