using System.Collections;
using System.Globalization;
using System.Text.RegularExpressions;
using NotifyGateway.Core.Configuration;
using NotifyGateway.Core.Configuration.Binding;
using NotifyGateway.Tests.Support;
using Xunit;

namespace NotifyGateway.Tests.Configuration;

public sealed partial class DocumentationTests
{
    private static readonly Dictionary<string, string> Documented = ReadTables();
    private static readonly Dictionary<string, string> Existing = Walk("Gateway", OptionShape.Gateway).ToDictionary(k => k.Path, k => k.Default);

    [Fact]
    public void EveryKey_IsDocumented() => Assert.Empty(Existing.Keys.Except(Documented.Keys));

    [Fact]
    public void EveryDocumentedKey_Exists() => Assert.Empty(Documented.Keys.Except(Existing.Keys));

    [Fact]
    public void EveryDocumentedDefault_IsTheOne() => Assert.All(Existing, key => Assert.Equal($"{key.Key} {key.Value}", $"{key.Key} {Documented.GetValueOrDefault(key.Key)}"));

    [Fact]
    public void WholeFileOfTheDocumentation_IsValid()
    {
        var json = JsonBlock().Matches(RepositoryFiles.Read("docs/configuration.md"))[^1].Groups["json"].Value;

        var options = Loading.Good(GatewayConfiguration.Load([ConfigurationSource.Json("example", json)]));

        Assert.Equal("alertbot", options.Irc["libera"].Nick);
    }

    [Fact]
    public void ShippedFile_IsValidAndListensToThisMachineOnly()
    {
        var result = GatewayConfiguration.Load([ConfigurationSource.Json("appsettings.json", RepositoryFiles.Read("appsettings.json"))]);

        var options = Loading.Good(result);
        Assert.All(
            options.Listeners.Tcp.Values.Select(l => l.Endpoint).Concat(options.Listeners.Udp.Values.Select(l => l.Endpoint)),
            e => Assert.True(System.Net.IPAddress.IsLoopback(ListenerEndpoint.Parse(e)!.Address)));
        Assert.Equal(["irker", "netcat"], options.Listeners.Tcp.Keys.Order());
        Assert.Empty(options.Irc);
        Assert.Empty(options.Clients);
        Assert.Equal(new AdminOptions(), options.Admin);
        Assert.Equal(AnonymousAccess.None, options.Anonymous);
        Assert.DoesNotContain(result.HostSettings.Keys, k => k.Contains("Url", StringComparison.OrdinalIgnoreCase) || k.StartsWith("Kestrel", StringComparison.OrdinalIgnoreCase));
    }

    private static IEnumerable<(string Path, string Default)> Walk(string path, OptionShape shape)
    {
        switch (shape)
        {
            case RecordShape record:
                var defaults = Activator.CreateInstance(record.Type);
                return record.Keys.Values.SelectMany(k => Walk($"{path}:{k.Property.Name}", k.Shape).Prepend(($"{path}:{k.Property.Name}", Show(k.Property.GetValue(defaults), k.Shape))));
            case NamedShape named:
                return Walk($"{path}:NAME", named.Value);
            case ListShape list:
                return Walk($"{path}:N", list.Item);
            default:
                return [];
        }
    }

    private static string Show(object? value, OptionShape shape) => value switch
    {
        null => "null",
        "" => "required",
        bool truth => truth ? "true" : "false",
        string text => text,
        _ when shape is RecordShape => "{}",
        IDictionary => "{}",
        ICollection => "[]",
        IFormattable formattable => formattable.ToString(null, CultureInfo.InvariantCulture),
        _ => throw new NotSupportedException(value.GetType().Name),
    };

    /// <summary>Full path and default of each table row below a heading that names one section or more.</summary>
    private static Dictionary<string, string> ReadTables()
    {
        var found = new Dictionary<string, string>(StringComparer.Ordinal);
        string[] sections = [];
        foreach (var line in RepositoryFiles.Read("docs/configuration.md").Split('\n'))
        {
            if (line.StartsWith("## ", StringComparison.Ordinal))
            {
                sections = [.. Code().Matches(line).Select(m => m.Groups["code"].Value)];
            }
            else if (line.StartsWith("| `", StringComparison.Ordinal))
            {
                var cells = line.Split('|', StringSplitOptions.TrimEntries);
                Assert.All(cells[1..6], cell => Assert.NotEqual("", cell));
                foreach (var section in sections)
                {
                    found.Add($"{section}:{cells[1].Trim('`')}", cells[3].Trim('`'));
                }
            }
        }

        return found;
    }

    [GeneratedRegex("`(?<code>[^`]+)`", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Code();

    [GeneratedRegex("```json\n(?<json>.*?)```", RegexOptions.Singleline | RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex JsonBlock();
}
