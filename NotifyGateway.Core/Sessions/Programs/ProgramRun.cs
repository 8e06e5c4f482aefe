using System.Globalization;
using System.Runtime.ExceptionServices;
using System.Text;
using NotifyGateway.Core.Configuration;
using NotifyGateway.Core.Formatting;

namespace NotifyGateway.Core.Sessions.Programs;

/// <summary>Runs a program once, and always comes to an end: a program that runs on is ended with all that it has started.</summary>
internal sealed class ProgramRun(ProgramOptions options, SecretMask mask, TimeProvider time)
{
    /// <summary>Between SIGTERM and SIGKILL.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(2);

    /// <summary>How long outputs are read after the program has ended: what it has started may keep them open for ever.</summary>
    private static readonly TimeSpan LastWords = TimeSpan.FromMilliseconds(500);

    private readonly ProgramCommand _command = new(options);

    /// <inheritdoc cref="ProgramCommand.Fault"/>
    public string? Fault => _command.Fault;

    /// <summary>What a program reads of a message.</summary>
    public string Input(Notification notification, string lead) => Encoding.UTF8.GetString(_command.Input(new ProgramText(notification, lead)));

    /// <inheritdoc cref="RunAsync(Notification, string, CancellationToken)"/>
    public Task<RunResult> RunAsync(Notification notification, CancellationToken cancellationToken) => RunAsync(notification, "", cancellationToken);

    /// <param name="notification">The message.</param>
    /// <param name="lead">What it begins with; empty: nothing.</param>
    /// <param name="cancellationToken">Ends the program.</param>
    /// <exception cref="OperationCanceledException">Cancelled; the program is gone.</exception>
    public async Task<RunResult> RunAsync(Notification notification, string lead, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var text = new ProgramText(notification, lead);
        await using var process = _command.TryStart(text, out var fault, out var passing);
        if (process is null)
        {
            return RunResult.Fault(fault!) with { IsPassing = passing };
        }

        using var enough = new CancellationTokenSource();
        var outputs = Task.WhenAll(KeptOutput.ReadAsync(process.Output, enough.Token), KeptOutput.ReadAsync(process.Error, enough.Token));
        var writing = WriteAsync(process, _command.Input(text), enough.Token);
        Exception? over = null;
        try
        {
            await process.Exited.WaitAsync(options.Timeout, time, cancellationToken);
        }
        catch (Exception e) when (e is TimeoutException or OperationCanceledException)
        {
            over = e;
            await EndAsync(process, outputs);
        }

        await Settled(outputs, LastWords);
        await enough.CancelAsync();
        await writing;
        var said = await outputs;
        if (over is OperationCanceledException)
        {
            ExceptionDispatchInfo.Throw(over);
        }

        var status = process.Reap();
        return new RunResult(
            over is null && status.Code == 0,
            over is not null ? string.Create(CultureInfo.InvariantCulture, $"timed out after {options.Timeout.TotalSeconds:0.###} s") : RunResult.Of(status),
            mask.Show(said[0].Bytes, said[0].IsCut),
            mask.Show(said[1].Bytes, said[1].IsCut),
            text.Shortened ? "an argument was too long and was shortened" : null);
    }

    /// <summary>Ends the program's group: asks, and does not ask again. What the program has started and left behind may need the time more than itself.</summary>
    private async Task EndAsync(SpawnedProcess process, Task outputs)
    {
        process.Signal(Posix.SigTerm);
        await Settled(Task.WhenAll(process.Exited, outputs), Grace);
        process.Signal(Posix.SigKill);
        await process.Exited;
    }

    private async Task Settled(Task task, TimeSpan limit)
    {
        try
        {
            await task.WaitAsync(limit, time);
        }
        catch (TimeoutException)
        {
            // That was all the time.
        }
    }

    /// <summary>A program need not read, or not to the end.</summary>
    private static async Task WriteAsync(SpawnedProcess process, byte[] input, CancellationToken enough)
    {
        try
        {
            await process.Input.WriteAsync(input, enough);
        }
        catch (Exception e) when (e is IOException or OperationCanceledException)
        {
            // Its exit status says whether it has had what it needs.
        }
        finally
        {
            await process.Input.DisposeAsync();
        }
    }
}
