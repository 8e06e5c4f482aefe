namespace NotifyGateway.Bench.Scenarios;

/// <summary>A measurement that can be chosen by name.</summary>
internal sealed record Scenario(string Name, string Says, Action<BenchRun> Run);

/// <summary>All of them, in the order of <c>all</c>.</summary>
internal static class Catalogue
{
    public static IReadOnlyList<Scenario> All { get; } =
    [
        new("ceiling", "what load and sink can do with nothing between them", Ceiling.Run),
        new("lines", "delivered lines/s and CPU per 100,000, one channel", Throughput.OneServer),
        new("lines10", "the same, ten servers", Throughput.TenServers),
        new("steady", "CPU at 100, 1,000 and 10,000 lines/s", SteadyRate.Run),
        new("latency", "time to the IRC server of a later and of a first message", Latency.Run),
        new("http", "posts accepted per second, against an endpoint that only validates", HttpAccept.Run),
        new("udp", "datagrams lost at 40,000/s and in a burst", UdpLoss.Run),
        new("footprint", "start time and memory", Footprint.Run),
        new("cost", "heap and CPU of one message", MessageCost.Run),
        new("sessions", "2,000 idle sessions", IdleSessions.Plain),
        new("tls", "1,000 idle sessions over TLS", IdleSessions.Tls),
        new("xmpp", "1,000 idle XMPP sessions", XmppSessions.Run),
        new("growth", "CPU of a line with 1 to 2,000 sessions", Growth.Sessions),
        new("queue", "CPU of a line while up to a million others wait", Growth.Queue),
        new("flood", "500 lines to each real server with its flood limits, up to six minutes", Flood.Run),
        new("backlog", "a million queued messages over a kill -9", Backlog.Run),
    ];
}
