using YamlDotNet.RepresentationModel;

namespace NotifyGateway.Tests.Support;

/// <summary>The ircdocs parser tests, where they lie beside the repository. Tests that use them hold cases of their own as well.</summary>
internal static class PublicVectors
{
    /// <summary>The entries of <c>tests:</c> in a file; none where the file is not there.</summary>
    public static IEnumerable<YamlMappingNode> Read(string file)
    {
        var root = new DirectoryInfo(AppContext.BaseDirectory);
        while (root is not null && !File.Exists(Path.Combine(root.FullName, "NotifyGateway.sln")))
        {
            root = root.Parent;
        }

        var path = root is null ? null : Path.Combine(root.FullName, "..", "shared", "parser-tests", file);
        if (!File.Exists(path))
        {
            return [];
        }

        using var reader = File.OpenText(path);
        var yaml = new YamlStream();
        yaml.Load(reader);
        return ((YamlSequenceNode)yaml.Documents[0].RootNode["tests"]).Cast<YamlMappingNode>().ToList();
    }

    /// <summary>A scalar of a mapping; empty when it is absent.</summary>
    public static string Text(this YamlNode node, string key) => node.Child(key) is YamlScalarNode scalar ? scalar.Value ?? "" : "";

    /// <summary>A list of scalars; empty when it is absent.</summary>
    public static string[] List(this YamlNode node, string key) =>
        node.Child(key) is YamlSequenceNode list ? [.. list.Select(n => ((YamlScalarNode)n).Value ?? "")] : [];

    /// <summary>A mapping of scalars; empty when it is absent.</summary>
    public static Dictionary<string, string> Map(this YamlNode node, string key) =>
        node.Child(key) is YamlMappingNode map
            ? map.ToDictionary(p => ((YamlScalarNode)p.Key).Value ?? "", p => ((YamlScalarNode)p.Value).Value ?? "", StringComparer.Ordinal)
            : [];

    private static YamlNode? Child(this YamlNode node, string key) =>
        node is YamlMappingNode map && map.Children.TryGetValue(new YamlScalarNode(key), out var child) ? child : null;
}
