using System.Globalization;

namespace NotifyGateway.Core.Dialects.Hooks;

/// <summary>Files that came with a message: they are named, not sent.</summary>
internal static class Attachments
{
    private const int Shown = 5;

    /// <summary>The text with a last line that names the files.</summary>
    public static string Name(string? text, IEnumerable<string?> names)
    {
        var files = names.Select(n => EventModel.Line(n, EventModel.NameLength) ?? "a file without a name").ToList();
        var rest = files.Count > Shown ? string.Create(CultureInfo.InvariantCulture, $" and {files.Count - Shown} more") : "";
        return files.Count == 0 ? text ?? "" : $"{text?.TrimEnd()}\nAttached: {string.Join(", ", files.Take(Shown))}{rest}".TrimStart('\n');
    }
}
