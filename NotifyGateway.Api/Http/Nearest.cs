namespace NotifyGateway.Api.Http;

/// <summary>Guesses what a misspelt name was meant to be.</summary>
internal static class Nearest
{
    private const int MaxShown = 64;

    /// <summary>The known name within two edits (insert, delete, replace), or null. Case does not count.</summary>
    public static string? Of(string name, IReadOnlyList<string> known)
    {
        if (name.Length > MaxShown)
        {
            return null;
        }

        var best = known.MinBy(k => Distance(name, k));
        return best is not null && Distance(name, best) <= Math.Min(2, best.Length - 1) ? best : null;
    }

    /// <summary>A stranger's name, short enough to be shown.</summary>
    public static string Shorten(string name) => name.Length <= MaxShown ? name : string.Concat(name.AsSpan(0, MaxShown), "…");

    private static int Distance(string a, string b)
    {
        var row = Enumerable.Range(0, b.Length + 1).ToArray();
        for (var i = 1; i <= a.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= b.Length; j++)
            {
                var replaced = diagonal + (char.ToLowerInvariant(a[i - 1]) == char.ToLowerInvariant(b[j - 1]) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.Min(replaced, 1 + Math.Min(row[j], row[j - 1]));
            }
        }

        return row[b.Length];
    }
}
