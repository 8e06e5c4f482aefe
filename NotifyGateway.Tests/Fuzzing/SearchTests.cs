using NotifyGateway.Fuzz;
using NotifyGateway.Tests.Support;
using Xunit;

namespace NotifyGateway.Tests.Fuzzing;

/// <summary>Were the search blind, or the code not counted, everything would hold for nothing.</summary>
public sealed class SearchTests
{
    /// <summary>Far more than it takes on a machine that does nothing else: less than a second.</summary>
    private static readonly TimeSpan Soon = TimeSpan.FromMinutes(2);

    [Fact]
    public void WhatHidesBehindSeveralSteps_IsFound_AndMadeSmall()
    {
        using var folder = new TempFolder();
        InstrumentedCode.Make(AppContext.BaseDirectory, folder["code"]);
        var code = new InstrumentedCode(folder["code"]);
        var line = code.Targets().Single(t => t.Name is "sandbox-line");
        var target = line with { Check = input => Fail(line, input), Samples = () => [] };
        var findings = new Findings(folder["findings"], target.Name);
        using var current = new CurrentInput(folder["current"]);
        var coverage = code.CoverageOf(target);
        var search = new Search(target, coverage, code.WordsOf(target), findings, current, new Random(1)) { Told = TextWriter.Null };

        search.Begin([[]]);
        search.Run(Soon, mostFindings: 1);

        Assert.Equal(1, findings.Count);
        Assert.InRange(coverage.OwnReached, 20, coverage.Own);
        var found = Assert.Single(SeedFile.Read(Assert.Single(Directory.EnumerateFiles(folder["findings"]))));
        Assert.InRange(found.Length, 6, 40);
    }

    /// <summary>Three parameters, the last of which begins with a colon.</summary>
    private static void Fail(FuzzTarget line, byte[] input)
    {
        line.Check(input);
        var text = System.Text.Encoding.Latin1.GetString(input);
        if (NotifyGateway.Api.Sandbox.SandboxLine.TryParse(text, out var parsed) && parsed is { Parameters: [_, _, _] } && text.Contains(" :", StringComparison.Ordinal))
        {
            throw new FuzzException("planted");
        }
    }
}
