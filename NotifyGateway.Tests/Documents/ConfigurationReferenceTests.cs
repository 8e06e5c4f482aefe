using System.Collections;
using System.Globalization;
using System.Reflection;
using System.Text;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using NotifyGateway.Core.Configuration;
using NotifyGateway.Core.Configuration.Binding;
using NotifyGateway.Tests.Support;
using Xunit;

namespace NotifyGateway.Tests.Documents;

/// <summary>docs/configuration-reference.md is made from the options themselves: their names, types, defaults and XML comments.</summary>
public sealed partial class ConfigurationReferenceTests
{
    /// <summary>Set in the environment to write the page anew instead of comparing it.</summary>
    private const string Write = "NOTIFY_WRITE_DOCS";

    private const string Head = """
        # Every key

        Made from the source: each key of the section `Gateway` with its type, its default, and what its author says of it. [configuration.md](configuration.md) has the same with examples, and tells
        where values come from.

        A key of this page is written `Gateway:Irc:libera:Nick` in words, as nested objects in a file, `Gateway__Irc__libera__Nick` in the environment and as the name of a secret's file, and
        `--Gateway:Irc:libera:Nick=bot` on the command line. `NAME` stands for a name of yours, `N` for the items of a list.

        """;

    private static readonly Dictionary<string, XElement> Comments = XDocument.Load(Path.Combine(AppContext.BaseDirectory, "NotifyGateway.Core.xml"), LoadOptions.PreserveWhitespace)
        .Descendants("member").ToDictionary(m => m.Attribute("name")!.Value, StringComparer.Ordinal);

    [Fact]
    public void Page_IsWhatTheOptionsSay()
    {
        var file = Path.Combine(RepositoryFiles.Root, "docs/configuration-reference.md");
        var page = Head + string.Concat(Sections("Gateway", OptionShape.Gateway).Select(s => s.Text));
        if (Environment.GetEnvironmentVariable(Write) is { Length: > 0 })
        {
            File.WriteAllText(file, page);
        }

        Assert.True(File.Exists(file) && File.ReadAllText(file).ReplaceLineEndings("\n") == page, $"docs/configuration-reference.md is stale: run this test once with {Write}=1 in the environment");
    }

    [Fact]
    public void EveryKey_HasAComment() =>
        Assert.Empty(Sections("Gateway", OptionShape.Gateway).SelectMany(s => s.Keys).Where(k => Comment(k).Length == 0).Select(k => $"{k.DeclaringType!.Name}.{k.Name} has no XML comment"));

    private static IEnumerable<(string Text, IEnumerable<PropertyInfo> Keys)> Sections(string path, OptionShape shape)
    {
        switch (shape)
        {
            case RecordShape record:
                yield return (Section(path, record), record.Keys.Values.Select(k => k.Property));
                foreach (var section in record.Keys.Values.SelectMany(k => Sections($"{path}:{k.Property.Name}", k.Shape)))
                {
                    yield return section;
                }

                break;
            case NamedShape { Value: RecordShape } named:
                foreach (var section in Sections($"{path}:NAME", named.Value))
                {
                    yield return section;
                }

                break;
            case ListShape { Item: RecordShape } list:
                foreach (var section in Sections($"{path}:N", list.Item))
                {
                    yield return section;
                }

                break;
        }
    }

    private static string Section(string path, RecordShape record)
    {
        var defaults = Activator.CreateInstance(record.Type);
        var text = new StringBuilder().Append(CultureInfo.InvariantCulture, $"\n## `{path}`\n\n| key | type | default | meaning |\n|---|---|---|---|\n");
        foreach (var key in record.Keys.Values)
        {
            text.Append(CultureInfo.InvariantCulture, $"| `{key.Property.Name}` | {Kind(key.Shape)} | {Default(key.Property.GetValue(defaults), key.Shape)} | {Comment(key.Property).Replace("|", "\\|", StringComparison.Ordinal)} |\n");
        }

        return text.ToString();
    }

    private static string Kind(OptionShape shape) => shape switch
    {
        ScalarShape scalar when scalar.Form.Expected.StartsWith("one of ", StringComparison.Ordinal) => string.Join(", ", scalar.Form.Expected["one of ".Length..].Split(", ").Select(w => $"`{w}`")),
        ScalarShape scalar => scalar.Form.Expected.Split(',')[0] switch { "a date like 2030-01-31" => "date", var said => said.Replace("a ", "", StringComparison.Ordinal) },
        ListShape { Item: RecordShape } => "list of objects",
        ListShape list => $"list of {Kind(list.Item)}s",
        NamedShape { Value: RecordShape } => "objects by name",
        NamedShape named => $"{Kind(named.Value)} by name",
        _ => "object",
    };

    private static string Default(object? value, OptionShape shape) => value switch
    {
        null => "none",
        "" => "required",
        bool truth => truth ? "`true`" : "`false`",
        _ when shape is RecordShape => "see there",
        IDictionary or ICollection => "empty",
        IFormattable formattable => $"`{formattable.ToString(null, CultureInfo.InvariantCulture)}`",
        _ => $"`{value}`",
    };

    private static string Comment(PropertyInfo property)
    {
        var declared = property.DeclaringType!.GetProperty(property.Name, BindingFlags.Public | BindingFlags.Instance | BindingFlags.DeclaredOnly)!;
        return Comments.TryGetValue($"P:{declared.DeclaringType!.FullName}.{property.Name}", out var member) && member.Element("summary") is { } summary
            ? Blank().Replace(string.Concat(summary.Nodes().Select(Plain)), " ").Trim() : "";
    }

    private static string Plain(XNode node) => node switch
    {
        XElement { Name.LocalName: "c" } code => $"`{code.Value}`",
        XElement { Name.LocalName: "see" } see => $"`{see.Attribute("cref")!.Value.Split('.')[^1]}`",
        XElement other => other.Value,
        XText text => text.Value,
        _ => "",
    };

    [GeneratedRegex(@"\s+", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Blank();
}
