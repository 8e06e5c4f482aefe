using System.Diagnostics;
using System.Globalization;

namespace NotifyGateway.Fuzz;

/// <summary>Tries inputs of one target for a time: what reaches something new is kept and changed further.</summary>
internal sealed class Search
{
    private const int MostFindings = 10;
    private const int TriesForSmaller = 4000;

    /// <summary>What every input may cost, in blocks of code.</summary>
    private const long FreeSteps = 1_000_000;

    /// <summary>One input takes some microseconds. This is for a machine that does much else.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly FuzzTarget _target;
    private readonly Coverage _coverage;
    private readonly Findings _findings;
    private readonly CurrentInput _current;
    private readonly Corpus _corpus;
    private readonly Mutator _mutator;
    private readonly Stopwatch _atInput = new();
    private long _tried;
    private byte[] _input = [];

    public Search(FuzzTarget target, Coverage coverage, IReadOnlyList<byte[]> words, Findings findings, CurrentInput current, Random random)
    {
        _target = target;
        _coverage = coverage;
        _findings = findings;
        _current = current;
        _corpus = new Corpus(random);
        _mutator = new Mutator(random, [.. words, .. target.Words.Select(System.Text.Encoding.UTF8.GetBytes)], target.MaxLength);
    }

    public Corpus Corpus => _corpus;

    /// <summary>Where findings are told as they come.</summary>
    public TextWriter Told { get; init; } = Console.Error;

    /// <summary>Begins with what is known.</summary>
    public void Begin(IEnumerable<byte[]> inputs)
    {
        foreach (var input in inputs)
        {
            Try(input, keep: false);
        }
    }

    /// <param name="time">How long; less where so much was found that somebody should look at it first.</param>
    /// <param name="mostFindings">So much.</param>
    public string Run(TimeSpan time, int mostFindings = MostFindings)
    {
        using var watch = new Timer(_ => Watch(), null, Patience, Patience / 4);
        var begun = Stopwatch.StartNew();
        var before = _tried;
        while (begun.Elapsed < time && _findings.Count < mostFindings)
        {
            Try(_mutator.Mutate(_corpus.Pick(), _corpus.Pick()), keep: true);
        }

        return string.Create(CultureInfo.InvariantCulture,
            $"{_target.Name,-14} {(_tried - before) / begun.Elapsed.TotalSeconds,8:F0}/s {_tried - before,10} tried  {_corpus.Count,5} kept  {_coverage.OwnReached,5} of {_coverage.Own} blocks ({100.0 * _coverage.OwnReached / _coverage.Own:F1} %)  {_findings.Count} findings");
    }

    /// <summary>What an input reaches.</summary>
    public List<int> Reach(byte[] input)
    {
        _coverage.Reset();
        _target.Run(input);
        return _coverage.Reached(out _);
    }

    private void Try(byte[] input, bool keep)
    {
        if (Failure(input) is { } failure)
        {
            if (!_findings.IsKnown(failure))
            {
                var path = _findings.Write(Smaller(input, failure), failure);
                Told.WriteLine($"FINDING {_target.Name}: {failure.GetType().Name}: {failure.Message.Split('\n')[0]}\n  {path}");
            }

            return;
        }

        var reached = _coverage.Reached(out _);
        if (_coverage.Learn(reached) is { Count: > 0 } learned)
        {
            _corpus.Add(keep ? Trimmed(input, learned, ref reached) : input, reached);
        }
    }

    private Exception? Failure(byte[] input)
    {
        _tried++;
        _current.Set(input);
        _input = input;
        _atInput.Restart();
        _coverage.Reset();
        try
        {
            _target.Run(input);
        }
        catch (Exception e)
        {
            return e;
        }
        finally
        {
            _atInput.Reset();
        }

        _coverage.Reached(out var steps);
        var limit = FreeSteps + (_target.StepsPerByte * input.Length);
        return steps > limit ? new FuzzException(string.Create(CultureInfo.InvariantCulture, $"{steps} blocks are run for {input.Length} bytes, and {limit} are the most")) : null;
    }

    /// <summary>The input without what is not needed to reach what was learned.</summary>
    private byte[] Trimmed(byte[] input, List<int> learned, ref List<int> reached)
    {
        for (var size = input.Length / 2; size > 0; size /= 2)
        {
            for (var at = 0; at + size <= input.Length && input.Length / size < 64;)
            {
                byte[] less = [.. input[..at], .. input[(at + size)..]];
                if (Failure(less) is null && _coverage.Reached(out _) is var rest && learned.TrueForAll(new HashSet<int>(rest).Contains))
                {
                    (input, reached) = (less, rest);
                }
                else
                {
                    at += size;
                }
            }
        }

        return input;
    }

    /// <summary>The input without what is not needed to fail at the same place.</summary>
    private byte[] Smaller(byte[] input, Exception failure)
    {
        var place = Findings.Place(failure);
        var last = _tried + TriesForSmaller;
        for (var size = input.Length / 2; size > 0; size /= 2)
        {
            for (var at = 0; at + size <= input.Length && _tried < last;)
            {
                byte[] less = [.. input[..at], .. input[(at + size)..]];
                if (Failure(less) is { } same && string.Equals(Findings.Place(same), place, StringComparison.Ordinal))
                {
                    input = less;
                }
                else
                {
                    at += size;
                }
            }
        }

        return input;
    }

    private void Watch()
    {
        if (_atInput.Elapsed > Patience)
        {
            Told.WriteLine($"FINDING {_target.Name}: one input takes more than {Patience}\n  {_findings.Write(_input, "It does not end.")}");
            Environment.Exit(ExitCode.Finding);
        }
    }
}
