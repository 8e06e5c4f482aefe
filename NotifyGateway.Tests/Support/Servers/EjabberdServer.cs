using System.Globalization;
using System.Text.RegularExpressions;
using Xunit;

namespace NotifyGateway.Tests.Support.Servers;

/// <summary>
/// ejabberd. It binds logins to TLS of any version (<c>-PLUS</c>). It runs without a name in Erlang's network, which its own script would give it:
/// so several of them never meet, and none needs that network's name server.
/// </summary>
internal sealed partial class EjabberdServer : XmppServer
{
    public const string Name = "ejabberd";

    private const string Script = "/usr/sbin/ejabberdctl";
    private const string Ready = "all accounts are there";

    private readonly string _data;

    public EjabberdServer(XmppServerOptions options) : base(options)
    {
        _data = Folder.Writable("data");
        Folder.Writable("data/log");
        Folder.Write("ejabberd.yml", Configuration());
    }

    public override string Software => Name;

    public override int Resumptions => Log.Split("Resumed session for ").Length - 1;

    protected override string LogFile => Folder["data/log/ejabberd.log"];

    public override IReadOnlyList<string> Mechanisms(string account) =>
        [.. Login().Matches(Log).Where(m => m.Groups["account"].Value == account).Select(m => m.Groups["mechanism"].Value)];

    // The accounts are kept from the start before, if there was one.
    protected override Task<ChildProcess> LaunchAsync() => BoundProcess.StartAsync(
        [
            "env", $"HOME={_data}", $"ERL_LIBS={Libraries()}", "ERL_CRASH_DUMP_BYTES=0", $"EJABBERD_CONFIG_PATH={Folder["ejabberd.yml"]}", $"EJABBERD_LOG_PATH={LogFile}",
            "erl", "+sbwt", "none", "-noinput", "-mnesia", "dir", $"\"{_data}\"", "-ejabberd", "quiet", "true", "-s", "ejabberd", "-eval",
            $$"""
            [ejabberd_auth:try_register(U, D, P) || {U, D, P} <- [{{string.Join(", ", Accounts.Select(a => $"{{<<\"{a.Name}\">>, <<\"{a.Domain}\">>, <<\"{a.Password}\">>}}"))}}]],
            io:format("{{Ready}}~n").
            """,
        ],
        _data);

    protected override bool IsReady(ChildProcess process) => process.Output.Entries.Contains(Ready, StringComparer.Ordinal);

    /// <summary>Where the package has put the server, which only its script knows.</summary>
    private string Libraries()
    {
        Assert.True(File.Exists(Script), $"{Script} is not there. {Advice}");
        var line = File.ReadLines(Script).Single(l => l.StartsWith("ERL_LIBS=", StringComparison.Ordinal));
        return line["ERL_LIBS=".Length..].Trim('\'', '"');
    }

    [GeneratedRegex(@"Accepted c2s (?<mechanism>[\w-]+) authentication for (?<account>\S+)", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Login();

    private string Configuration() => string.Create(CultureInfo.InvariantCulture, $$"""
        loglevel: info
        hosts: [{{string.Join(", ", Domains.Select(d => $"\"{d.Name}\""))}}]
        certfiles: [{{string.Join(", ", Domains.SelectMany(d => (string[])[d.Certificate.CertificateFile, d.Certificate.KeyFile]).Distinct(StringComparer.Ordinal).Select(f => $"\"{f}\""))}}]
        acme: { auto: false }
        auth_password_format: plain
        disable_sasl_mechanisms: ["digest-md5", "X-OAUTH2"]
        listen:
          - { port: {{Port}}, ip: "127.0.0.1", module: ejabberd_c2s, max_stanza_size: {{Options.MaxStanza}}, starttls_required: true, protocol_options: [no_tlsv1, no_tlsv1_1, no_tlsv1_3] }
          - { port: {{DirectPort}}, ip: "127.0.0.1", module: ejabberd_c2s, max_stanza_size: {{Options.MaxStanza}}, tls: true, protocol_options: [no_tlsv1, no_tlsv1_1, no_tlsv1_2] }
        modules:
          mod_disco: {}
          mod_ping: {}
          mod_roster: {}
          mod_stream_mgmt: { resume_timeout: {{ResumptionTime}} }
          mod_muc: { host: "{{Rooms}}", access: all, access_create: all, access_persistent: all }

        """);
}
