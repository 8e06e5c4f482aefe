using System.ComponentModel;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Xunit;

namespace NotifyGateway.Tests.Support.Servers;

/// <summary>
/// A real IRC server on 127.0.0.1, in a folder of its own. Stopped and started again it keeps its ports. Its operator is <c>oper</c> /
/// <c>operpw</c>. It ends with the test, and with the tests when they are killed.
/// </summary>
internal abstract class IrcServer(ServerOptions options) : IAsyncDisposable
{
    public const string OperatorName = "oper";
    public const string OperatorPassword = "operpw";

    private ChildProcess? _process;

    /// <summary>The software, by its package's name.</summary>
    public abstract string Software { get; }

    public int Port { get; } = FreePort.Next();

    public int TlsPort { get; } = FreePort.Next();

    public bool IsRunning => _process is { HasExited: false };

    /// <summary>How the server was asked for.</summary>
    public ServerOptions Options { get; } = options;

    /// <summary>Before the names of channels whose maker becomes their operator.</summary>
    public virtual string ChannelPrefix => "#";

    protected TempFolder Folder { get; } = new();

    /// <summary>The software of all servers that there are.</summary>
    public static IReadOnlyList<string> AllSoftware { get; } = [NgircdServer.Name, InspircdServer.Name, HybridServer.Name, Irc2Server.Name];

    /// <summary>A server that is not up yet: its port refuses connections.</summary>
    public static IrcServer Prepare(string software, ServerOptions? options = null)
    {
        var wanted = options ?? new ServerOptions();
        return software switch
        {
            NgircdServer.Name => NgircdServer.Prepare(NgircdOptions.From(wanted)),
            InspircdServer.Name => new InspircdServer(wanted),
            HybridServer.Name => new HybridServer(wanted),
            Irc2Server.Name => new Irc2Server(wanted),
            _ => throw new ArgumentOutOfRangeException(nameof(software), software, "no such server"),
        };
    }

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

        await Deadline.Poll(AnswersAsync, $"{Software} answers");
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

    /// <summary>An operator that may do what operators do.</summary>
    public async Task<IrcWatcher> OperatorAsync(string nick)
    {
        var watcher = await IrcWatcher.ConnectAsync(Port, nick, Options.Password, tls: false);
        await watcher.OperAsync(OperatorName, OperatorPassword);
        return watcher;
    }

    /// <summary>An operator ends a client's connection (KILL); returns when it has happened.</summary>
    public async Task KillClientAsync(string nick, string reason = "killed by an operator")
    {
        await using var killer = await OperatorAsync("killer");
        await killer.SendAsync($"KILL {nick} :{reason}");
        await killer.SettleAsync();
    }

    /// <summary>An operator bans all whose user name matches, until the server is started anew.</summary>
    public async Task BanUserAsync(string user, string reason)
    {
        await using var keeper = await OperatorAsync("keeper");
        await keeper.SendAsync(BanCommand($"*{user}@*", reason));
        await keeper.SettleAsync();
    }

    public virtual async ValueTask DisposeAsync()
    {
        await KillAsync();
        Folder.Dispose();
        GC.SuppressFinalize(this);
    }

    protected abstract Task<ChildProcess> LaunchAsync();

    /// <summary>The operator's command that bans a mask <c>user@host</c> from the server.</summary>
    protected abstract string BanCommand(string mask, string reason);

    private string Advice => $"Run ./test, which installs what the tests need{(UnpackedPackage.Names.Contains(Software) ? "" : $", or: apt-get install {Software}")}";

    private async Task<bool> AnswersAsync(CancellationToken cancellationToken)
    {
        Assert.False(_process!.HasExited, $"{Software} has ended at once. {Advice}\n{_process.Said}");
        using var client = new TcpClient();
        try
        {
            // Who does not know the one answers the other.
            await client.ConnectAsync(IPAddress.Loopback, Port, cancellationToken);
            await client.GetStream().WriteAsync("CAP LS 302\r\nPING up\r\n"u8.ToArray(), cancellationToken);
            using var reader = new StreamReader(client.GetStream(), Encoding.Latin1);
            return await reader.ReadLineAsync(cancellationToken) is not null;
        }
        catch (Exception refused) when (refused is SocketException or IOException)
        {
            return false;
        }
    }
}
