using System.Globalization;
using System.Text.RegularExpressions;

namespace NotifyGateway.Tests.Metrics;

/// <summary>What <c>/metrics</c> has answered, read by code that shares nothing with the writer.</summary>
internal sealed partial class Samples(string text)
{
    /// <summary>Each sample by its name and labels, as written.</summary>
    private readonly Dictionary<string, double> _values = text.Split('\n').Where(l => l.Length > 0 && l[0] != '#')
        .ToDictionary(l => l[..l.LastIndexOf(' ')], l => double.Parse(l[(l.LastIndexOf(' ') + 1)..], CultureInfo.InvariantCulture), StringComparer.Ordinal);

    public string Text { get; } = text;

    /// <summary>The value of a sample; a missing one fails the test by its name.</summary>
    public double this[string sample] => _values.TryGetValue(sample, out var value) ? value : throw new KeyNotFoundException($"{sample} is not in:\n{Text}");

    public IEnumerable<string> Of(string metric) => _values.Keys.Where(k => k == metric || k.StartsWith(metric + "{", StringComparison.Ordinal)).Order(StringComparer.Ordinal);

    /// <summary>Name, type and labels of every metric: <c>notify_queue_depth gauge session</c>. A histogram's own label is left out.</summary>
    public IEnumerable<(string Name, string Type, string Labels)> Metrics =>
        from type in Types().Matches(Text)
        let name = type.Groups["name"].Value
        let sample = _values.Keys.FirstOrDefault(k => k.StartsWith(name + "{", StringComparison.Ordinal)) ?? ""
        select (name, type.Groups["type"].Value, string.Join(", ", Labels().Matches(sample).Select(l => l.Groups["label"].Value)));

    [GeneratedRegex("^# TYPE (?<name>\\S+) (?<type>\\S+)$", RegexOptions.Multiline | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Types();

    [GeneratedRegex("(?<label>[a-z_]+)=\"", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Labels();
}
