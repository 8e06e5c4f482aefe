using System.CommandLine;
using System.CommandLine.Help;
using NotifyGateway.Api.Cli.Send;

namespace NotifyGateway.Api.Cli;

/// <summary>The commands of the program.</summary>
internal static class CommandLine
{
    /// <summary>Parses and runs; the result is the process's exit code.</summary>
    public static async Task<int> RunAsync(string[] args, TextWriter output, TextWriter error, CancellationToken cancellation)
    {
        // A word like @nick is text, not the name of a file with arguments.
        var parsed = Make().Parse(args, new ParserConfiguration { ResponseFileTokenReplacer = null });
        if (parsed.Errors.Count > 0)
        {
            foreach (var wrong in parsed.Errors)
            {
                await error.WriteLineAsync(wrong.Message);
            }

            await error.WriteLineAsync("See --help.");
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
