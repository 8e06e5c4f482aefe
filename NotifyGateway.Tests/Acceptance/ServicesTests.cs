using System.Text.Json.Nodes;
using NotifyGateway.Tests.Support;
using NotifyGateway.Tests.Support.Servers;
using Xunit;

namespace NotifyGateway.Tests.Acceptance;

/// <summary>InspIRCd with services, where the gateway has an account; and a network for each way to log in to it. <c>#club</c> lets only accounts in.</summary>
public sealed class ServicesHouse : IAsyncLifetime
{
    private const string Password = "account-password";

    private readonly TestCertificates _certificates = new();
    private InspircdServer _server = null!;
    private AthemeServices _services = null!;

    internal Installation Gateway { get; private set; } = null!;

    internal IrcWatcher Watcher { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        _server = new InspircdServer(new ServerOptions { Certificate = _certificates.Server });
        await _server.StartAgainAsync();
        _services = await AthemeServices.StartAsync(_server);
        Watcher = await IrcWatcher.ConnectAsync(_server.Port, "account", "#club");
        await AthemeServices.RegisterAsync(Watcher, Password);
        await AthemeServices.AddCertificateAsync(Watcher, _certificates.Client.Fingerprint);
        await Watcher.ModeAsync("#club", "+R");
        Gateway = await Installation.StartAsync(new JsonObject
        {
            ["plain"] = Network("plain", Sasl("Plain", Password)),
            ["auto"] = Network("auto", Sasl("Auto", Password)),
            ["wrong"] = Network("wrong", Sasl("Plain", "not-the-password")),
            ["scram"] = Network("scram", Sasl("ScramSha256", Password)),
            ["external"] = External(),
            ["service"] = NickServ(),
            ["stranger"] = Network("stranger"),
        });
    }

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        await (Gateway?.DisposeAsync() ?? ValueTask.CompletedTask);
        await (Watcher?.DisposeAsync() ?? ValueTask.CompletedTask);
        await (_services?.DisposeAsync() ?? ValueTask.CompletedTask);
        await (_server?.DisposeAsync() ?? ValueTask.CompletedTask);
        _certificates.Dispose();
    }

    private JsonObject Network(string nick, JsonObject? sasl = null)
    {
        var network = Installation.Network(_server.Port, "#club");
        network["Nick"] = nick;
        network["Sasl"] = sasl;
        return network;
    }

    private JsonObject External()
    {
        var network = Network("external", new JsonObject { ["Mechanism"] = "External" });
        network["Port"] = _server.TlsPort;
        network["Tls"] = true;
        network["TlsCaFile"] = _certificates.Authority.CertificateFile;
        network["ClientCertificate"] = _certificates.Client.CertificateFile;
        network["ClientCertificateKey"] = _certificates.Client.KeyFile;
        return network;
    }

    private JsonObject NickServ()
    {
        var network = Network("service");
        network["NickServ"] = new JsonObject { ["Account"] = "account", ["Password"] = Password };
        return network;
    }

    private static JsonObject Sasl(string mechanism, string password) => new() { ["Mechanism"] = mechanism, ["Account"] = "account", ["Password"] = password };
}

/// <summary>The gateway logs in where channels are for accounts only, and says why where it cannot.</summary>
public sealed class ServicesTests(ServicesHouse house) : IClassFixture<ServicesHouse>
{
    [Theory]
    [InlineData("plain")]
    [InlineData("auto")]
    [InlineData("external")]
    [InlineData("service")]
    public async Task Login_OpensTheChannelForAccounts_AndTheEchoProves(string network)
    {
        var message = await house.Gateway.PostAsync($"{network}/#club", $"by {network}", wait: 10);

        Assert.Equal(("delivered", "echo"), (message.Text("status"), message.Delivery().Text("proof")));
        await house.Watcher.SettleAsync();
        Assert.Single(house.Watcher.Messages.Entries, m => m.Text == $"by {network}");
        Assert.Single(house.Watcher.Lines.Entries, l => l.StartsWith($":{network}!", StringComparison.Ordinal) && l.Contains(" JOIN ", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("wrong", "904 ")]
    [InlineData("scram", "SCRAM")]
    public async Task RefusedLogin_IsFaultedWithTheReasonAndDoesNotTryAgain(string network, string reason)
    {
        var message = await house.Gateway.PostAsync($"{network}/#club", "never");
        var session = await house.Gateway.SessionAsync(network, s => s.Text("state") == "faulted", "is faulted");

        Assert.Contains(reason, session.Text("lastError"), StringComparison.Ordinal);
        Assert.Contains(reason, await house.Gateway.ReasonAsync(message.Text("id")!), StringComparison.Ordinal);
        Assert.True(DateTimeOffset.Parse(session.Text("nextAttemptAt")!, null) > DateTimeOffset.UtcNow.AddMinutes(5), session.Text("nextAttemptAt"));
        await house.Watcher.SettleAsync();
        Assert.DoesNotContain(house.Watcher.Lines.Entries, l => l.StartsWith($":{network}!", StringComparison.Ordinal));
    }

    [Fact]
    public async Task WithoutALogin_TheChannelStaysClosed()
    {
        await house.Gateway.SessionAsync("stranger", s => s["channels"]!.AsArray().Any(c => c!.Text("state") == "parked"), "is refused");
        var message = await house.Gateway.PostAsync("stranger/#club", "let me in");

        Assert.Matches("^477 ", await house.Gateway.ReasonAsync(message.Text("id")!));
    }
}
