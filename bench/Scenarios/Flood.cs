using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;
using System.Text;
using NotifyGateway.Bench.Report;
using NotifyGateway.Bench.Servers;
using NotifyGateway.Tests.Support;
using NotifyGateway.Tests.Support.Servers;

namespace NotifyGateway.Bench.Scenarios;

/// <summary>
/// 500 lines to five channels of each real server, with the flood limits that it comes with and no rate of the gateway's own: how many
/// lines a second get through, beside a client that always has a few lines waiting at the server and so goes exactly as fast as that allows.
/// </summary>
internal static class Flood
{
    private const int Lines = 500;
    private const int Filler = 60;

    /// <summary>Lines of the bare client that the server has not relayed yet: enough that it never waits for them, too few for any limit.</summary>
    private const int Waiting = 8;

    private static readonly string[] Channels = ["#f0", "#f1", "#f2", "#f3", "#f4"];
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(6);
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(100);

    // What servers let through at once is not their rate.
    private static readonly TimeSpan CeilingFrom = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan CeilingTo = TimeSpan.FromSeconds(120);

    public static void Run(BenchRun bench) => RunAsync(bench).GetAwaiter().GetResult();

    private static async Task RunAsync(BenchRun bench)
    {
        using var gateway = bench.StartRealGateway(window: 32);
        foreach (var figure in await Task.WhenAll(IrcServer.AllSoftware.Select(software => MeasureAsync(gateway, software))))
        {
            bench.Table.Add(figure);
        }
    }

    private static async Task<Figure> MeasureAsync(Gateway gateway, string software)
    {
        await using var server = IrcServer.Prepare(software, new ServerOptions { FloodLimits = true });
        await server.StartAgainAsync();
        await using var watcher = await IrcWatcher.ConnectAsync(server.Port, "watcher", Channels);
        var ceiling = CeilingAsync(server);
        var start = Stopwatch.GetTimestamp();
        await SendAsync(gateway, server.Port);
        while (watcher.Messages.Entries.Count < Lines && Stopwatch.GetElapsedTime(start) < Limit)
        {
            await Task.Delay(Look);
        }

        var seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        var seen = watcher.Messages.Entries;
        var rate = seen.Count / seconds;
        var most = await ceiling;
        var quits = watcher.Lines.Entries.Where(line => line.StartsWith(":irker", StringComparison.Ordinal) && line.Contains(" QUIT ", StringComparison.Ordinal)).ToList();
        var figure = new Figure(
            $"lines/s under the flood limits of {software}",
            Statistics.Show(rate),
            Statistics.Show(most) + " bare client",
            string.Create(CultureInfo.InvariantCulture, $"{rate / most:0.00}×"),
            Fault: quits.Count > 0 ? $"{quits.Count} times sent away: {quits[0]}" : Disorder(seen),
            Note: string.Create(CultureInfo.InvariantCulture, $"{seen.Count} of {Lines} in {seconds:0} s"));
        BenchRun.Say($"{figure.Name}: {figure.Gateway} ({figure.Note}), {figure.Rival} {figure.Fault}");
        return figure;
    }

    /// <summary>Hands all over at once.</summary>
    private static async Task SendAsync(Gateway gateway, int port)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(gateway.Irker);
        var lines = Enumerable.Range(0, Lines).Select(number => string.Create(
            CultureInfo.InvariantCulture,
            $$"""{"to":"irc://127.0.0.1:{{port}}/{{Channels[number % Channels.Length]}}","privmsg":"{{number}} {{new string('.', Filler)}}"}"""));
        await client.GetStream().WriteAsync(Encoding.UTF8.GetBytes(string.Join('\n', lines) + "\n"));
    }

    private static async Task<double> CeilingAsync(IrcServer server)
    {
        await using var reader = await IrcWatcher.ConnectAsync(server.Port, "reader", "#ceiling");
        await using var writer = await IrcWatcher.ConnectAsync(server.Port, "writer", "#ceiling");
        var start = Stopwatch.GetTimestamp();
        var sent = 0;
        var before = 0;
        while (Stopwatch.GetElapsedTime(start) is var elapsed && elapsed < CeilingTo)
        {
            var read = reader.Messages.Entries.Count;
            for (; sent < read + Waiting; sent++)
            {
                await writer.SayAsync("#ceiling", string.Create(CultureInfo.InvariantCulture, $"{sent} {new string('.', Filler)}"));
            }

            before = elapsed < CeilingFrom ? read : before;
            await Task.Delay(Look);
        }

        return (reader.Messages.Entries.Count - before) / (CeilingTo - CeilingFrom).TotalSeconds;
    }

    private static string? Disorder(IReadOnlyList<WatchedMessage> seen)
    {
        foreach (var channel in seen.GroupBy(message => message.Target, StringComparer.OrdinalIgnoreCase))
        {
            var numbers = channel.Select(message => int.Parse(message.Text.Split(' ')[0], CultureInfo.InvariantCulture)).ToList();
            if (!numbers.SequenceEqual(numbers.Distinct().Order()))
            {
                return $"repeated or reordered in {channel.Key}";
            }
        }

        return null;
    }
}
