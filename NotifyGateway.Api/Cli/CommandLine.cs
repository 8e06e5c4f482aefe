using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Parsing;
using NotifyGateway.Api.Cli.Send;

namespace NotifyGateway.Api.Cli;

/// <summary>The commands of the program.</summary>
internal static class CommandLine
{
    /// <summary>Parses and runs; the result is the process's exit code.</summary>
    public static async Task<int> RunAsync(string[] args, TextWriter output, TextWriter error, CancellationToken cancellation)
    {
        // A word like @nick is text, not the name of a file with arguments.
        var root = Make();
        var parsed = root.Parse(args, new ParserConfiguration { ResponseFileTokenReplacer = null });
        if (parsed.Errors.Count > 0)
        {
            foreach (var wrong in Wrong(parsed, root))
            {
                await error.WriteLineAsync(wrong);
            }

            await error.WriteLineAsync(SeeHelp(parsed));
            return ExitCode.Usage;
        }

        return await parsed.InvokeAsync(
            new InvocationConfiguration
            {
                Output = output,
                Error = error,
                EnableDefaultExceptionHandler = false, // a bug is to be seen as one
                ProcessTerminationTimeout = null, // signals are the host's: it drains, then ends
            },
            cancellation);
    }

    /// <summary>Where the help of the command stands that was called.</summary>
    public static string SeeHelp(ParseResult parsed)
    {
        var words = new List<string>();
        for (SymbolResult? called = parsed.CommandResult; called is CommandResult command; called = called.Parent)
        {
            words.Insert(0, command.Command.Name);
        }

        return $"See {string.Join(' ', words)} --help.";
    }

    /// <summary>What a word means is said before what is missing: it is probably the word that was meant.</summary>
    private static IEnumerable<string> Wrong(ParseResult parsed, Command root) =>
        UnknownWords.In(parsed, root) is { Count: > 0 } unknown ? unknown
        : parsed.CommandResult.Command is { Action: null, Subcommands: { Count: > 0 } parts } command ? [$"{command.Name} needs a command: {string.Join(", ", parts.Select(p => p.Name))}"]
        : parsed.Errors.Select(e => e.Message);

    /// <summary>The whole program.</summary>
    /// <remarks>No <see cref="RootCommand"/>: that is always named like the assembly.</remarks>
    internal static Command Make()
    {
        var root = new Command("notify-gateway", "Takes notifications over HTTP, TCP and UDP and delivers them to IRC, XMPP and local programs: durably, in order, and with proof.");
        ServeCommand.Shape(root);
        var help = new HelpOption();
        help.Action = new HelpWithExamples((HelpAction)help.Action!);
        root.Options.Add(help);
        root.Options.Add(new VersionOption());
        foreach (var command in new[] { ServeCommand.Make(), SendCommand.Make(), CheckConfigCommand.Make(), HealthCommand.Make(), ImportCommand.Make(), TemplateCommand.Make(), TokenCommand.Make() })
        {
            command.Options.Add(new VersionOption());
            root.Subcommands.Add(command);
        }

        return root;
    }
}
