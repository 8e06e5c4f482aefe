using System.ComponentModel;
using System.Net;
using System.Net.Sockets;
using Xunit;

namespace NotifyGateway.Tests.Support.Servers;

/// <summary>
/// A server's program on 127.0.0.1, in a folder of its own. Stopped and started again it keeps its ports and its files. It ends with the test, and
/// with the tests when they are killed.
/// </summary>
internal abstract class RealServer : IAsyncDisposable
{
    private ChildProcess? _process;

    /// <summary>The software, by its package's name.</summary>
    public abstract string Software { get; }

    public int Port { get; } = FreePort.Next();

    public bool IsRunning => _process is { HasExited: false };

    protected TempFolder Folder { get; } = new();

    /// <summary>What a client may say first, so that the server says something.</summary>
    protected abstract ReadOnlyMemory<byte> Hello { get; }

    /// <summary>What to do where the program is not there.</summary>
    protected virtual string Advice => $"Run ./test, which installs what the tests need, or: apt-get install {Software}";

    /// <summary>Starts on the same ports as ever; returns when it answers.</summary>
    public async Task StartAgainAsync()
    {
        Assert.False(IsRunning, $"{Software} runs already");
        try
        {
            _process = await LaunchAsync();
        }
        catch (Win32Exception missing)
        {
            Assert.Fail($"{Software} cannot be started: {missing.Message}. {Advice}");
        }

        await Deadline.Poll(AnswersAsync, $"{Software} answers", StartTime);
    }

    /// <summary>Stops in order: clients are told.</summary>
    public async Task StopAsync()
    {
        if (_process is { } process)
        {
            process.Terminate();
            await process.ExitAsync();
            await process.DisposeAsync();
            _process = null;
        }
    }

    /// <summary>Kills it: the system resets or closes its connections, nothing is said.</summary>
    public async Task KillAsync()
    {
        if (_process is { } process)
        {
            await process.Kill9Async();
            await process.DisposeAsync();
            _process = null;
        }
    }

    /// <summary>From now on it is silent: its connections stand, and nothing is read or said.</summary>
    public void Freeze() => _process!.Signal("STOP");

    /// <summary>Goes on after <see cref="Freeze"/>.</summary>
    public void Thaw() => _process!.Signal("CONT");

    public virtual async ValueTask DisposeAsync()
    {
        await KillAsync();
        Folder.Dispose();
        GC.SuppressFinalize(this);
    }

    protected abstract Task<ChildProcess> LaunchAsync();

    /// <summary>Until when it must answer: virtual machines take their time where all else is busy too.</summary>
    private static readonly TimeSpan StartTime = TimeSpan.FromSeconds(120);

    private async Task<bool> AnswersAsync(CancellationToken cancellationToken)
    {
        Assert.False(_process!.HasExited, $"{Software} has ended at once. {Advice}\n{_process.Said}");
        using var client = new TcpClient();
        try
        {
            await client.ConnectAsync(IPAddress.Loopback, Port, cancellationToken);
            await client.GetStream().WriteAsync(Hello, cancellationToken);
            return await client.GetStream().ReadAsync(new byte[1], cancellationToken) > 0 && IsReady(_process);
        }
        catch (Exception refused) when (refused is SocketException or IOException)
        {
            return false;
        }
    }

    /// <summary>Whether all is there that clients will ask for.</summary>
    protected virtual bool IsReady(ChildProcess process) => true;
}
