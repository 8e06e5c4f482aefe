using System.Globalization;
using System.Text.Json.Nodes;

namespace NotifyGateway.Api.Cli.Import;

/// <summary>The notifications of isso to a program: <c>notify = stdout, syscall</c> and the section <c>[syscall]</c>.</summary>
internal sealed class IssoImport
{
    private const string Name = "isso";
    private const string Destination = $"program:{Name}";
    private const string Subject = "{{SUBJECT}}";

    private readonly List<string> _notes = [];

    /// <summary>Null when the text has no such section.</summary>
    public static Imported? Read(string text)
    {
        var file = IniFile.Parse(text);
        return file.Sections.Contains("syscall", StringComparer.Ordinal) ? new IssoImport().Convert(file) : null;
    }

    private Imported Convert(IniFile file)
    {
        _notes.AddRange(file.Faults);
        var syscall = file.Section("syscall");
        var command = syscall.TryGetValue("call", out var call) ? Call(call) : Arguments(syscall);
        var program = new JsonObject { ["Command"] = new JsonArray([.. command.Select(a => JsonValue.Create(a))]) };
        var to = new JsonArray();
        foreach (var notifier in file.Section("general").GetValueOrDefault("notify", "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            switch (notifier)
            {
                case "stdout":
                    to.Add("log");
                    break;
                case "syscall":
                    to.Add(Destination);
                    break;
                default:
                    _notes.Add($"[general] notify: {notifier} has no counterpart here");
                    break;
            }
        }

        if (!to.Any(d => (string?)d is Destination))
        {
            _notes.Add("[general] notify: does not name syscall, so that nothing goes to the program unless a message names it");
        }

        var gateway = new JsonObject { ["Programs"] = new JsonObject { [Name] = program } };
        if (to.Count > 0)
        {
            gateway.Insert(0, "DefaultTo", to);
        }

        if (call is null)
        {
            _notes.Add("a comma inside an argument, which isso could not have, can stand in Command as it is");
        }

        return new Imported(new JsonObject { ["Gateway"] = gateway }, _notes);
    }

    /// <summary>The later form: one argument a line.</summary>
    private static IEnumerable<string> Call(string call) =>
        call.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(a => a.Replace(Subject, "{{title}}", StringComparison.Ordinal));

    /// <summary>Keys 0 to nargs - 1, each a list with commas, laid end to end.</summary>
    private List<string> Arguments(IReadOnlyDictionary<string, string> syscall)
    {
        var arguments = new List<string>();
        if (!int.TryParse(syscall.GetValueOrDefault("nargs"), NumberStyles.None, CultureInfo.InvariantCulture, out var count))
        {
            _notes.Add("[syscall] nargs: is missing or no number");
        }

        for (var i = 0; i < Math.Min(count, 1000); i++)
        {
            var key = i.ToString(CultureInfo.InvariantCulture);
            if (syscall.TryGetValue(key, out var value))
            {
                arguments.AddRange(value.Split([',', '\n'], StringSplitOptions.TrimEntries).Where(a => a.Length > 0));
            }
            else
            {
                _notes.Add($"[syscall] {key}: is missing");
            }
        }

        return arguments;
    }
}
