using System.Globalization;
using System.Text.RegularExpressions;

namespace NotifyGateway.Tests.Support.Servers;

/// <summary>Prosody. It binds no login to TLS 1.3 (no <c>-PLUS</c>), and locks new rooms until they are configured.</summary>
internal sealed partial class ProsodyServer : XmppServer
{
    public const string Name = "prosody";

    public ProsodyServer(XmppServerOptions options) : base(options)
    {
        Folder.Writable("data");
        foreach (var (name, domain, password) in Accounts)
        {
            var host = Folder.Writable($"data/{Encoded(domain)}");
            Folder.Writable($"{host}/accounts");
            Folder.Write($"{host}/accounts/{Encoded(name)}.dat", $"return {{ [\"password\"] = \"{password}\" }};\n");
        }

        Folder.Write("prosody.cfg.lua", Configuration());
    }

    public override string Software => Name;

    public override int Resumptions => Log.Split("resuming existing session").Length - 1;

    protected override string LogFile => Folder["data/prosody.log"];

    public override IReadOnlyList<string> Mechanisms(string account)
    {
        // A connection is called by a name that a later one may have again.
        var asked = new Dictionary<string, string>(StringComparer.Ordinal);
        var used = new List<string>();
        foreach (Match line in Login().Matches(Log))
        {
            if (line.Groups["mechanism"] is { Success: true } mechanism)
            {
                asked[line.Groups["connection"].Value] = mechanism.Value;
            }
            else if (line.Groups["account"].Value == account)
            {
                used.Add(asked[line.Groups["connection"].Value]);
            }
        }

        return used;
    }

    protected override Task<ChildProcess> LaunchAsync() => BoundProcess.StartAsync(["prosody", "-F", "--config", Folder["prosody.cfg.lua"]], Folder.Path);

    /// <summary>As it names its files.</summary>
    private static string Encoded(string name) => name.Replace(".", "%2e", StringComparison.Ordinal);

    [GeneratedRegex(@"(?<connection>c2s\w+)\s.*?(?:<auth .*?mechanism='(?<mechanism>[\w-]+)'|Authenticated as (?<account>\S+))", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Login();

    private string Configuration() => string.Create(CultureInfo.InvariantCulture, $$"""
        run_as_root = true
        certificates = "{{Folder["none"]}}"
        pidfile = "{{Folder["data/prosody.pid"]}}"
        data_path = "{{Folder["data"]}}"
        log = { { levels = { min = "debug" }, to = "file", filename = "{{LogFile}}" } }
        modules_enabled = { "roster", "saslauth", "tls", "disco", "ping", "posix", "smacks" }
        modules_disabled = { "s2s", "offline" }
        interfaces = { "127.0.0.1" }
        c2s_ports = { {{Port}} }
        c2s_direct_tls_ports = { {{DirectPort}} }
        s2s_ports = { }
        authentication = "internal_plain"
        c2s_require_encryption = true
        c2s_direct_tls_ssl = { {{Shown(Options.Certificate)}}, protocol = "tlsv1_3" }
        c2s_stanza_size_limit = {{Options.MaxStanza}}
        smacks_hibernation_time = {{ResumptionTime}}
        {{string.Concat(Domains.Select(d => $"VirtualHost \"{d.Name}\"\n    ssl = {{ {Shown(d.Certificate)}, protocol = \"tlsv1_2\" }}\n"))}}
        Component "{{Rooms}}" "muc"
            restrict_room_creation = false
            muc_room_locking = true

        """);

    private static string Shown(TestCertificate certificate) => $"certificate = \"{certificate.CertificateFile}\", key = \"{certificate.KeyFile}\"";
}
