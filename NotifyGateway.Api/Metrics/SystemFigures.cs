using System.Diagnostics.Metrics;

namespace NotifyGateway.Api.Metrics;

/// <summary>Figures that the system may refuse to tell, where a disk is dead or no descriptor is left: they are left out then, and the others are told all the same.</summary>
internal static class SystemFigures
{
    public static IEnumerable<Measurement<long>> OrNone(Func<IEnumerable<Measurement<long>>> read)
    {
        try
        {
            return [.. read()];
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }
}
