using NotifyGateway.Core.Configuration;
using Xunit;

namespace NotifyGateway.Tests.Http;

public sealed class DestinationsTests
{
    private const string Path = "/api/v1/destinations";
    private const string Ci = $"X-Api-Key: {DoorHost.CiSecret}";

    [Fact]
    public async Task Shows_EverythingThatIsNamed_Once()
    {
        await using var host = await DoorHost.StartAsync(World);

        var answer = await host.GetAsync(Path, $"X-Api-Key: {DoorHost.AdminSecret}");

        Assert.Equal((200, "application/json; charset=utf-8"), (answer.Code, answer.ContentType));
        Assert.Equal(
            """
            [{"name":"net/#ops","session":"net","kind":"channel"},{"name":"net/#vault","session":"net","kind":"channel"},{"name":"net/alice","session":"net","kind":"user"},
            {"name":"xmpp:ops@conference.example.org?join","session":"work","kind":"room"},{"name":"xmpp:alice@example.org","session":"work","kind":"user"},
            {"name":"program:mail","session":"program:mail","kind":"program"},{"name":"log","session":"log","kind":"log"},
            {"name":"oncall","session":null,"kind":"alias"},{"name":"wide","session":null,"kind":"alias"}]
            """.ReplaceLineEndings(""),
            answer.Body);
        Assert.DoesNotContain("sesame", answer.Body, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("net/#ops", "net/#ops")]
    [InlineData("*", "net/#ops net/#vault net/alice xmpp:ops@conference.example.org?join xmpp:alice@example.org program:mail log oncall wide")]
    [InlineData("oncall", "net/alice xmpp:alice@example.org oncall")]
    [InlineData("net/*", "net/#ops net/#vault net/alice")]
    [InlineData("irc://elsewhere/*", "")]
    public async Task Client_SeesItsScope(string to, string names)
    {
        await using var host = await DoorHost.StartAsync(o => World(o) with
        {
            Clients = new Dictionary<string, ClientOptions>(StringComparer.OrdinalIgnoreCase) { ["ci"] = new() { Secret = DoorHost.CiSecret, To = [to] } },
        });

        var answer = await host.GetAsync(Path, Ci);

        Assert.Equal(names, string.Join(' ', answer.Json.EnumerateArray().Select(d => d.GetProperty("name").GetString())));
    }

    [Fact]
    public async Task EveryName_IsOneThatAMessageMayHave()
    {
        await using var host = await DoorHost.StartAsync(World);
        foreach (var destination in (await host.GetAsync(Path)).Json.EnumerateArray())
        {
            var name = destination.GetProperty("name").GetString()!;
            Assert.Equal(202, (await host.PostJsonAsync("/api/v1/messages", $$"""{"to":["{{name}}"],"text":"x"}""")).Code);
        }
    }

    [Fact]
    public async Task Stranger_SeesNothing()
    {
        await using var host = await DoorHost.StartAsync(o => World(o) with { Anonymous = AnonymousAccess.None });

        Assert.Equal(401, (await host.GetAsync(Path)).Code);
        Assert.Equal(401, (await host.GetAsync(Path, "X-Api-Key: wrong")).Code);
    }

    private static GatewayOptions World(GatewayOptions options) => options with
    {
        Irc = new Dictionary<string, IrcOptions>(StringComparer.OrdinalIgnoreCase)
        {
            ["net"] = new() { Server = "irc.example.org", Nick = "bot", Channels = [new() { Name = "#ops" }, new() { Name = "#vault", Key = "sesame" }], DefaultChannels = ["#OPS"], Users = ["alice"], JoinUnlisted = false },
        },
        Xmpp = new Dictionary<string, XmppOptions>(StringComparer.OrdinalIgnoreCase)
        {
            ["work"] = new() { Jid = "bot@example.org", Rooms = [new() { Jid = "ops@conference.example.org", Password = "sesame" }], DefaultRooms = ["ops@conference.example.org"], Users = ["alice@example.org"] },
        },
        Programs = new Dictionary<string, ProgramOptions>(StringComparer.OrdinalIgnoreCase) { ["mail"] = new() { Command = ["/bin/true"] } },
        Aliases = new Dictionary<string, IReadOnlyList<string>>(StringComparer.OrdinalIgnoreCase) { ["oncall"] = ["net/alice", "xmpp:alice@example.org"], ["wide"] = ["oncall", "#ops"] },
    };
}
