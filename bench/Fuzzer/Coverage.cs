using System.Globalization;
using System.Reflection;

namespace NotifyGateway.Fuzz;

/// <summary>Which blocks an input has reached, and about how often: what no input before it has done is new.</summary>
internal sealed class Coverage
{
    private const int Kinds = 8;

    private readonly int[][] _hits;
    private readonly string[] _owners;
    private readonly byte[] _seen;
    private readonly bool[] _isOwn;

    private Coverage(int[][] hits, string[] owners, IReadOnlyList<string> parsers)
    {
        _hits = hits;
        _owners = owners;
        _seen = new byte[owners.Length];
        _isOwn = Array.ConvertAll(owners, owner => parsers.Any(p => owner.StartsWith(p, StringComparison.Ordinal)));
    }

    /// <summary>The counters of assemblies that <see cref="Instrumentation"/> has changed.</summary>
    public static Coverage Of(IEnumerable<Assembly> assemblies, IReadOnlyList<string> parsers)
    {
        var hits = new List<int[]>();
        var owners = new List<string>();
        foreach (var assembly in assemblies)
        {
            hits.Add((int[])assembly.GetType(Instrumentation.CountersType, throwOnError: true)!.GetField(Instrumentation.CountersField)!.GetValue(null)!);
            foreach (var parts in File.ReadLines(Instrumentation.Blocks(assembly.Location)).Select(line => line.Split('\t')))
            {
                owners.AddRange(Enumerable.Repeat(parts[1], int.Parse(parts[0], CultureInfo.InvariantCulture)));
            }
        }

        return new Coverage([.. hits], [.. owners], parsers);
    }

    /// <summary>The blocks of the parsers themselves.</summary>
    public int Own => _isOwn.Count(own => own);

    public int OwnReached => _seen.Where((seen, block) => seen != 0 && _isOwn[block]).Count();

    public IEnumerable<(string Owner, int Reached, int All)> ByOwner() =>
        Enumerable.Range(0, _owners.Length).Where(b => _isOwn[b]).GroupBy(b => _owners[b], StringComparer.Ordinal).Select(g => (g.Key, g.Count(b => _seen[b] != 0), g.Count()));

    public void Reset()
    {
        foreach (var hits in _hits)
        {
            Array.Clear(hits);
        }
    }

    /// <summary>What was reached since <see cref="Reset"/>: each a block and how often, as one number; and how many blocks were run in all.</summary>
    public List<int> Reached(out long steps)
    {
        var reached = new List<int>(512);
        steps = 0;
        var first = 0;
        foreach (var hits in _hits)
        {
            for (var at = 0; hits.AsSpan(at).IndexOfAnyExcept(0) is >= 0 and var next; at++)
            {
                at += next;
                steps += hits[at];
                reached.Add(((first + at) * Kinds) + Kind(hits[at]));
            }

            first += hits.Length;
        }

        return reached;
    }

    /// <summary>Of what was reached, that which no input has reached before; from now on it is known.</summary>
    public List<int> Learn(List<int> reached)
    {
        var learned = new List<int>();
        foreach (var feature in reached)
        {
            ref var seen = ref _seen[feature / Kinds];
            var kind = (byte)(1 << (feature % Kinds));
            if ((seen & kind) == 0)
            {
                seen |= kind;
                learned.Add(feature);
            }
        }

        return learned;
    }

    /// <summary>The block alone, however often it was reached.</summary>
    public static int Block(int feature) => feature / Kinds;

    public bool IsOwn(int feature) => _isOwn[feature / Kinds];

    private static int Kind(int times) => times switch { < 0 => 7, <= 3 => times - 1, < 8 => 3, < 16 => 4, < 32 => 5, < 128 => 6, _ => 7 };
}
