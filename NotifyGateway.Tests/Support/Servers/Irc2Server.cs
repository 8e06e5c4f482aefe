using System.Globalization;

namespace NotifyGateway.Tests.Support.Servers;

/// <summary>
/// ircd-irc2, the oldest: no CAP, no TLS, nicks and channel names cut without a word. It believes to be split from its network, and
/// so makes operators only of channels that begin with <c>&amp;</c>.
/// </summary>
internal sealed class Irc2Server : IrcServer
{
    public const string Name = "ircd-irc2";

    // crypt(3) of the operator's password: it takes no other.
    private const string OperatorCrypt = "aboK2ixGIwlvk";

    private readonly NoNames? _names = NoNames.TryStart();

    public Irc2Server(ServerOptions options) : base(options)
    {
        var etc = Directory.CreateDirectory(Path.Combine(Folder["etc"], "ircd")).FullName;
        // The package's own macros, which it puts before every configuration.
        File.Copy(Path.Combine(UnpackedPackage.Folder(Name), "etc", "ircd", "ircd.m4"), Path.Combine(etc, "ircd.m4"));
        File.WriteAllText(Path.Combine(etc, "ircd.conf"), Configuration(options));
        // The system's may lead to /run, which is another one for this server.
        File.WriteAllText(Path.Combine(Folder["etc"], "resolv.conf"), _names is null ? File.ReadAllText("/etc/resolv.conf") : $"nameserver {_names.Address}\n");
    }

    public override string Software => Name;

    public override string ChannelPrefix => "&";

    // Without -p on there is no penalty.
    protected override Task<ChildProcess> LaunchAsync() => UnpackedPackage.StartAsync(
        Name,
        $"""
        mount -t overlay overlay -o lowerdir={Folder["etc"]}:/etc /etc
        mount -t tmpfs tmpfs /var/log
        mkdir -m 777 /var/log/ircd
        mount -t tmpfs tmpfs /run
        mkdir -m 777 /run/ircd
        cd /run/ircd
        """,
        $"/usr/sbin/ircd -t -s -p {(Options.FloodLimits ? "on" : "off")}");

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        await (_names?.DisposeAsync() ?? ValueTask.CompletedTask);
    }

    protected override string BanCommand(string mask, string reason) => $"TKLINE 1h {mask} :{reason}";

    private string Configuration(ServerOptions options) => string.Create(CultureInfo.InvariantCulture, $"""
        M%irc.test%127.0.0.1%test server%{Port}%0042%
        A%nobody%nobody <nobody@irc.test>%test%%testnet%
        P%127.0.0.1%%%{Port}%%
        Y%10%120%%200%512000%200.200%200.200%
        I%*@*%{options.Password}%%%10%%
        O%*%{OperatorCrypt}%{OperatorName}%%%AP%

        """);
}
