using System.Text;
using NotifyGateway.Core.Configuration;
using NotifyGateway.Core.Sessions;
using NotifyGateway.Tests.Support;
using Xunit;

namespace NotifyGateway.Tests.Sessions.Proxies;

/// <summary>Connects through a scripted proxy to irc.example.org:6697.</summary>
internal static class Tunnels
{
    public static LinkSettings Settings(string proxy, string host = "irc.example.org", TlsSettings? tls = null) => new(
        host, 6697, tls, TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1), TimeSpan.Zero)
    {
        Proxy = ProxyAddress.Parse(new Uri(proxy)),
    };

    /// <summary>Connects while the proxy plays its script; <paramref name="url"/> has PORT where the port belongs. The reason of a refusal, else null.</summary>
    public static async Task<string?> RefusalAsync(string url, Func<ProxyScript, Task> script, string host = "irc.example.org")
    {
        await using var proxy = ScriptedProxy.Start(script);
        var connection = await ConnectAsync(proxy, url, host);
        await using var stream = connection.Stream;
        await proxy.Done.Within();
        Assert.Equal(connection.Refusal is null, stream is not null);

        // In front of each reason stands the server, then which proxy it was.
        return connection.Refusal?
            .Replace($"{host}:6697: the proxy 127.0.0.1:{proxy.Port} ", "", StringComparison.Ordinal)
            .Replace($"[{host}]:6697: the proxy 127.0.0.1:{proxy.Port} ", "", StringComparison.Ordinal);
    }

    /// <summary>Connects while the proxy plays its script, and then reads what comes through the tunnel until it is closed.</summary>
    public static async Task<string> ReadAsync(string url, Func<ProxyScript, Task> script, string host = "irc.example.org")
    {
        await using var proxy = ScriptedProxy.Start(script);
        var connection = await ConnectAsync(proxy, url, host);
        Assert.Null(connection.Refusal);
        await using var stream = connection.Stream!;
        using var all = new MemoryStream();
        await stream.CopyToAsync(all).Within(what: "the tunnel's end");
        await proxy.Done.Within();
        return Encoding.Latin1.GetString(all.ToArray());
    }

    private static Task<Connection> ConnectAsync(ScriptedProxy proxy, string url, string host) => Connector.ConnectAsync(
        Settings(url.Replace("PORT", $"{proxy.Port}", StringComparison.Ordinal), host),
        TimeProvider.System,
        TestContext.Current.CancellationToken,
        (name, _) => throw new InvalidOperationException($"the name {name} is the proxy's to resolve")).Within();
}
