using NotifyGateway.Fuzz;
using NotifyGateway.Tests.Support;
using Xunit;

namespace NotifyGateway.Tests.Fuzzing;

/// <summary>The inputs that <c>bench/fuzz</c> has found, and real ones, tried again: what must hold of every input holds of them.</summary>
public sealed class FuzzSeedTests
{
    private static readonly string Folder = Path.Combine(RepositoryFiles.Root, "NotifyGateway.Tests/Fuzzing/Seeds");

    public static TheoryData<string> Names => [.. FuzzTargets.All.Select(t => t.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void Seeds_Hold(string name)
    {
        var target = FuzzTargets.All.Single(t => t.Name == name);
        byte[][] inputs = [[], .. target.Samples(), .. SeedFile.Read(Path.Combine(Folder, name + ".txt"))];
        var failures = inputs.Select(input => (Input: SeedFile.Escape(input), Failure: Record.Exception(() => target.Run(input)))).Where(f => f.Failure is not null);

        Assert.Empty(failures.Select(f => $"{f.Input}\n{f.Failure}"));
    }
}
