using System.Globalization;
using FsCheck;
using FsCheck.Fluent;

namespace NotifyGateway.Tests.Support;

/// <summary>
/// Properties tried with drawn cases. They are the same cases in every run, so that a result belongs to the code and not to the hour;
/// with NOTIFY_PROPERTY_RUNS=N there are N times as many, drawn anew: <c>bench/fuzz</c> looks for what these do not find.
/// </summary>
internal static class Properties
{
    private const ulong Seed = 20_261_121;
    private const ulong Gamma = 9_600_629_759_793_949_339;

    private static readonly int? Factor =
        int.TryParse(Environment.GetEnvironmentVariable("NOTIFY_PROPERTY_RUNS"), NumberStyles.None, CultureInfo.InvariantCulture, out var factor) ? Math.Max(1, factor) : null;

    /// <exception cref="Exception">A case for which it does not hold, as small as it was found, and the seed with which it comes again.</exception>
    public static void Holds(this Property property, int runs = 100, int startSize = 1, int endSize = 100)
    {
        var config = Config.QuickThrowOnFailure.WithMaxTest(runs * (Factor ?? 1)).WithStartSize(startSize).WithEndSize(endSize);
        property.Check(Factor is null ? config.WithReplay(Seed, Gamma) : config);
    }
}
