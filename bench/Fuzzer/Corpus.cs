namespace NotifyGateway.Fuzz;

/// <summary>The inputs that reach something, and what each of them reaches.</summary>
internal sealed class Corpus(Random random)
{
    /// <summary>Of those that came last more is expected.</summary>
    private const int Recent = 20;

    /// <summary>What is saved is read by people.</summary>
    private const int MostSaved = 120;

    private const int MostSavedBytes = 56 * 1024;

    /// <summary>For how often blocks are reached, beside which, there is less room.</summary>
    private const int MostSavedBytesOfCounts = 16 * 1024;

    private readonly List<(byte[] Input, List<int> Reached)> _entries = [];

    public int Count => _entries.Count;

    public void Add(byte[] input, List<int> reached) => _entries.Add((input, reached));

    public byte[] Pick() => _entries.Count == 0 ? []
        : random.Next(3) == 0 ? _entries[^(1 + random.Next(Math.Min(Recent, _entries.Count)))].Input
        : _entries[random.Next(_entries.Count)].Input;

    /// <summary>As few and as short inputs as are found that reach every block of the parsers beyond what <paramref name="known"/> inputs reach; then, as far as there is room, as often.</summary>
    public IReadOnlyList<byte[]> Smallest(IEnumerable<List<int>> known, Func<int, bool> isOwn)
    {
        var blocks = new HashSet<int>();
        var counts = new HashSet<int>();
        foreach (var reached in known)
        {
            blocks.UnionWith(reached.Select(Coverage.Block));
            counts.UnionWith(reached);
        }

        var chosen = new List<byte[]>();
        Choose(chosen, blocks, entry => entry.Where(isOwn).Select(Coverage.Block).Distinct(), MostSavedBytes);
        foreach (var (input, reached) in _entries.Where(e => chosen.Contains(e.Input)))
        {
            counts.UnionWith(reached);
        }

        Choose(chosen, counts, entry => entry.Where(isOwn), MostSavedBytesOfCounts);
        return chosen;
    }

    /// <summary>The most that is new for its length comes first.</summary>
    private void Choose(List<byte[]> chosen, HashSet<int> covered, Func<List<int>, IEnumerable<int>> parts, int mostBytes)
    {
        var open = _entries.Where(e => !chosen.Contains(e.Input)).Select(e => (e.Input, Parts: parts(e.Reached).ToArray())).ToList();
        var bytes = chosen.Sum(c => c.Length);
        while (chosen.Count < MostSaved)
        {
            open = [.. open.Select(e => (e.Input, Parts: Array.FindAll(e.Parts, p => !covered.Contains(p)))).Where(e => e.Parts.Length > 0)];
            var fitting = open.Where(e => bytes + SeedFile.Escape(e.Input).Length <= mostBytes).ToList();
            if (fitting.Count == 0)
            {
                return;
            }

            var (input, learned) = fitting.MaxBy(e => e.Parts.Length / (16.0 + e.Input.Length));
            chosen.Add(input);
            covered.UnionWith(learned);
            bytes += SeedFile.Escape(input).Length;
        }
    }
}
