using System.Net;
using System.Net.Sockets;

namespace NotifyGateway.Bench.Servers;

/// <summary>The rival, with its one second of delay after each line taken out: as fast as it can be.</summary>
internal sealed class Irkerd : IRelay
{
    private const int Port = 6659;
    private const string Delay = "            time.sleep(ANTI_FLOOD_DELAY)\n";

    private static int _instances;

    /// <param name="original">The installed program.</param>
    /// <param name="folder">Where the patched copy and the log go.</param>
    /// <param name="cpu">The core.</param>
    public Irkerd(string original, string folder, string cpu)
    {
        // irkerd does not set SO_REUSEADDR, and its port is fixed: each instance gets a loopback address of its own. The second is its
        // IPv6 listener, mapped to IPv4 so that it can be fresh too.
        var instance = Interlocked.Increment(ref _instances);
        var id = Environment.ProcessId;
        var address = new IPAddress([127, (byte)(100 + (id >> 8 & 63)), (byte)id, (byte)instance]);
        var second = new IPAddress([127, (byte)(164 + (id >> 8 & 63)), (byte)id, (byte)instance]).MapToIPv6();
        Irker = new IPEndPoint(address, Port);
        Directory.CreateDirectory(folder);
        var program = Path.Combine(folder, "irkerd-without-delay");
        File.WriteAllText(program, WithoutDelay(File.ReadAllText(original)));
        Process = new ServerProcess("irkerd", cpu, Path.Combine(folder, $"irkerd-{instance}.log"), "python3", program, "-H", address.ToString(), "-H6", second.ToString());
        ReadyAfter = Process.AwaitReady(Answers, TimeSpan.FromSeconds(10));
    }

    public ServerProcess Process { get; }

    public IPEndPoint Irker { get; }

    public double ReadyAfter { get; }

    /// <summary>Takes the delay out of irkerd's text.</summary>
    /// <exception cref="InvalidOperationException">The text is not the one that is known.</exception>
    public static string WithoutDelay(string text)
    {
        // Removed and not set to 0: even time.sleep(0) costs irkerd a factor of seven.
        var at = text.IndexOf(Delay, StringComparison.Ordinal);
        return at >= 0 && text.IndexOf(Delay, at + 1, StringComparison.Ordinal) < 0
            ? text.Remove(at, Delay.Length)
            : throw new InvalidOperationException("this irkerd is not known: it must have its anti-flood delay exactly once");
    }

    public void Dispose() => Process.Dispose();

    private bool Answers()
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.Connect(Irker);
            return true;
        }
        catch (SocketException refused) when (refused.SocketErrorCode == SocketError.ConnectionRefused)
        {
            return false;
        }
    }
}
