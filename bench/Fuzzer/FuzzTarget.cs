namespace NotifyGateway.Fuzz;

/// <summary>A parser, or some that belong together, and what must hold whatever they are given.</summary>
/// <param name="Name">As the command line and the file of its seeds have it.</param>
/// <param name="Parsers">What the names of the types begin with whose blocks are counted as its own.</param>
/// <param name="Check">Tries one input; throws where something does not hold.</param>
public sealed record FuzzTarget(string Name, IReadOnlyList<string> Parsers, Action<byte[]> Check)
{
    /// <summary>What every input may cost: code that runs for the first time sets up much that stays.</summary>
    private const long FreeBytes = 4 * 1024 * 1024;

    /// <summary>Words of the format, beside those that stand in the parsers' code.</summary>
    public IReadOnlyList<string> Words { get; init; } = [];

    /// <summary>Real inputs to begin with.</summary>
    public Func<IEnumerable<byte[]>> Samples { get; init; } = () => [];

    /// <summary>No input is made longer, in bytes.</summary>
    public int MaxLength { get; init; } = 2048;

    /// <summary>The most bytes that may be allocated for each byte of an input: work that grows faster than the input shows here.</summary>
    public long AllocatedPerByte { get; init; } = 4096;

    /// <summary>The most blocks of code that may be run for each byte of an input, where that is counted.</summary>
    public long StepsPerByte { get; init; } = 2000;

    /// <summary>Tries one input, and what it costs.</summary>
    /// <exception cref="Exception">Something does not hold.</exception>
    public void Run(byte[] input)
    {
        var limit = FreeBytes + (AllocatedPerByte * input.Length);
        if (Allocated(input) > limit && Allocated(input) is var allocated && allocated > limit)
        {
            throw new FuzzException($"{allocated} bytes are allocated for {input.Length}, and {limit} are the most");
        }
    }

    private long Allocated(byte[] input)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        Check(input);
        return GC.GetAllocatedBytesForCurrentThread() - before;
    }
}

/// <summary>Something does not hold that must hold of every input.</summary>
public sealed class FuzzException(string message) : Exception(message);
