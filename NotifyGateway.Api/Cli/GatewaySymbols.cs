using System.CommandLine;
using System.CommandLine.Parsing;

namespace NotifyGateway.Api.Cli;

/// <summary>The options that <c>serve</c> and <c>check-config</c> have in common.</summary>
internal static class GatewaySymbols
{
    public static readonly Option<string[]> Config = new("--config", "-c")
    {
        Description = "A configuration file: JSON, comments allowed. May be given several times; later files win.",
        HelpName = "FILE",
        DefaultValueFactory = _ => [],
        Arity = ArgumentArity.OneOrMore,
        AllowMultipleArgumentsPerToken = false,
    };

    public static readonly Option<string?> Urls = MakeUrls();

    public static readonly Argument<string[]> Settings = MakeSettings();

    /// <summary>Adds them to a command.</summary>
    public static void AddTo(Command command)
    {
        command.Options.Add(Config);
        command.Options.Add(Urls);
        command.Arguments.Add(Settings);
    }

    /// <summary>What was given.</summary>
    public static ServeArguments Read(ParseResult parsed, bool sandbox) => new(
        parsed.GetValue(Config) ?? [],
        parsed.GetValue(Urls),
        [.. (parsed.GetValue(Settings) ?? []).Select(SettingArgument.Parse).OfType<KeyValuePair<string, string?>>()],
        sandbox);

    private static Option<string?> MakeUrls()
    {
        var urls = new Option<string?>("--urls")
        {
            Description = $"HTTP addresses to listen to, separated by semicolons [default: {HttpEndpoint.Default}]. Hosts: an address, localhost, * for all; or http://unix:/path.",
            HelpName = "URLS",
        };
        urls.Validators.Add(result =>
        {
            foreach (var wrong in HttpEndpoint.ParseAll(result.GetValueOrDefault<string?>() ?? "").Errors)
            {
                result.AddError($"--urls: {wrong}");
            }
        });
        return urls;
    }

    private static Argument<string[]> MakeSettings()
    {
        var settings = new Argument<string[]>("--Gateway:KEY=VALUE")
        {
            Arity = ArgumentArity.ZeroOrMore,
            DefaultValueFactory = _ => [],
            Hidden = true, // The help tells of it in its own words: as an argument it would stand before the command.
        };
        settings.Validators.Add(result =>
        {
            if (result.Tokens.Any(t => SettingArgument.Parse(t.Value) is null))
            {
                // Which, and what was meant, UnknownWords says.
                result.AddError("There is a word that is no command, option or setting of this program.");
            }
        });
        return settings;
    }
}
