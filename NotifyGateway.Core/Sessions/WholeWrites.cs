namespace NotifyGateway.Core.Sessions;

/// <summary>
/// Divides what is to be written so that no element is cut where that can be helped: each piece becomes a TLS record of its own, which the other side has
/// whole or not at all. Prosody 0.12 goes on with its old parser on a stream that is taken up again (XEP-0198): where a broken connection has left half a
/// stanza in it, everything that follows is read as the rest of that stanza.
/// </summary>
internal static class WholeWrites
{
    /// <summary>The longest piece of several elements, in bytes: what prosody reads at once.</summary>
    public const int MaxPiece = 8 * 1024;

    /// <summary>Where the pieces of so many bytes end; a longer element is a piece of its own.</summary>
    /// <param name="count">The number of bytes.</param>
    /// <param name="starts">Where elements begin, ascending; none: one piece.</param>
    /// <param name="ends">Takes up the ends, the last of which is <paramref name="count"/>.</param>
    public static void Divide(int count, List<int> starts, List<int> ends)
    {
        ends.Clear();
        var begin = 0;
        var whole = 0;
        foreach (var start in starts.Append(count))
        {
            if (start - begin > MaxPiece && whole > begin)
            {
                ends.Add(whole);
                begin = whole;
            }

            whole = start;
        }

        if (count > begin)
        {
            ends.Add(count);
        }
    }
}
