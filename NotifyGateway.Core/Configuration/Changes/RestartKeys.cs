namespace NotifyGateway.Core.Configuration.Changes;

/// <summary>Which changes count only from the next start on: what is opened once, before anything else. Pure.</summary>
public static class RestartKeys
{
    private const string Any = "*";
    private const string Rest = "**";

    /// <summary>Names are by their place; <c>**</c> is anything from there on.</summary>
    private static readonly string[][] Ours =
    [
        ["Gateway", nameof(GatewayOptions.Listeners), nameof(ListenersOptions.Tcp), Any],
        ["Gateway", nameof(GatewayOptions.Listeners), nameof(ListenersOptions.Tcp), Any, nameof(TcpListenerOptions.Endpoint)],
        ["Gateway", nameof(GatewayOptions.Listeners), nameof(ListenersOptions.Tcp), Any, nameof(TcpListenerOptions.Tls), Rest],
        ["Gateway", nameof(GatewayOptions.Listeners), nameof(ListenersOptions.Udp), Rest],
        ["Gateway", nameof(GatewayOptions.Otlp), Rest],
        ["Gateway", nameof(GatewayOptions.Outbox), nameof(OutboxOptions.Provider)],
        ["Gateway", nameof(GatewayOptions.Outbox), nameof(OutboxOptions.Path)],
        ["Gateway", nameof(GatewayOptions.Outbox), nameof(OutboxOptions.KeepSettled)],
        ["Gateway", nameof(GatewayOptions.Outbox), nameof(OutboxOptions.MaxQueuedPerSession)],
        ["Gateway", nameof(GatewayOptions.Outbox), "RabbitMq", Rest],
    ];

    /// <summary>The server's own sections, which it reads once.</summary>
    private static readonly string[][] Host = [["Kestrel", Rest], ["AllowedHosts"]];

    /// <summary>The changed keys that wait for a restart.</summary>
    /// <param name="started">What the process was started with.</param>
    /// <param name="now">What is configured now.</param>
    public static IReadOnlyList<string> Of(GatewayOptions started, GatewayOptions now) => [.. OptionDifference.Between(started, now).Where(p => Covers(Ours, p))];

    /// <summary>The same of the sections that are not ours.</summary>
    public static IReadOnlyList<string> Of(IReadOnlyDictionary<string, string?> started, IReadOnlyDictionary<string, string?> now) =>
    [
        .. started.Keys.Union(now.Keys, StringComparer.OrdinalIgnoreCase).Order(StringComparer.OrdinalIgnoreCase)
            .Where(k => Covers(Host, k) && !string.Equals(started.GetValueOrDefault(k), now.GetValueOrDefault(k), StringComparison.Ordinal)),
    ];

    private static bool Covers(string[][] patterns, string path)
    {
        var parts = path.Split(':');
        return Array.Exists(patterns, p => Matches(p, parts));
    }

    private static bool Matches(string[] pattern, string[] path)
    {
        var open = pattern[^1] is Rest;
        var length = open ? pattern.Length - 1 : pattern.Length;
        return (open ? path.Length >= length : path.Length == length)
            && Enumerable.Range(0, length).All(i => pattern[i] is Any || string.Equals(pattern[i], path[i], StringComparison.OrdinalIgnoreCase));
    }
}
