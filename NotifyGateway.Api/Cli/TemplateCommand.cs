using System.CommandLine;
using System.Text;
using System.Text.RegularExpressions;
using NotifyGateway.Core;

namespace NotifyGateway.Api.Cli;

/// <summary>Shows templates, and what would be sent of a hook's payload.</summary>
internal static partial class TemplateCommand
{
    private static readonly Option<string[]> Headers = new("--header", "-H")
    {
        Description = "A header of the request, by which auto knows the sender: \"X-GitHub-Event: push\". May be given several times.",
        HelpName = "NAME: VALUE",
        Arity = ArgumentArity.OneOrMore,
        AllowMultipleArgumentsPerToken = false,
        DefaultValueFactory = _ => [],
    };

    public static Command Make()
    {
        var command = new Command("template", "Shows templates of hooks, and what they make of a payload. Templates of Gateway:TemplatesDirectory count, where --config names it.");
        foreach (var inner in new[] { MakeTry(), MakeList(), MakeShow() })
        {
            inner.Options.Add(GatewaySymbols.Config);
            inner.Options.Add(new VersionOption());
            command.Subcommands.Add(inner);
        }

        return command;
    }

    private static Command MakeTry()
    {
        var name = new Argument<string>("NAME") { Description = "A template's name, a text that holds {{, or auto: that of whoever is recognized as the sender." };
        var payload = new Argument<string>("PAYLOAD") { Description = "A file with the request's body; -: standard input." };
        var command = new Command("try", "Prints what people on IRC and XMPP would read of a payload. Nothing is sent. Exit 0: a message, or silence; 65: it would be refused.");
        command.Arguments.Add(name);
        command.Arguments.Add(payload);
        command.Options.Add(Headers);
        command.SetAction(parsed => Try(parsed, parsed.GetValue(name)!, parsed.GetValue(payload)!));
        return command;
    }

    private static Command MakeList()
    {
        var command = new Command("list", "Prints the names of all templates.");
        command.SetAction(parsed =>
        {
            var (trial, exit) = Load(parsed);
            foreach (var name in trial?.Names ?? [])
            {
                parsed.InvocationConfiguration.Output.WriteLine(name);
            }

            return exit;
        });
        return command;
    }

    private static Command MakeShow()
    {
        var name = new Argument<string>("NAME") { Description = "A template's name." };
        var command = new Command("show", "Prints a template: a start for one of your own.");
        command.Arguments.Add(name);
        command.SetAction(parsed =>
        {
            var io = parsed.InvocationConfiguration;
            if (Load(parsed) is not ({ } trial, _))
            {
                return ExitCode.InvalidConfiguration;
            }

            if (trial.Source(parsed.GetValue(name)!) is not { } source)
            {
                io.Error.WriteLine(trial.Wrong(parsed.GetValue(name)!) ?? "there is no template of this name");
                return ExitCode.Usage;
            }

            io.Output.Write(source);
            return ExitCode.Done;
        });
        return command;
    }

    private static (TemplateTrial? Trial, int Exit) Load(ParseResult parsed)
    {
        var arguments = new ServeArguments(parsed.GetValue(GatewaySymbols.Config) ?? [], null, [], false);
        return LoadedConfiguration.Load(arguments, parsed.InvocationConfiguration.Error) is { Options.TemplatesDirectory: var directory }
            ? (new TemplateTrial(directory), ExitCode.Done)
            : (null, ExitCode.InvalidConfiguration);
    }

    private static int Try(ParseResult parsed, string template, string file)
    {
        var io = parsed.InvocationConfiguration;
        if (Load(parsed) is not ({ } trial, _))
        {
            return ExitCode.InvalidConfiguration;
        }

        if (trial.Wrong(template) is { } wrong)
        {
            io.Error.WriteLine(wrong);
            return ExitCode.Usage;
        }

        var headers = (parsed.GetValue(Headers) ?? []).Select(h => h.Split(':', 2, StringSplitOptions.TrimEntries)).ToList();
        if (headers.Exists(h => h.Length < 2))
        {
            io.Error.WriteLine("a header is NAME: VALUE");
            return ExitCode.Usage;
        }

        if (Body(file, io.Error) is not { } body)
        {
            return ExitCode.InputUnreadable;
        }

        var named = headers.GroupBy(h => h[0], StringComparer.OrdinalIgnoreCase).ToDictionary(g => g.Key, g => g.Last()[1], StringComparer.OrdinalIgnoreCase);
        return Print(trial.Try(template, named, body), io.Output, io.Error);
    }

    private static int Print(TrialResult result, TextWriter output, TextWriter errors)
    {
        if (result.Fault is { } fault)
        {
            errors.WriteLine($"refused: {fault}");
            return ExitCode.InputUnusable;
        }

        output.WriteLine($"sender:   {result.Sender ?? "not known"}");
        if (result.Silence is { } silence)
        {
            output.WriteLine($"nothing is sent: {silence}");
            return ExitCode.Done;
        }

        output.WriteLine($"severity: {result.Severity?.ToString().ToLowerInvariant() ?? "none"}");
        output.WriteLine($"repeat:   {result.Repeat ?? "each is sent"}");
        output.WriteLine("--- IRC");
        foreach (var line in result.Irc)
        {
            output.WriteLine(Visible(line));
        }

        output.WriteLine("--- XMPP");
        output.WriteLine(result.Xmpp);
        return ExitCode.Done;
    }

    /// <summary>Format codes as people write them down: a terminal would not show them, and other control characters are not for it.</summary>
    private static string Visible(string line)
    {
        var text = new StringBuilder(line.Length);
        foreach (var c in Colour().Replace(line, "{k${number}}"))
        {
            text.Append(c switch { '\x02' => "{b}", '\x1D' => "{i}", '\x1F' => "{u}", '\x1E' => "{s}", '\x11' => "{c}", '\x0F' => "{o}", _ => char.IsControl(c) ? "{?}" : c.ToString() });
        }

        return text.ToString();
    }

    private static byte[]? Body(string file, TextWriter errors)
    {
        try
        {
            if (file is not "-")
            {
                return File.ReadAllBytes(file);
            }

            using var input = Console.OpenStandardInput();
            using var body = new MemoryStream();
            input.CopyTo(body);
            return body.ToArray();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or NotSupportedException or ArgumentException)
        {
            errors.WriteLine($"{file}: {(e is FileNotFoundException or DirectoryNotFoundException ? "no such file" : "cannot be read: look at the file's kind, owner and mode")}");
            return null;
        }
    }

    [GeneratedRegex("\x03(?<number>[0-9]{0,2}(,[0-9]{1,2})?)", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Colour();
}
