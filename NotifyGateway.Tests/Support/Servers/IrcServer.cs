namespace NotifyGateway.Tests.Support.Servers;

/// <summary>A real IRC server. Its operator is <c>oper</c> / <c>operpw</c>.</summary>
internal abstract class IrcServer(ServerOptions options) : RealServer
{
    public const string OperatorName = "oper";
    public const string OperatorPassword = "operpw";

    public int TlsPort { get; } = FreePort.Next();

    /// <summary>How the server was asked for.</summary>
    public ServerOptions Options { get; } = options;

    /// <summary>Before the names of channels whose maker becomes their operator.</summary>
    public virtual string ChannelPrefix => "#";

    // Who does not know the one answers the other.
    protected override ReadOnlyMemory<byte> Hello { get; } = "CAP LS 302\r\nPING up\r\n"u8.ToArray();

    protected override string Advice => UnpackedPackage.Names.Contains(Software) ? "Run ./test, which installs what the tests need" : base.Advice;

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

    /// <summary>The operator's command that bans a mask <c>user@host</c> from the server.</summary>
    protected abstract string BanCommand(string mask, string reason);
}
