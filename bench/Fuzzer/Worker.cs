namespace NotifyGateway.Fuzz;

/// <summary>One target in a process of its own.</summary>
internal static class Worker
{
    public static int Run(string name, int seconds, bool keep)
    {
        var code = new InstrumentedCode(Places.Code);
        var target = code.Targets().Single(t => string.Equals(t.Name, name, StringComparison.Ordinal));
        var findings = new Findings(Places.Findings, name);
        using var current = new CurrentInput(Places.Current(name));
        var coverage = code.CoverageOf(target);
        var search = new Search(target, coverage, code.WordsOf(target), findings, current, new Random());
        search.Begin([[], .. target.Samples(), .. SeedFile.Read(Places.Seeds(name)), .. SeedFile.Read(Places.Corpus(name))]);
        Console.WriteLine(search.Run(TimeSpan.FromSeconds(seconds)));
        SeedFile.Write(Places.Corpus(name), search.Corpus.Smallest([], _ => true));
        if (keep)
        {
            byte[][] given = [.. target.Samples(), .. SeedFile.ReadKept(Places.Seeds(name))];
            SeedFile.Write(Places.Seeds(name), search.Corpus.Smallest(given.Select(search.Reach), coverage.IsOwn));
        }

        foreach (var (owner, reached, all) in coverage.ByOwner().Where(o => o.Reached < o.All).OrderByDescending(o => o.All - o.Reached).Take(Environment.GetEnvironmentVariable("FUZZ_MISSED") is null ? 0 : 12))
        {
            Console.WriteLine($"    {owner}: {reached} of {all}");
        }

        return findings.Count == 0 ? ExitCode.Done : ExitCode.Finding;
    }

    /// <summary>Tries the one input of a finding's file.</summary>
    public static int Repeat(string path)
    {
        const string Target = "# target: ";
        var name = File.ReadLines(path).First(l => l.StartsWith(Target, StringComparison.Ordinal))[Target.Length..];
        var target = new InstrumentedCode(Places.Code).Targets().Single(t => string.Equals(t.Name, name, StringComparison.Ordinal));
        try
        {
            target.Run(SeedFile.Read(path).Single());
            Console.WriteLine("it holds");
            return ExitCode.Done;
        }
        catch (Exception e)
        {
            Console.WriteLine(e);
            return ExitCode.Finding;
        }
    }
}
