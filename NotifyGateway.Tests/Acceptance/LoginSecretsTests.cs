using System.Text;
using System.Text.Json.Nodes;
using NotifyGateway.Tests.Support;
using NotifyGateway.Tests.Support.Servers;
using Xunit;

namespace NotifyGateway.Tests.Acceptance;

/// <summary>With every category of the log at Trace, nothing by which the gateway logs in to servers, channels or proxies stands in it, nor in the traffic log, nor in an answer.</summary>
public sealed class LoginSecretsTests
{
    // Each with a word that the log can be searched for.
    private const string Server = "server-5ecret-a1";
    private const string Account = "account-5ecret-b2";
    private const string Wrong = "wrong-5ecret-c3";
    private const string Key = "key-5ecret-d4";
    private const string Proxy = "proxy-5ecret-e5";
    private const string WrongKey = "wrongkey-5ecret-f6";

    private static readonly string[] Secrets = [Server, Account, Wrong, Key, Proxy, WrongKey];

    [Fact]
    public async Task Log_HoldsNothingOfALoginAtTrace()
    {
        await using var server = new InspircdServer(new ServerOptions { Password = Server });
        await server.StartAgainAsync();
        await using var services = await AthemeServices.StartAsync(server);
        await using var owner = await IrcWatcher.ConnectAsync(server.Port, "account", Server, tls: false, "#keyed", "#open");
        await AthemeServices.RegisterAsync(owner, Account);
        await owner.ModeAsync("#keyed", $"+k {Key}");
        await using var open = ScriptedProxy.Start(proxy => TunnelAsync(proxy, server.Port, "\x01\0"));
        await using var shut = ScriptedProxy.Start(proxy => TunnelAsync(proxy, server.Port, "\x01\x01"));
        await using var gateway = await Installation.StartAsync(Networks(server.Port, open.Port, shut.Port), Change);

        string[] good = ["sasl", "service", "proxied"];
        foreach (var network in good)
        {
            Assert.Equal("delivered", (await gateway.PostAsync($"{network}/#keyed", $"by {network}", wait: 10)).Text("status"));
        }

        // The server tells the key to all that are in.
        await owner.ModeAsync("#keyed", $"-k {Key}");
        await owner.ModeAsync("#keyed", $"+k {Key}");
        Assert.Equal("delivered", (await gateway.PostAsync("sasl/#keyed", "after the change", wait: 10)).Text("status"));
        await gateway.SessionAsync("wrong", s => s.Text("state") == "faulted", "is faulted");
        await gateway.SessionAsync("stranger", s => s["channels"]!.AsArray().Any(c => c!.Text("state") == "parked"), "is kept out");
        await gateway.SessionAsync("shut", s => s.Text("lastError") is not null, "is kept out by its proxy");
        var sessions = (await gateway.SessionsAsync()).ToJsonString();
        Assert.Equal(0, await gateway.Process.TerminateAsync());

        Assert.Contains("trce: ", gateway.Log, StringComparison.Ordinal);
        var traffic = await File.ReadAllTextAsync(gateway.Process.Folder["traffic.log"]);
        Assert.Contains(" 001 ", traffic, StringComparison.Ordinal);
        Assert.Contains(" MODE #keyed +k ", traffic, StringComparison.Ordinal);
        Assert.All([gateway.Log, traffic, sessions], text => Assert.All([.. Secrets, .. Secrets.Select(Plain), "5ecret"], secret => Assert.DoesNotContain(secret, text, StringComparison.OrdinalIgnoreCase)));
    }

    private static JsonObject Networks(int port, int open, int shut)
    {
        JsonObject Network(string nick, string key = Key)
        {
            var network = Installation.Network(port, "#open");
            network["Nick"] = nick;
            network["ServerPassword"] = Server;
            network["TrafficLog"] = "traffic.log";
            network["Channels"]!.AsArray().Add(new JsonObject { ["Name"] = "#keyed", ["Key"] = key });
            return network;
        }

        var networks = new JsonObject
        {
            ["sasl"] = Network("sasl"),
            ["service"] = Network("service"),
            ["wrong"] = Network("wrong"),
            ["proxied"] = Network("proxied"),
            ["shut"] = Network("shut"),
            ["stranger"] = Network("stranger", WrongKey),
        };
        networks["sasl"]!["Sasl"] = new JsonObject { ["Account"] = "account", ["Password"] = Account };
        networks["wrong"]!["Sasl"] = new JsonObject { ["Account"] = "account", ["Password"] = Wrong };
        networks["service"]!["NickServ"] = new JsonObject { ["Account"] = "account", ["Password"] = Account };
        networks["proxied"]!["Proxy"] = $"socks5://user:{Proxy}@127.0.0.1:{open}";
        networks["shut"]!["Proxy"] = $"socks5://user:{Proxy}@127.0.0.1:{shut}";
        networks["shut"]!["ReconnectMin"] = "00:05:00";
        networks["shut"]!["ReconnectMax"] = "00:05:00";
        return networks;
    }

    private static void Change(JsonObject settings) =>
        settings["Logging"] = new JsonObject { ["LogLevel"] = new JsonObject { ["Default"] = "Trace", ["Microsoft.AspNetCore"] = "Trace" } };

    /// <summary>SOCKS5 with user and password (RFC 1928, RFC 1929), to the server.</summary>
    private static async Task TunnelAsync(ProxyScript proxy, int port, string verdict)
    {
        await proxy.ExpectAsync("\x05\x02\0\x02");
        await proxy.SendAsync("\x05\x02");
        await proxy.ExpectAsync($"\x01\x04user{(char)Proxy.Length}{Proxy}");
        await proxy.SendAsync(verdict);
        if (verdict[1] == 0)
        {
            await proxy.ExpectAsync($"\x05\x01\0\x01\x7f\0\0\x01{(char)(port >> 8)}{(char)(port & 255)}");
            await proxy.SendAsync("\x05\0\0\x01\x7f\0\0\x01\0\0");
            await proxy.RelayAsync(port);
        }
    }

    private static string Plain(string password) => Convert.ToBase64String(Encoding.UTF8.GetBytes($"\0account\0{password}"));
}
