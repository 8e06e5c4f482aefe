using System.Text.Json.Nodes;
using NotifyGateway.Tests.Support;
using NotifyGateway.Tests.Support.Servers;
using Xunit;

namespace NotifyGateway.Tests.Acceptance;

/// <summary>A real XMPP server with a watcher, and a gateway with several accounts there: some as they should be, some not.</summary>
public abstract class XmppHouse : IAsyncLifetime
{
    public const string Open = "open@conference.localhost";
    public const string Keyed = "keyed@conference.localhost";

    private const string Expired = "expired.localhost";

    private readonly TestCertificates _certificates = new();
    private readonly string _software;

    private protected XmppHouse(string software) => _software = software;

    internal XmppServer Server { get; private set; } = null!;

    internal Wire Wire { get; private set; } = null!;

    /// <summary>The way of those accounts that are to tell the server nothing.</summary>
    internal Wire Tapped { get; private set; } = null!;

    internal Installation Gateway { get; private set; } = null!;

    internal XmppWatcher Watcher { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        var past = (DateTimeOffset.UtcNow.AddDays(-20), DateTimeOffset.UtcNow.AddDays(-10));
        Server = await XmppServer.StartAsync(_software, new XmppServerOptions(_certificates.Server)
        {
            Accounts =
            [
                ("work", "workpw"), ("direct", "directpw"), ("wrong", "rightpw"), ("doubt", "doubtpw"), ($"late@{Expired}", "latepw"), ("cut", "cutpw"),
                ("watcher", "watcherpw"), ("witness", "witnesspw"),
            ],
            Domains = [(Expired, _certificates.Issue("expired-domain", $"CN={Expired}", _certificates.Authority, past, Expired))],
        });
        Wire = new Wire(Server.Port);
        Wire.Plug();
        Tapped = new Wire(Server.Port) { Listens = true };
        Tapped.Plug();
        Watcher = await XmppWatcher.ConnectAsync(Server, "watcher", "watcherpw");
        await Watcher.JoinAsync(Open, "watcher", ("muc#roomconfig_persistentroom", "1"));
        await Watcher.JoinAsync(Keyed, "watcher", ("muc#roomconfig_roomsecret", "sesame"), ("muc#roomconfig_passwordprotectedroom", "1"), ("muc#roomconfig_persistentroom", "1"));
        Gateway = await Installation.StartAsync([], settings => settings[nameof(Gateway)]!["Xmpp"] = Accounts());
    }

    /// <summary>Somebody else on the server, <c>witness@localhost</c>, who is in the open room.</summary>
    internal Task<XmppWatcher> WitnessAsync() => XmppWatcher.ConnectAsync(Server, "witness", "witnesspw", Open);

    /// <summary>The same, by a client that others have made.</summary>
    internal Task<SlixmppWitness> SlixmppAsync() => SlixmppWitness.ConnectAsync(Server, _certificates.Authority, "witness", "witnesspw", Open);

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        foreach (var part in (IAsyncDisposable?[])[Gateway, Watcher, Wire, Tapped, Server])
        {
            await (part?.DisposeAsync() ?? ValueTask.CompletedTask);
        }

        _certificates.Dispose();
    }

    private JsonObject Accounts()
    {
        var accounts = new JsonObject
        {
            ["work"] = Account("work", "workpw", Server.Port, (Open, null), (Keyed, "wrong")),
            ["direct"] = Account("direct", "directpw", Server.DirectPort, (Open, null), (Keyed, "sesame")),
            ["wrong"] = Account("wrong", "wrongpw", Server.Port),
            ["doubt"] = Account("doubt", "doubtpw", Tapped.Port),
            ["late"] = Account("late", "latepw", Tapped.Port),
            ["cut"] = Account("cut", "cutpw", Wire.Port, (Open, null)),
        };
        accounts["direct"]!["Tls"] = "Direct";
        // A server that takes a stream up again and is deaf to it is left before a test gives up.
        accounts["cut"]!["PingTimeout"] = "00:00:03";
        accounts["doubt"]!["TlsCaFile"] = _certificates.OtherAuthority.CertificateFile;
        accounts["late"]!["Jid"] = $"late@{Expired}";
        return accounts;
    }

    private JsonObject Account(string name, string password, int port, params (string Jid, string? Password)[] rooms) => new()
    {
        ["Jid"] = $"{name}@{XmppServer.Domain}",
        ["Password"] = password,
        ["Host"] = "127.0.0.1",
        ["Port"] = port,
        ["TlsCaFile"] = _certificates.Authority.CertificateFile,
        ["MessagesPerSecond"] = 0,
        ["ConnectSpacing"] = "00:00:00",
        ["ReconnectMin"] = "00:00:00.050",
        ["ReconnectMax"] = "00:00:00.200",
        ["JoinRetry"] = "00:00:00.200",
        ["Rooms"] = new JsonArray([.. rooms.Select(r => new JsonObject { ["Jid"] = r.Jid, ["Password"] = r.Password })]),
    };
}

public sealed class ProsodyHouse() : XmppHouse(ProsodyServer.Name);

public sealed class EjabberdHouse() : XmppHouse(EjabberdServer.Name);
