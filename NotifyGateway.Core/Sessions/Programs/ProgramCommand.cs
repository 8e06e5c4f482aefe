using System.Collections;
using System.Runtime.InteropServices;
using NotifyGateway.Core.Configuration;
using NotifyGateway.Core.Formatting;

namespace NotifyGateway.Core.Sessions.Programs;

/// <summary>A program's configuration, made into what is started for one message.</summary>
internal sealed class ProgramCommand(ProgramOptions options)
{
    /// <summary>Settings of the gateway and of its host: among them may be any secret.</summary>
    private static readonly string[] Withheld = ["Gateway__", "Kestrel__", "Logging__", "ASPNETCORE_"];

    private readonly bool _titleIsElsewhere = options.Command.Skip(1).Concat(options.Environment.Values).Any(t => Placeholders.Has(t, Placeholders.Title));

    /// <summary>Why the program could not be started now; null when it seems that it could.</summary>
    public string? Fault
    {
        get
        {
            _ = ProgramFile.Find(options.Command[0], options.WorkingDirectory, out var fault);
            return fault;
        }
    }

    /// <summary>Starts it for a message.</summary>
    /// <param name="fault">Why it could not be started.</param>
    /// <param name="passing">Whether the system lacks something at the moment: descriptors, processes, memory.</param>
    public SpawnedProcess? TryStart(ProgramText text, out string? fault, out bool passing)
    {
        passing = false;
        if (ProgramFile.Find(options.Command[0], options.WorkingDirectory, out fault) is not { } path)
        {
            return null;
        }

        string[] arguments = [options.Command[0], .. options.Command.Skip(1).Select(text.Argument)];
        var directory = options.WorkingDirectory is { } relative ? Path.GetFullPath(relative) : null;
        var process = SpawnedProcess.TryStart(new SpawnRequest(path, arguments, Environment(text), directory), out var errno);
        passing = process is null && errno is Posix.TooManyOpen or Posix.TooManyOpenInSystem or Posix.TryAgain or Posix.NoMemory;
        fault = process is not null ? null
            : errno == Posix.NoSuchFile ? $"cannot be started: {path}: the interpreter that it names is missing"
            : $"cannot be started: {path}: {Marshal.GetPInvokeErrorMessage(errno)}";
        return process;
    }

    /// <summary>What it reads.</summary>
    public byte[] Input(ProgramText text) => text.Input(options.Stdin, _titleIsElsewhere);

    private List<string> Environment(ProgramText text)
    {
        var variables = new List<string>();
        foreach (DictionaryEntry variable in System.Environment.GetEnvironmentVariables())
        {
            var name = (string)variable.Key;
            if (!options.Environment.ContainsKey(name) && !Array.Exists(Withheld, prefix => name.StartsWith(prefix, StringComparison.OrdinalIgnoreCase)))
            {
                variables.Add($"{name}={variable.Value}");
            }
        }

        variables.AddRange(options.Environment.Select(v => text.Argument($"{v.Key}={v.Value}")));
        return variables;
    }
}
