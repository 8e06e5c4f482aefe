using System.CommandLine;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using NotifyGateway.Api.Cli.Import;
using NotifyGateway.Core.Configuration;

namespace NotifyGateway.Api.Cli;

/// <summary>Turns another system's configuration into ours on standard output; what cannot be carried over is named on standard error.</summary>
internal static class ImportCommand
{
    private static readonly JsonSerializerOptions Readable = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static Command Make()
    {
        var format = new Argument<string>("FORMAT") { Description = $"The other system, and what FILE is: {string.Join("; ", ImportFormat.All.Select(f => $"{f.Name} ({f.File})"))}." };
        format.AcceptOnlyFromAmong([.. ImportFormat.All.Select(f => f.Name)]);
        var file = new Argument<string>("FILE") { Description = "Its configuration; - is standard input." };
        var command = new Command("import", "Turns another system's configuration into one of this program, on standard output. What cannot be carried over is named on standard error.");
        command.Arguments.Add(format);
        command.Arguments.Add(file);
        command.SetAction(parsed => Run(ImportFormat.All.Single(f => string.Equals(f.Name, parsed.GetValue(format), StringComparison.Ordinal)), parsed.GetValue(file)!, parsed.InvocationConfiguration.Output, parsed.InvocationConfiguration.Error));
        return command;
    }

    private static int Run(ImportFormat format, string file, TextWriter output, TextWriter errors)
    {
        if (Text(file, errors) is not { } text)
        {
            return ExitCode.InputUnreadable;
        }

        if (format.Read(text) is not { } imported)
        {
            errors.WriteLine($"{file}: {format.Missing}");
            return ExitCode.InputUnusable;
        }

        var configuration = imported.Configuration.ToJsonString(Readable);
        output.WriteLine(configuration);
        foreach (var note in imported.Notes)
        {
            errors.WriteLine(note);
        }

        foreach (var error in GatewayConfiguration.Load([ConfigurationSource.Json("imported", configuration)]).Errors)
        {
            errors.WriteLine(error);
        }

        return ExitCode.Done;
    }

    private static string? Text(string file, TextWriter errors)
    {
        try
        {
            return file is "-" ? Console.In.ReadToEnd() : File.ReadAllText(file, Encoding.UTF8);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or NotSupportedException or ArgumentException)
        {
            errors.WriteLine($"{file}: {(e is FileNotFoundException or DirectoryNotFoundException ? "no such file" : "cannot be read: look at the file's kind, owner and mode")}");
            return null;
        }
    }
}
