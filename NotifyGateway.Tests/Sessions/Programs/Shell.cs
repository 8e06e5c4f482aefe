using System.Globalization;
using NotifyGateway.Core;
using NotifyGateway.Core.Configuration;
using NotifyGateway.Core.Sessions.Programs;
using NotifyGateway.Tests.Support;

namespace NotifyGateway.Tests.Sessions.Programs;

/// <summary>Programs for tests: what <c>/bin/sh</c> makes of a few words, in a folder of their own.</summary>
internal sealed class Shell : IDisposable
{
    private static readonly DateTimeOffset Noon = new(2026, 5, 1, 12, 0, 0, TimeSpan.Zero);

    private readonly TempFolder _folder = new();

    public string Folder => _folder.Path;

    /// <summary>A shell that runs these words in the folder, with further arguments. A program file written here could still be open for writing in another test's fork.</summary>
    public ProgramOptions Program(string words, params string[] arguments) => new()
    {
        Command = ["/bin/sh", "-c", words, "sh", .. arguments],
        WorkingDirectory = Folder,
        Timeout = TimeSpan.FromSeconds(60),
    };

    public string Read(string file) => File.ReadAllText(_folder[file]);

    public void Write(string file, string text) => _folder.Write(file, text);

    /// <summary>The lines of a file; none when it is not there.</summary>
    public string[] Lines(string file) => File.Exists(_folder[file]) ? File.ReadAllLines(_folder[file]) : [];

    public static Notification Message(string text, string? title = null) => new()
    {
        Id = Guid.NewGuid(),
        Client = "tests",
        Input = "test",
        Title = title,
        Text = text,
        AcceptedAt = Noon,
        ExpiresAt = Noon.AddDays(1),
    };

    public static Task<RunResult> RunAsync(ProgramOptions program, Notification message, CancellationToken cancellationToken = default) =>
        new ProgramRun(program, new SecretMask([]), TimeProvider.System).RunAsync(message, cancellationToken);

    /// <summary>Whether a process of this number runs; a zombie does not, though nobody may have fetched its status.</summary>
    public static bool Lives(string number)
    {
        try
        {
            var stat = File.ReadAllText($"/proc/{number.Trim()}/stat");
            return stat[(stat.LastIndexOf(')') + 2)..][0] is not ('Z' or 'X');
        }
        catch (IOException)
        {
            return false;
        }
    }

    /// <summary>Ends a process that a test has left behind.</summary>
    public static void Kill(string number)
    {
        using var kill = System.Diagnostics.Process.Start("sh", ["-c", string.Create(CultureInfo.InvariantCulture, $"kill -9 {int.Parse(number, CultureInfo.InvariantCulture)} 2>/dev/null")]);
        kill.WaitForExit();
    }

    public void Dispose() => _folder.Dispose();
}
