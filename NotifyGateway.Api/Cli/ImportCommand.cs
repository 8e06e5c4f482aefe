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
    private const string MucGateway = "xmpp-muc-gateway";

    private static readonly JsonSerializerOptions Readable = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static Command Make()
    {
        var format = new Argument<string>("FORMAT") { Description = $"The other system: {MucGateway} (its .pyenv)." };
        format.AcceptOnlyFromAmong(MucGateway);
        var file = new Argument<string>("FILE") { Description = "Its configuration." };
        var command = new Command("import", "Turns another system's configuration into one of this program, on standard output. What cannot be carried over is named on standard error.");
        command.Arguments.Add(format);
        command.Arguments.Add(file);
        command.SetAction(parsed => Run(parsed.GetValue(file)!, parsed.InvocationConfiguration.Output, parsed.InvocationConfiguration.Error));
        return command;
    }

    private static int Run(string file, TextWriter output, TextWriter errors)
    {
        if (Text(file, errors) is not { } text)
        {
            return ExitCode.InputUnreadable;
        }

        if (MucGatewayImport.Read(text) is not { } imported)
        {
            errors.WriteLine($"{file}: is no configuration of the XMPP MUC Message Gateway: it sets neither JID_FROM_USER nor KNOWN_ROOMS");
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
            return File.ReadAllText(file, Encoding.UTF8);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or NotSupportedException or ArgumentException)
        {
            errors.WriteLine($"{file}: {(e is FileNotFoundException or DirectoryNotFoundException ? "no such file" : "cannot be read: look at the file's kind, owner and mode")}");
            return null;
        }
    }
}
