using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using NotifyGateway.Tests.Support;
using Xunit;

namespace NotifyGateway.Tests.Metrics;

/// <summary>The rules and the dashboard of contrib/: in the form that their programs want, and about metrics that there are.</summary>
public sealed partial class ContribTests
{
    private const string Rules = "contrib/prometheus/notify-gateway.rules.yml";
    private const string Dashboard = "contrib/grafana/dashboard.json";

    [Theory]
    [InlineData("check", "rules", Rules)]
    [InlineData("test", "rules", "contrib/prometheus/notify-gateway.rules.test.yml")]
    [InlineData("check", "config", "contrib/prometheus/scrape.yml")]
    public async Task Promtool_IsContent(string verb, string what, string file)
    {
        var (exit, words) = await OperationsDocumentTests.PromtoolAsync("", verb, what, file);
        Assert.True(exit == 0 && !words.Contains("FAILED", StringComparison.Ordinal), words);
    }

    [Fact]
    public async Task Metrics_ThatAreNamed_ArePrinted()
    {
        await using var gateway = await OperationsDocumentTests.RunningAsync();
        var printed = (await OperationsDocumentTests.ScrapeAsync(gateway)).Metrics.Select(m => m.Name).ToHashSet(StringComparer.Ordinal);
        foreach (var file in new[] { Rules, Dashboard })
        {
            var named = MetricName().Matches(RepositoryFiles.Read(file)).Select(m => BucketSuffix().Replace(m.Value, "")).Distinct(StringComparer.Ordinal).ToList();
            Assert.True(named.Count >= 8, file);
            Assert.All(named, name => Assert.True(printed.Contains(name), $"{file} names {name}, which is not printed"));
        }
    }

    [Fact]
    public async Task Dashboard_AsksInPrometheusLanguage()
    {
        var rules = new StringBuilder("groups:\n  - name: dashboard\n    rules:\n");
        foreach (var expression in Targets().Select(t => t.GetProperty("expr").GetString()!))
        {
            var asked = expression.Replace("$__rate_interval", "5m", StringComparison.Ordinal).Replace("$instance", ".*", StringComparison.Ordinal).Replace("$session", ".*", StringComparison.Ordinal);
            Assert.DoesNotContain("$", asked, StringComparison.Ordinal);
            rules.Append("      - record: a:b\n        expr: ").AppendLine(JsonSerializer.Serialize(asked));
        }

        using var folder = new TempFolder();
        var (exit, words) = await OperationsDocumentTests.PromtoolAsync("", "check", "rules", "--lint=none", folder.Write("rules.yml", rules.ToString()));
        Assert.True(exit == 0, words);
    }

    /// <summary>As Grafana's model has it: every panel in its place on a grid of 24, of a known kind, with a query to the chosen data source.</summary>
    [Fact]
    public void Dashboard_HasGrafanasForm()
    {
        using var json = JsonDocument.Parse(RepositoryFiles.Read(Dashboard));
        var root = json.RootElement;
        Assert.InRange(root.GetProperty("schemaVersion").GetInt32(), 36, 42);
        Assert.Equal(JsonValueKind.Null, root.GetProperty("id").ValueKind);
        Assert.NotEmpty(root.GetProperty("title").GetString()!);
        var variables = root.GetProperty("templating").GetProperty("list").EnumerateArray().ToDictionary(v => v.GetProperty("name").GetString()!, v => v.GetProperty("type").GetString(), StringComparer.Ordinal);
        Assert.Equal("datasource", variables["datasource"]);
        Assert.Equal(["datasource", "instance", "session"], variables.Keys.Order(StringComparer.Ordinal));

        var taken = new HashSet<(int X, int Y)>();
        var ids = new HashSet<int>();
        foreach (var panel in root.GetProperty("panels").EnumerateArray())
        {
            Assert.True(ids.Add(panel.GetProperty("id").GetInt32()));
            Assert.Matches("^(row|stat|timeseries|state-timeline|table)$", panel.GetProperty("type").GetString());
            var place = panel.GetProperty("gridPos");
            var (x, y, w, h) = (place.GetProperty("x").GetInt32(), place.GetProperty("y").GetInt32(), place.GetProperty("w").GetInt32(), place.GetProperty("h").GetInt32());
            Assert.True(x >= 0 && x + w <= 24 && w > 0 && h > 0);
            foreach (var cell in Enumerable.Range(x, w).SelectMany(cx => Enumerable.Range(y, h).Select(cy => (cx, cy))))
            {
                Assert.True(taken.Add(cell), $"{panel.GetProperty("title")} lies on another one");
            }
        }

        Assert.All(Targets(), t => Assert.Equal("${datasource}", t.GetProperty("datasource").GetProperty("uid").GetString()));
        Assert.True(Targets().Count >= 20);
    }

    [Fact]
    public void Unit_IsOneThatWaitsForReadiness()
    {
        var unit = RepositoryFiles.Read("contrib/systemd/notify-gateway.service").Split('\n');
        Assert.Contains("Type=notify", unit);
        Assert.Contains("NotifyAccess=main", unit);
        Assert.Contains(unit, l => l.StartsWith("WatchdogSec=", StringComparison.Ordinal));
    }

    private static List<JsonElement> Targets()
    {
        using var json = JsonDocument.Parse(RepositoryFiles.Read(Dashboard));
        return [.. json.RootElement.GetProperty("panels").EnumerateArray().Where(p => p.TryGetProperty("targets", out _)).SelectMany(p => p.GetProperty("targets").EnumerateArray()).Select(t => t.Clone())];
    }

    [GeneratedRegex("\\b(notify|process|dotnet)_[a-z_]+", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex MetricName();

    [GeneratedRegex("_bucket$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex BucketSuffix();
}
