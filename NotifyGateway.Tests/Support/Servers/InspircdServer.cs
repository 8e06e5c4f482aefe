using System.Globalization;

namespace NotifyGateway.Tests.Support.Servers;

/// <summary>
/// InspIRCd: accounts (with <see cref="AthemeServices"/>), IRCv3 capabilities, bot mode. <c>+R</c> lets only accounts in, <c>+c</c> refuses colours.
/// </summary>
internal sealed class InspircdServer : IrcServer
{
    public const string Name = "inspircd";

    private static readonly string[] Modules =
    [
        "spanningtree", "hidechans", "svshold", "services_account", "cap", "sasl", "ircv3", "ircv3_accounttag", "ircv3_batch", "ircv3_capnotify", "ircv3_chghost",
        "ircv3_ctctags", "ircv3_echomessage", "ircv3_invitenotify", "ircv3_labeledresponse", "ircv3_msgid", "ircv3_servertime", "monitor", "namesx", "uhnames",
        "botmode", "deaf", "sslinfo", "messageflood", "stripcolor", "blockcolor", "redirect", "samode", "sapart", "sanick",
    ];

    public InspircdServer(ServerOptions options) : base(options)
    {
        Folder.Writable("data");
        Folder.Write("inspircd.conf", Configuration(options));
    }

    public override string Software => Name;

    /// <summary>Where services link.</summary>
    public int ServicesPort { get; } = FreePort.Next();

    protected override Task<ChildProcess> LaunchAsync() =>
        BoundProcess.StartAsync(["inspircd", "--nofork", "--nopid", "--config", Folder["inspircd.conf"]], Folder.Path);

    protected override string BanCommand(string mask, string reason) => $"KLINE {mask} 1h :{reason}";

    private string Configuration(ServerOptions options) => string.Create(CultureInfo.InvariantCulture, $"""
        <config format="xml">
        <path configdir="{Folder.Path}" datadir="{Folder["data"]}" logdir="{Folder["data"]}" runtimedir="{Folder["data"]}">
        <server name="irc.test" description="test server" id="000" network="testnet">
        <admin name="nobody" nick="nobody" email="nobody@irc.test">
        <bind address="127.0.0.1" port="{Port}" type="clients">
        {(options.Certificate is { } tls ? Tls(tls) : "")}
        <bind address="127.0.0.1" port="{ServicesPort}" type="servers">
        <connect name="main" {(options.Password is { } password ? $"password=\"{password}\" " : "")}allow="*" resolvehostnames="no" useident="no" timeout="10" pingfreq="120" localmax="1000" globalmax="1000"
          limit="1000" maxchans="{options.MaxChannels}" {(options.FloodLimits ? Limited : Unlimited)} softsendq="1048576" hardsendq="2097152">
        <limits maxnick="16" maxchan="64" maxtopic="307" maxkick="255" maxquit="255">
        <performance softlimit="1000" clonesonconnect="no">
        <security announceinvites="none">
        <options casemapping="ascii">
        <class name="Ops" commands="*" privs="*" chanmodes="*" usermodes="*" snomasks="*">
        <type name="NetAdmin" classes="Ops">
        <oper name="{OperatorName}" password="{OperatorPassword}" host="*@*" type="NetAdmin">
        <link name="{AthemeServices.ServerName}" ipaddr="127.0.0.1" port="{ServicesPort}" allowmask="127.0.0.1" recvpass="{AthemeServices.LinkPassword}" sendpass="{AthemeServices.LinkPassword}">
        <uline server="{AthemeServices.ServerName}" silent="yes">
        <sasl requiressl="no" target="{AthemeServices.ServerName}">
        <log method="file" type="* -USERINPUT -USEROUTPUT" level="default" target="ircd.log">
        {string.Join('\n', Modules.Select(name => $"<module name=\"{name}\">"))}

        """);

    private const string Unlimited = "recvq=\"40960\" commandrate=\"1000000\" fakelag=\"no\" threshold=\"1000000\"";

    // The values of the shipped example, but for a smaller queue, which fewer lines fill.
    private const string Limited = "recvq=\"8K\" commandrate=\"1000\" fakelag=\"yes\" threshold=\"10\"";

    private string Tls(TestCertificate certificate) => string.Create(CultureInfo.InvariantCulture, $"""
        <module name="ssl_gnutls">
        <sslprofile name="Clients" provider="gnutls" certfile="{certificate.CertificateFile}" keyfile="{certificate.KeyFile}" hash="sha256" requestclientcert="yes">
        <bind address="127.0.0.1" port="{TlsPort}" type="clients" sslprofile="Clients">
        """);
}
