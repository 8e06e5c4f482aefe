using System.Globalization;
using Microsoft.Extensions.Primitives;
using NotifyGateway.Core;
using NotifyGateway.Core.Routing;

namespace NotifyGateway.Api.Http;

/// <summary>The query of a native request: every field once, none unknown.</summary>
internal static class QueryFields
{
    /// <summary>Names every field of the query that is not one of <paramref name="known"/> (or a credential), and every one that comes twice.</summary>
    public static void Check(IQueryCollection query, FieldErrors errors, params string[] known)
    {
        foreach (var (name, values) in query)
        {
            if (name is not ("client" or "secret") && !known.Contains(name, StringComparer.Ordinal))
            {
                errors.Add(PublicName.Of(name), NearestName.To(name, known) is { } near ? $"is no parameter; did you mean \"{near}\"?" : "is no parameter");
            }
            else if (values.Count > 1)
            {
                errors.Add(name, "stands there twice");
            }
        }
    }

    /// <summary>A whole number of a range; null when absent or wrong.</summary>
    public static int? Number(IQueryCollection query, string name, int min, int max, FieldErrors errors)
    {
        var values = query.Count == 0 ? StringValues.Empty : query[name];
        if (values.Count == 0)
        {
            return null;
        }

        if (int.TryParse(values[0], NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= min && number <= max)
        {
            return number;
        }

        errors.Add(name, string.Create(CultureInfo.InvariantCulture, $"must be a whole number from {min} to {max}"));
        return null;
    }
}
