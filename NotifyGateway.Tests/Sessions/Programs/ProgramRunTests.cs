using System.Diagnostics;
using System.Globalization;
using System.IO.Pipes;
using NotifyGateway.Core.Configuration;
using NotifyGateway.Tests.Support;
using Xunit;

namespace NotifyGateway.Tests.Sessions.Programs;

/// <summary>Real processes, of every kind that could do harm.</summary>
public sealed class ProgramRunTests : IDisposable
{
    /// <summary>Signals 32 and 33 are glibc's own: it lets nobody touch them, and they stay as whoever started us has had them.</summary>
    private const long OfTheLibrary = (1L << 31) | (1L << 32);

    private readonly Shell _shell = new();

    public void Dispose() => _shell.Dispose();

    [Fact]
    public async Task Arguments_StayOneEach_WhateverASenderSays()
    {
        const string Evil = "it's \"quoted\",\n$(touch pwned) `touch pwned` ; touch pwned * \\ {{text}} -x";
        var program = _shell.Program("printf '%s\\0' \"$@\" > argv; cat > stdin", "{{title}}", "a, b", "-F", "text={{text}}", "", "*");

        var result = await Shell.RunAsync(program, Shell.Message("$HOME\0", Evil));

        Assert.Equal("exit 0", result.Reason);
        Assert.Equal(string.Join('\0', Evil, "a, b", "-F", "text=$HOME", "", "*", ""), _shell.Read("argv"));
        Assert.Equal("$HOME\0", _shell.Read("stdin"));
        Assert.Equal(["argv", "stdin"], Directory.EnumerateFiles(_shell.Folder).Select(Path.GetFileName).Order());
    }

    [Fact]
    public async Task Environment_IsTheGateways_WithoutItsSettings_AndWithTheProgramsOwn()
    {
        Environment.SetEnvironmentVariable("ASPNETCORE_NOTIFYTEST", "hidden");
        var program = _shell.Program("env") with
        {
            Environment = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase) { ["WHAT"] = "{{title}} by {{client}}", ["HOME"] = "/nowhere" },
        };

        var said = (await Shell.RunAsync(program, Shell.Message("", "$(x) \"y\""))).Output.Split(" | ");

