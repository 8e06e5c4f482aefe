using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using NotifyGateway.Bench.Report;
using NotifyGateway.Bench.Servers;
using NotifyGateway.Bench.Sink;

namespace NotifyGateway.Bench.Scenarios;

/// <summary>The same for XMPP accounts: TLS, and a stream that can be resumed. They are configured, so that two gateways are compared, one with a few of them.</summary>
internal static class XmppSessions
{
    private const int Few = 50;
    private const int Many = 1_000;
    private static readonly TimeSpan LoginLimit = TimeSpan.FromMinutes(2);

    public static void Run(BenchRun bench)
    {
        if (bench.Options.AgainstItself)
        {
            BenchRun.Say("irkerd does not speak XMPP: skipped");
            return;
        }

        using var sink = new XmppSink();
        var few = Measure(bench, sink, Few, watched: false);
        var many = Measure(bench, sink, Many, watched: true);
        var fault = few.Fault ?? many.Fault;
        bench.Table.Add(new Figure(
            "memory of an idle XMPP session", Statistics.Show((many.MiB - few.MiB) * 1024 / (Many - Few)) + " KiB", Fault: fault,
            Note: $"between {Few} and {Many.ToString("#,0", CultureInfo.InvariantCulture)} accounts, their configuration included"));
        bench.Table.Add(new Figure($"CPU of {Many.ToString("#,0", CultureInfo.InvariantCulture)} idle XMPP sessions", Statistics.Show(many.Share) + " %", Fault: fault));
    }

    private static (double MiB, double Share, string? Fault) Measure(BenchRun bench, XmppSink sink, int accounts, bool watched)
    {
        using var gateway = bench.StartRealGateway(more: options => options["Xmpp"] = Accounts(sink.Port, accounts));
        var since = TimeProvider.System.GetTimestamp();
        while (sink.Standing < accounts && TimeProvider.System.GetElapsedTime(since) < LoginLimit)
        {
            Thread.Sleep(100);
        }

        // Each has worked once: what is made with the first message is there.
        using var batch = new Batch(accounts, ordered: false);
        sink.Batch = batch;
        Send(gateway, batch, accounts);
        batch.Wait(BenchRun.Patience, LoginLimit);
        var fault = batch.Fault ?? (sink.Standing == accounts ? null : $"{sink.Standing} of {accounts} streams stand");
        sink.Batch = null;
        var resident = IdleSessions.SettledMiB(gateway.Process);
        return (resident, watched ? IdleSessions.Share(gateway.Process) : 0, fault);
    }

    private static JsonObject Accounts(int port, int count) => new(Enumerable.Range(0, count).Select(index => KeyValuePair.Create<string, JsonNode?>($"a{index}", new JsonObject
    {
        ["Jid"] = $"a{index}@bench.test",
        ["Password"] = $"bench-{index}",
        ["Host"] = $"127.51.{index / 200}.{(index % 200) + 1}",
        ["Port"] = port,
        ["Tls"] = "Direct",
        ["TlsAllowInvalid"] = true,
        ["ConnectSpacing"] = "00:00:00.001",
    })));

    private static void Send(Gateway gateway, Batch batch, int accounts)
    {
        using var client = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{gateway.Http}") };
        for (var number = 0; number < accounts; number++)
        {
            var body = new JsonObject { ["to"] = new JsonArray($"xmpp://a{number}@bench.test/peer@bench.test"), ["text"] = $"{batch.Id}.{number} hello" };
            using var content = new StringContent(body.ToJsonString(), Encoding.UTF8, "application/json");
            using var answer = client.PostAsync("/api/v1/messages", content).GetAwaiter().GetResult();
            if ((int)answer.StatusCode != 202)
            {
                throw new InvalidDataException($"not accepted: {answer.Content.ReadAsStringAsync().GetAwaiter().GetResult()}");
            }
        }
    }
}
