using System.Globalization;

namespace NotifyGateway.Bench.Report;

/// <summary>The few numbers that a sample is told by.</summary>
internal static class Statistics
{
    /// <summary>The value that the share <paramref name="share"/> (0 to 1) of a sorted sample does not exceed; not a number for an empty one.</summary>
    public static double Percentile(IReadOnlyList<double> sorted, double share) =>
        sorted.Count == 0 ? double.NaN : sorted[Math.Min(sorted.Count - 1, (int)(share * sorted.Count))];

    public static double Median(IEnumerable<double> sample)
    {
        var sorted = sample.Order().ToArray();
        return sorted.Length == 0 ? double.NaN
            : sorted.Length % 2 == 1 ? sorted[sorted.Length / 2]
            : (sorted[(sorted.Length / 2) - 1] + sorted[sorted.Length / 2]) / 2;
    }

    /// <summary>As <c>5.1× (4.8–5.3)</c>.</summary>
    public static string Spread(IReadOnlyCollection<double> ratios) => string.Create(
        CultureInfo.InvariantCulture, $"{Median(ratios):0.00}× ({ratios.Min():0.00}–{ratios.Max():0.00})");

    /// <summary>With thousands separated, and three significant digits below 100.</summary>
    public static string Show(double value) => value switch
    {
        >= 100 => value.ToString("#,0", CultureInfo.InvariantCulture),
        >= 10 => value.ToString("0.0", CultureInfo.InvariantCulture),
        >= 1 => value.ToString("0.00", CultureInfo.InvariantCulture),
        _ => value.ToString("0.000", CultureInfo.InvariantCulture),
    };
}