        Assert.Contains("WHAT=$(x) \"y\" by tests", said);
        Assert.Contains("HOME=/nowhere", said);
        Assert.Single(said, v => v.StartsWith("HOME=", StringComparison.Ordinal));
        Assert.Contains(said, v => v.StartsWith("PATH=", StringComparison.Ordinal));
        Assert.DoesNotContain(said, v => v.StartsWith("ASPNETCORE_", StringComparison.OrdinalIgnoreCase));
    }

    [Theory]
    [InlineData("echo out; echo bad >&2; exit 3", false, "exit 3: bad; stdout: out")]
    [InlineData("exit 255", false, "exit 255")]
    [InlineData("echo done; pwd >/dev/null", true, "exit 0; stdout: done")]
    [InlineData("kill -9 $$", false, "ended by signal 9")]
    [InlineData("printf 'a\\033[2Jb\\n\\nc' >&2", true, "exit 0: a\ufffd[2Jb | c")]
    public async Task End_IsToldWithBothOutputs(string words, bool success, string reason)
    {
        var result = await Shell.RunAsync(_shell.Program(words), Shell.Message("x"));

        Assert.Equal((success, reason), (result.Success, result.Reason));
    }

    [Fact]
    public async Task Program_HasASessionOfItsOwn_ThreeDescriptors_AndNoSignalIgnored()
    {
        // One that every child would inherit, had it been started carelessly.
        await using var inheritable = new AnonymousPipeServerStream(PipeDirection.Out, HandleInheritability.Inheritable);
        var program = _shell.Program("cut -d ' ' -f 1,5,6,7 /proc/$$/stat; echo $$; ls -x /proc/self/fd; grep -E 'SigBlk|SigIgn' /proc/self/status");

        var said = (await Shell.RunAsync(program, Shell.Message("x"))).Output.Split(" | ");

        Assert.Equal($"{said[1]} {said[1]} {said[1]} 0", said[0]);
        Assert.Equal(["0", "1", "2", "3"], said[2].Split(' ', StringSplitOptions.RemoveEmptyEntries));
        Assert.Equal("SigBlk: 0000000000000000", said[3]);
        Assert.Equal(0, long.Parse(said[4].AsSpan("SigIgn: ".Length), NumberStyles.HexNumber, CultureInfo.InvariantCulture) & ~OfTheLibrary);
    }

    [Fact]
    public async Task MegabyteOfText_IsReadToItsEnd() =>
        Assert.Equal("exit 0; stdout: 1048576", (await Shell.RunAsync(_shell.Program("wc -c"), Shell.Message(new string('x', 1 << 20)))).Reason);

    [Theory]
    [InlineData("exit 0")]
    [InlineData("exec <&-; echo >&1")]
    [InlineData("head -c 10 > /dev/null")]
    public async Task ProgramThatNeverReadsAMegabyte_IsNotWaitedFor(string words) =>
        Assert.True((await Shell.RunAsync(_shell.Program(words), Shell.Message(new string('x', 1 << 20)))).Success);

    [Fact]
    public async Task GigabyteOfOutput_IsDrained_AndItsBeginningKept()
    {
        var result = await Shell.RunAsync(_shell.Program("head -c 1073741824 /dev/zero | tr '\\0' x; echo end >&2"), Shell.Message("x"));

        Assert.Equal(("exit 0", "end", new string('x', 4096) + "…"), (result.How, result.Error, result.Output));
    }

    [Fact]
    public async Task Timeout_EndsAllThatTheProgramHasStarted_ThoughItRefusesToGo()
    {
        _shell.Write("child.sh", "trap '' TERM; echo $$ > child; while :; do sleep 1; done");
        var program = _shell.Program("trap '' TERM; /bin/sh child.sh & echo started; echo why >&2; wait; wait") with { Timeout = TimeSpan.FromSeconds(4) };

        var result = await Shell.RunAsync(program, Shell.Message("x"));

        Assert.Equal("timed out after 4 s: why; stdout: started", result.Reason);
        Assert.False(result.Success);
        await Deadline.Poll(() => !Shell.Lives(_shell.Read("child")));
    }

    [Fact]
    public async Task Timeout_LetsTheProgramTidyUp()
    {
        var result = await Shell.RunAsync(_shell.Program("exec 2> /dev/null; trap 'echo tidy; exit 0' TERM; while :; do sleep 0.1; done") with { Timeout = TimeSpan.FromSeconds(3) }, Shell.Message("x"));

        Assert.Equal((false, "timed out after 3 s; stdout: tidy"), (result.Success, result.Reason));
    }

    [Theory]
    [InlineData("sleep 300 & echo $!")]
    [InlineData("(sleep 300 & echo $!)")]
    [InlineData("setsid sleep 300 & echo $!")]
    public async Task GrandchildThatLivesOn_HoldsNothingUp(string words)
    {
        var clock = Stopwatch.StartNew();
        var result = await Shell.RunAsync(_shell.Program(words), Shell.Message("x"));

        try
        {
            Assert.True(result.Success, result.Reason);
            Assert.InRange(clock.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(30));
            Assert.True(Shell.Lives(result.Output));
        }
        finally
        {
            Shell.Kill(result.Output);
        }
    }

    [Fact]
    public async Task Cancelled_EndsTheProgram()
    {
        using var cancelled = new CancellationTokenSource();
        var run = Shell.RunAsync(_shell.Program("echo $$ > pid.new; mv pid.new pid; exec sleep 300"), Shell.Message("x"), cancelled.Token);
        await Deadline.Poll(() => _shell.Lines("pid").Length == 1);

        await cancelled.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => run);
        Assert.False(Shell.Lives(_shell.Read("pid")));
    }

    [Fact]
    public async Task WhatCannotBeStarted_IsToldWithTheReason()
    {
        // Made by a process that is gone: nobody has them open for writing.
        await Shell.RunAsync(_shell.Program("echo x > plain; printf junk > junk; printf '#!/nowhere/sh\\n' > orphan; chmod +x junk orphan"), Shell.Message("x"));

        Assert.Equal($"no such program: {_shell.Folder}/missing", await FaultAsync($"{_shell.Folder}/missing"));
        Assert.Equal($"not executable: {_shell.Folder}/plain", await FaultAsync($"{_shell.Folder}/plain"));
        Assert.Equal($"a directory, not a program: {_shell.Folder}", await FaultAsync(_shell.Folder));
        Assert.Equal($"cannot be started: {_shell.Folder}/junk: Exec format error", await FaultAsync($"{_shell.Folder}/junk"));
        Assert.Equal($"cannot be started: {_shell.Folder}/orphan: the interpreter that it names is missing", await FaultAsync($"{_shell.Folder}/orphan"));
        Assert.Equal("no program of this name in PATH: no-such-program-anywhere", await FaultAsync("no-such-program-anywhere"));
        Assert.Equal("no such working directory: /nowhere", (await Shell.RunAsync(new ProgramOptions { Command = ["true"], WorkingDirectory = "/nowhere" }, Shell.Message("x"))).Reason);
        Assert.Equal("exit 0", await FaultAsync("true"));
    }

    [Fact]
    public async Task ArgumentsThatAreTooLong_AreShortenedOrRefused()
    {
        var text = Shell.Message(new string('x', 200_000));

        var shortened = await Shell.RunAsync(_shell.Program("printf %s \"$1\" | wc -c", "{{text}}") with { Stdin = ProgramInput.None }, text);
        var refused = await Shell.RunAsync(_shell.Program("exit 0", [.. Enumerable.Repeat("{{text}}", 60)]), text);

        Assert.Equal((true, "exit 0; stdout: 131071 (an argument was too long and was shortened)"), (shortened.Success, shortened.Reason));
        Assert.Equal((false, $"cannot be started: /bin/sh: Argument list too long"), (refused.Success, refused.Reason));
    }

    private static async Task<string> FaultAsync(string program) => (await Shell.RunAsync(new ProgramOptions { Command = [program] }, Shell.Message("x"))).Reason;
}
