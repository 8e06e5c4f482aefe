using System.Text.Json.Nodes;
using NotifyGateway.Tests.Support;
using Xunit;

namespace NotifyGateway.Tests.Acceptance;

/// <summary>A real prosody with a watcher, and a gateway with several accounts there: some as they should be, some not.</summary>
public sealed class XmppHouse : IAsyncLifetime
{
    public const string Open = "open@conference.localhost";
    public const string Keyed = "keyed@conference.localhost";

    private readonly TestCertificates _certificates = new();

    internal ProsodyServer Server { get; private set; } = null!;

    internal Wire Wire { get; private set; } = null!;

    internal Installation Gateway { get; private set; } = null!;

    internal XmppWatcher Watcher { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        Server = await ProsodyServer.StartAsync(
            _certificates.Server, ("work", "workpw"), ("direct", "directpw"), ("wrong", "rightpw"), ("doubt", "doubtpw"), ("cut", "cutpw"), ("watcher", "watcherpw"), ("witness", "witnesspw"));
        Wire = new Wire(Server.Port);
        Wire.Plug();
        Watcher = await XmppWatcher.ConnectAsync(Server, "watcher", "watcherpw");
        await Watcher.JoinAsync(Open, "watcher", ("muc#roomconfig_persistentroom", "1"));
        await Watcher.JoinAsync(Keyed, "watcher", ("muc#roomconfig_roomsecret", "sesame"), ("muc#roomconfig_passwordprotectedroom", "1"), ("muc#roomconfig_persistentroom", "1"));
        Gateway = await Installation.StartAsync([], settings => settings[nameof(Gateway)]!["Xmpp"] = Accounts());
    }

    /// <summary>Somebody else on the server, <c>witness@localhost</c>, who is in the open room.</summary>
    internal Task<XmppWatcher> WitnessAsync() => XmppWatcher.ConnectAsync(Server, "witness", "witnesspw", Open);

    public async ValueTask DisposeAsync()
    {
        if (Gateway is not null)
        {
            await Gateway.DisposeAsync();
        }

        if (Watcher is not null)
        {
            await Watcher.DisposeAsync();
        }

        if (Wire is not null)
        {
            await Wire.DisposeAsync();
        }

        await Server.DisposeAsync();
        _certificates.Dispose();
    }

    private JsonObject Accounts()
    {
        var accounts = new JsonObject
        {
            ["work"] = Account("work", "workpw", Server.Port, (Open, null), (Keyed, "wrong")),
            ["direct"] = Account("direct", "directpw", Server.DirectPort, (Open, null), (Keyed, "sesame")),
            ["wrong"] = Account("wrong", "wrongpw", Server.Port),
            ["doubt"] = Account("doubt", "doubtpw", Server.Port),
            ["cut"] = Account("cut", "cutpw", Wire.Port, (Open, null)),
        };
        accounts["direct"]!["Tls"] = "Direct";
        accounts["doubt"]!["TlsCaFile"] = _certificates.OtherAuthority.CertificateFile;
        return accounts;
    }

    private JsonObject Account(string name, string password, int port, params (string Jid, string? Password)[] rooms) => new()
    {
        ["Jid"] = $"{name}@{ProsodyServer.Domain}",
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
