using System.Globalization;

namespace NotifyGateway.Tests.Support.Servers;

/// <summary>ircd-hybrid: no accounts and no labels; deaf clients and bots are told in ISUPPORT.</summary>
internal sealed class HybridServer : IrcServer
{
    public const string Name = "ircd-hybrid";

    public HybridServer(ServerOptions options) : base(options) => Folder.Write("ircd.conf", Configuration(options));

    public override string Software => Name;

    protected override Task<ChildProcess> LaunchAsync()
    {
        var run = Folder.Writable("run");
        return UnpackedPackage.StartAsync(
            Name,
            $"cd {run}",
            $"/usr/sbin/ircd-hybrid -foreground -configfile {Folder["ircd.conf"]} -pidfile {run}/pid -logfile {run}/log -klinefile {run}/k -dlinefile {run}/d -xlinefile {run}/x -resvfile {run}/r");
    }

    protected override string BanCommand(string mask, string reason) => $"KLINE {mask} :{reason}";

    private string Configuration(ServerOptions options) => string.Create(CultureInfo.InvariantCulture, $$"""
        serverinfo {
          name = "irc.test"; description = "test server"; network_name = "testnet"; network_description = "test"; sid = "0AA"; hub = no;
          default_max_clients = 200; max_nick_length = 16; max_topic_length = 160;
          {{(options.Certificate is { } tls ? $"tls_certificate_file = \"{tls.CertificateFile}\"; rsa_private_key_file = \"{tls.KeyFile}\";" : "")}}
        };
        admin { name = "nobody"; description = "nobody"; email = "nobody@irc.test"; };
        class {
          name = "users"; ping_time = 120 seconds; number_per_ip_local = 1000; number_per_ip_global = 1000; max_number = 200;
          sendq = 1 megabytes; recvq = 8000 bytes; max_channels = {{options.MaxChannels}};
        };
        listen { host = "127.0.0.1"; port = {{Port}}; {{(options.Certificate is null ? "" : string.Create(CultureInfo.InvariantCulture, $"flags = tls; port = {TlsPort};"))}} };
        auth {
          user = "*@*"; class = "users";
          {{(options.Password is { } password ? $"password = \"{password}\"; encrypted = no;" : "")}}
          flags = {{(options.Password is null ? "" : "need_password, ")}}exceed_limit{{(options.FloodLimits ? "" : ", can_flood")}};
        };
        operator {
          name = "{{OperatorName}}"; user = "*@*"; password = "{{OperatorPassword}}"; encrypted = no; class = "users";
          flags = admin, die, globops, kill, kline, module, rehash, set;
        };
        channel { max_channels = {{options.MaxChannels}}; {{(options.FloodLimits ? "" : "default_join_flood_count = 0;")}} };
        general {
          disable_auth = yes; throttle_count = 1000; throttle_time = 0; anti_spam_exit_message_time = 0;
          {{(options.FloodLimits ? "default_floodcount = 10;" : "anti_nick_flood = no; default_floodcount = 0; pace_wait = 0; pace_wait_simple = 0;")}}
        };

        """);
}
