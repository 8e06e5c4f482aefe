using System.Net.Sockets;
using NotifyGateway.Api;
using NotifyGateway.Tests.Support;
using Xunit;

namespace NotifyGateway.Tests.Cli;

public sealed class HealthCommandTests
{
    [Fact]
    public async Task Health_IsThatOfTheGatewayThatRuns_AtAPortOrASocket()
    {
        await using var gateway = new GatewayProcess("{}");
        var socket = gateway.Folder["http.sock"];
        await gateway.StartAsync();
        var ready = await GatewayProcess.RunAsync(gateway.Folder.Path, "health", "--urls", gateway.Url.ToString());
        Assert.Equal((0, ""), (ready.ExitCode, ready.Error));
        Assert.StartsWith("""{"status":"ready","reasons":[],""", ready.Output, StringComparison.Ordinal);
        Assert.Equal(0, await gateway.TerminateAsync());

        var none = await GatewayProcess.RunAsync(gateway.Folder.Path, "health", "--urls", gateway.Url.ToString());
        Assert.Equal(1, none.ExitCode);
        Assert.StartsWith(gateway.Url.ToString().TrimEnd('/'), none.Error, StringComparison.Ordinal);

        gateway.Launch("serve", "--config", gateway.Folder["no-doors.json"], "--urls", $"http://unix:{socket}");
        await gateway.Process.Output.FirstAsync(l => l.Contains("[1003] ready", StringComparison.Ordinal), "it is ready", TimeSpan.FromSeconds(20));
        Assert.Equal(0, (await GatewayProcess.RunAsync(gateway.Folder.Path, "health", "--urls", $"http://unix:{socket}")).ExitCode);
    }

    [Fact]
    public async Task GatewayThatIsNotReady_IsOne()
    {
        using var silent = new TcpListener(System.Net.IPAddress.Loopback, 0);
        silent.Start();
        var answering = Task.Run(
            async () =>
            {
                using var client = await silent.AcceptTcpClientAsync(TestContext.Current.CancellationToken);
                await client.GetStream().WriteAsync("HTTP/1.1 503 Service Unavailable\r\nContent-Length: 7\r\nConnection: close\r\n\r\nunready"u8.ToArray(), TestContext.Current.CancellationToken);
                await client.GetStream().ReadExactlyAsync(new byte[16], TestContext.Current.CancellationToken);
            },
            TestContext.Current.CancellationToken);
        using var folder = new TempFolder();

        Assert.Equal((1, "unready", ""), await GatewayProcess.RunAsync(folder.Path, "health", "--urls", $"http://{silent.LocalEndpoint}"));
        await answering;
    }

    [Theory]
    [InlineData("http://*:8080", "http://127.0.0.1:8080/", null)]
    [InlineData("http://0.0.0.0:81", "http://127.0.0.1:81/", null)]
    [InlineData("https://[::]:81", "https://[::1]:81/", null)]
    [InlineData("http://192.0.2.1:81", "http://192.0.2.1:81/", null)]
    [InlineData("http://localhost:81", "http://localhost:81/", null)]
    [InlineData("http://unix:/run/x.sock", "http://localhost/", "/run/x.sock")]
    public void Address_IsTheWayFromHere(string listened, string asked, string? socket) =>
        Assert.Equal((new Uri(asked), socket), HttpEndpoint.ParseAll(listened).Endpoints[0].FromHere);
}
