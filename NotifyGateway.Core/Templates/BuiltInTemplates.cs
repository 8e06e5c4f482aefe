using System.Reflection;
using System.Text;

namespace NotifyGateway.Core.Templates;

/// <summary>The templates that come with the program: <c>BuiltIn/NAME.hbs</c>.</summary>
internal static class BuiltInTemplates
{
    private const string Extension = ".hbs";

    /// <summary>Their texts by name.</summary>
    public static IReadOnlyDictionary<string, string> All { get; } = Assembly.GetExecutingAssembly().GetManifestResourceNames()
        .Where(n => n.EndsWith(Extension, StringComparison.Ordinal))
        .ToDictionary(n => n[..^Extension.Length], Read, StringComparer.Ordinal);

    private static string Read(string name)
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream(name)!;
        using var reader = new StreamReader(stream, Encoding.UTF8);
        return reader.ReadToEnd();
    }
}
