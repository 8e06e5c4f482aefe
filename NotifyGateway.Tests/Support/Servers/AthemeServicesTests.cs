using Xunit;

namespace NotifyGateway.Tests.Support.Servers;

public sealed class AthemeServicesTests
{
    [Fact]
    public async Task Account_LogsInByPasswordAndByService()
    {
        await using var server = new InspircdServer(new ServerOptions());
        await server.StartAgainAsync();
        await using var services = await AthemeServices.StartAsync(server);
        await services.RegisterAsync("account", "its-password");

        await using var client = await IrcWatcher.OpenAsync(server.Port, "client");
        await client.SendAsync("CAP LS 302", "CAP REQ :sasl", "NICK client", "USER client 0 * :client", "AUTHENTICATE PLAIN");
        await client.Lines.FirstAsync(line => line.StartsWith("AUTHENTICATE ", StringComparison.Ordinal), "AUTHENTICATE +");
        await client.SendAsync($"AUTHENTICATE {Convert.ToBase64String("\0account\0its-password"u8)}", "CAP END");
        await client.NumericAsync("903");
        await client.NumericAsync("001");
        await AthemeServices.AddCertificateAsync(client, new string('a', 64));
    }
}
