using System.Globalization;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using NotifyGateway.Api.Listeners;
using NotifyGateway.Core;

namespace NotifyGateway.Api;

/// <summary>
/// Says where the gateway listens, and the steps of its life: event ids 1000 to 1099. In place of the host's own words, which call every door HTTP.
/// </summary>
internal sealed partial class StartLog(CurrentConfiguration configuration, ILogger<StartLog> log)
{
    /// <summary>The host's category for those words.</summary>
    public const string Replaced = "Microsoft.Hosting.Lifetime";

    private static readonly string Version = typeof(StartLog).Assembly.GetName().Version!.ToString(3);

    /// <summary>The TCP doors and where they are; with port 0 the real port is known once the server has started.</summary>
    public IReadOnlyList<(TcpDoor Door, ListenOptions Listen)> TcpDoors { get; set; } = [];

    /// <summary>Everything is open.</summary>
    /// <returns>Where HTTP is served.</returns>
    public IReadOnlyList<string> Ready(IServer server)
    {
        var options = configuration.State.Options;
        string[] http = [.. server.Features.Get<IServerAddressesFeature>()!.Addresses.Where(a => !TcpDoors.Any(d => a.EndsWith($"://{d.Listen.IPEndPoint}", StringComparison.Ordinal)))];
        LogHttp(Version, string.Join(", ", http));
        foreach (var (door, listen) in TcpDoors)
        {
            LogTcp(door.Input, listen.IPEndPoint, door.Options.Tls is null ? $"{door.Options.Dialect}" : $"{door.Options.Dialect} over TLS");
        }

        Warn(configuration.Report.Warnings);
        LogReady(Count(options.Irc.Count, "network"), Count(options.Xmpp.Count, "account"), Count(options.Listeners.Tcp.Count + options.Listeners.Udp.Count, "listener"), Count(options.Hooks.Count, "hook"));
        return http;
    }

    /// <summary>Tells what the configuration names and nothing serves.</summary>
    public void Warn(IEnumerable<string> warnings)
    {
        foreach (var warning in warnings)
        {
            LogUnserved(warning);
        }
    }

    private static string Count(int count, string noun) => string.Create(CultureInfo.InvariantCulture, $"{count} {noun}{(count == 1 ? "" : "s")}");

    [LoggerMessage(1001, LogLevel.Information, "NotifyGateway {Version} listens: HTTP {Addresses}")]
    private partial void LogHttp(string version, string addresses);

    [LoggerMessage(1002, LogLevel.Information, "{Input} listens on {Endpoint} ({Dialect})")]
    private partial void LogTcp(string input, System.Net.IPEndPoint? endpoint, string dialect);

    [LoggerMessage(1003, LogLevel.Information, "ready; {Networks}, {Accounts}, {Listeners}, {Hooks}")]
    private partial void LogReady(string networks, string accounts, string listeners, string hooks);

    [LoggerMessage(1006, LogLevel.Warning, "a destination that is named cannot be served: {Warning}")]
    private partial void LogUnserved(string warning);

    /// <summary>The doors close now.</summary>
    [LoggerMessage(1004, LogLevel.Information, "stopping")]
    public partial void Stopping();

    /// <summary>Nothing is in flight any more.</summary>
    [LoggerMessage(1005, LogLevel.Information, "stopped")]
    public partial void Stopped();
}
