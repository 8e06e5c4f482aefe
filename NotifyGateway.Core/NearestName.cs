namespace NotifyGateway.Core;

/// <summary>Finds the name that somebody probably meant.</summary>
public static class NearestName
{
    /// <summary>The known name with the fewest typing errors between, if they are few for its length (one in three letters, at least one); case does not count.</summary>
    public static string? To(string written, IEnumerable<string> known)
    {
        // What differs more in length alone is not looked at: a stranger's name may be endless.
        var nearest = known.Where(k => Math.Abs(k.Length - written.Length) <= Allowed(k)).MinBy(k => Distance(written, k));
        return nearest is not null && Distance(written, nearest) <= Allowed(nearest) ? nearest : null;
    }

    private static int Allowed(string name) => Math.Max(1, name.Length / 3);

    /// <summary>Letters to insert, delete, replace or swap with their neighbour (optimal string alignment).</summary>
    private static int Distance(string from, string to)
    {
        var a = from.ToUpperInvariant();
        var b = to.ToUpperInvariant();
        var d = new int[a.Length + 1, b.Length + 1];
        for (var i = 0; i <= a.Length; i++)
        {
            for (var j = 0; j <= b.Length; j++)
            {
                d[i, j] = i == 0 || j == 0
                    ? i + j
                    : Math.Min(Math.Min(d[i - 1, j], d[i, j - 1]) + 1, d[i - 1, j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1));
                if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                {
                    d[i, j] = Math.Min(d[i, j], d[i - 2, j - 2] + 1);
                }
            }
        }

        return d[a.Length, b.Length];
    }
}
