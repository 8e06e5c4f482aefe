using System.CommandLine;
using System.Globalization;

namespace NotifyGateway.Api.Cli.Send;

/// <summary>The words of <c>send</c>.</summary>
internal static class SendSymbols
{
    private const int LongestTimeout = 24 * 3600;

    public static readonly Option<string[]> To = new("--to", "-t")
    {
        Description = "A destination: a URL like ircs://host/#channel, libera/#ops, xmpp:alice@example.org, program:mail, an alias. May be given several times.",
        HelpName = "DEST",
        Required = true,
        Arity = ArgumentArity.OneOrMore,
        AllowMultipleArgumentsPerToken = false,
    };

    public static readonly Option<string?> Title = new("--title") { Description = "Shown before the text.", HelpName = "T" };

    public static readonly Option<string?> Severity = OneOf("--severity", "How grave it is; shown as colour or as a word.", "info", "success", "warning", "error");

    public static readonly Option<string?> Markup = OneOf("--markup", "How the text is to be read [default: plain].", "plain", "slack", "markdown");

    public static readonly Option<Uri?> Gateway = new("--gateway", "-g")
    {
        Description = "Sends through a gateway that runs there, like http://127.0.0.1:8080. Without it the program itself connects to the server.",
        HelpName = "URL",
        CustomParser = result =>
        {
            if (Uri.TryCreate(result.Tokens[0].Value, UriKind.Absolute, out var url) && url is { Scheme: "http" or "https", UserInfo: "", Query: "", Fragment: "" })
            {
                return url;
            }

            // It may hold a password: it is not repeated.
            result.AddError("--gateway is http://host[:port][/path] or https://…, without a password");
            return null;
        },
    };

    public static readonly Option<string?> Secret = new("--secret")
    {
        Description = "The secret for --gateway. Everybody on this machine can see it in the list of processes: prefer --secret-file, or the environment's NOTIFY_SECRET.",
        HelpName = "S",
    };

    public static readonly Option<string?> SecretFile = new("--secret-file") { Description = "A file that holds the secret for --gateway.", HelpName = "FILE" };

    public static readonly Option<string?> Jid = new("--jid") { Description = "The XMPP account to send from, where there is no --config.", HelpName = "JID" };

    public static readonly Option<string?> PasswordFile = new("--password-file") { Description = "A file that holds the password of --jid.", HelpName = "FILE" };

    public static readonly Option<int> Timeout = MakeTimeout();

    public static readonly Option<bool> Verbose = new("--verbose", "-v") { Description = "Prints each delivery and its proof, and on standard error what happens." };

    public static readonly Argument<string[]> Text = new("TEXT")
    {
        Description = "The message, as one argument. Without it, or as -, standard input is read.",
        Arity = ArgumentArity.ZeroOrMore,
        DefaultValueFactory = _ => [],
    };

    public static void AddTo(Command command)
    {
        foreach (var option in new Option[] { To, Title, Severity, Markup, Gateway, Secret, SecretFile, GatewaySymbols.Config, Jid, PasswordFile, Timeout, Verbose })
        {
            command.Options.Add(option);
        }

        command.Arguments.Add(Text);
    }

    private static Option<string?> OneOf(string name, string description, params string[] words)
    {
        var option = new Option<string?>(name) { Description = description };
        option.AcceptOnlyFromAmong(words);
        return option;
    }

    private static Option<int> MakeTimeout()
    {
        var timeout = new Option<int>("--timeout") { Description = "How long to wait for the proof, in seconds.", HelpName = "SECONDS", DefaultValueFactory = _ => 60 };
        timeout.Validators.Add(result =>
        {
            if (result.Tokens.Count > 0 && int.TryParse(result.Tokens[0].Value, CultureInfo.InvariantCulture, out var seconds) && seconds is < 1 or > LongestTimeout)
            {
                result.AddError($"--timeout is 1 to {LongestTimeout} seconds");
            }
        });
        return timeout;
    }
}
