using System.CommandLine;
using NotifyGateway.Core.Configuration;
using NotifyGateway.Core.Routing;

namespace NotifyGateway.Api.Cli;

/// <summary>Says whether <c>serve</c> with the same options would accept its configuration.</summary>
internal static class CheckConfigCommand
{
    public static Command Make()
    {
        var command = new Command("check-config", "Reads the configuration as serve would, prints every error with its path, and starts nothing. Exit 0: good; 78: not.");
        GatewaySymbols.AddTo(command);
        command.SetAction(parsed =>
        {
            var io = parsed.InvocationConfiguration;
            if (LoadedConfiguration.Load(GatewaySymbols.Read(parsed, sandbox: false), io.Error) is not { } configuration)
            {
                return ExitCode.InvalidConfiguration;
            }

            foreach (var (path, unserved) in UnservedDestinations.Of(configuration.Options, new Router(configuration.Options)))
            {
                io.Error.WriteLine($"warning: {path}: {unserved}");
            }

            io.Output.WriteLine("configuration ok");
            foreach (var line in Summary(configuration))
            {
                io.Output.WriteLine(line);
            }

            return ExitCode.Done;
        });
        return command;
    }

    private static IEnumerable<string> Summary(LoadedConfiguration configuration)
    {
        var options = configuration.Options;
        yield return $"http:      {List(configuration.Endpoints.Select(e => e.ToString()))}";
        yield return $"listeners: {List([.. options.Listeners.Tcp.Select(Describe), .. options.Listeners.Udp.Select(Describe)])}";
        yield return $"networks:  {List(options.Irc.Select(Describe))}";
        yield return $"accounts:  {List(options.Xmpp.Select(Describe))}";
        yield return $"programs:  {List(options.Programs.Keys)}";
        yield return $"hooks:     {List(options.Hooks.Keys)}";
        yield return $"clients:   {options.Clients.Count}, anonymous: {options.Anonymous}, admin: {(options.Admin is { Secret: null, SecretSha256: null } ? "none" : "yes")}";
        yield return $"outbox:    {Path.GetFullPath(options.Outbox.Path)}";
    }

    private static string List(IEnumerable<string> items) => string.Join(", ", items.DefaultIfEmpty("none"));

    private static string Describe(KeyValuePair<string, TcpListenerOptions> door) =>
        $"{door.Key} (tcp{(door.Value.Tls is null ? "" : "+tls")} {door.Value.Endpoint}, {door.Value.Dialect})";

    private static string Describe(KeyValuePair<string, UdpListenerOptions> door) => $"{door.Key} (udp {door.Value.Endpoint}, {door.Value.Dialect})";

    private static string Describe(KeyValuePair<string, IrcOptions> network) =>
        $"{network.Key} ({network.Value.Server}:{network.Value.Port ?? (network.Value.Tls ? 6697 : 6667)}{(network.Value.Tls ? " tls" : "")}, {Count(network.Value.Channels.Count, "channel")})";

    private static string Describe(KeyValuePair<string, XmppOptions> account) =>
        $"{account.Key} ({account.Value.Jid}{(account.Value.Host is { } host ? $" at {host}" : "")}{(account.Value.Tls == XmppTls.Direct ? " direct tls" : "")}, {Count(account.Value.Rooms.Count, "room")})";

    private static string Count(int count, string what) => count == 1 ? $"1 {what}" : $"{count} {what}s";
}
