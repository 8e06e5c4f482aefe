using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace NotifyGateway.Core.Sessions;

/// <summary>
/// Connects to whichever of a host's addresses answers first (happy eyeballs, RFC 8305): the families in turn, the next attempt
/// when the last one has failed or has taken 250 ms. The others are closed.
/// </summary>
internal sealed class AddressRace(IReadOnlyList<IPAddress> addresses, int port, IPAddress? local, TimeProvider time)
{
    /// <summary>RFC 8305 section 5: the recommended Connection Attempt Delay.</summary>
    public static readonly TimeSpan AttemptDelay = TimeSpan.FromMilliseconds(250);

    /// <summary>The most addresses that a reason names with one fault.</summary>
    private const int MostNamed = 4;

    private readonly List<(IPAddress Address, string Fault)> _faults = [];

    /// <summary>The host's addresses in the order in which they are tried: that of the resolver (RFC 6724), but the families in turn (RFC 8305 section 4).</summary>
    public static IReadOnlyList<IPAddress> Interleave(IEnumerable<IPAddress> resolved)
    {
        var all = resolved.Distinct().ToList();
        var first = all.Where(a => a.AddressFamily == all[0].AddressFamily).ToList();
        var second = all.Except(first).ToList();
        return
        [
            .. Enumerable.Range(0, Math.Max(first.Count, second.Count))
                .SelectMany(i => new[] { first.ElementAtOrDefault(i), second.ElementAtOrDefault(i) })
                .OfType<IPAddress>(),
        ];
    }

    /// <summary>What has failed so far, shortened; null: nothing.</summary>
    public string? Faults => _faults.Count == 0 ? null
        : addresses.Count == 1 ? _faults[0].Fault
        : string.Join("; ", _faults.GroupBy(f => f.Fault, f => f.Address, StringComparer.Ordinal).Select(g => $"{g.Key} ({Named([.. g])})"));

    /// <returns>Null when every address has failed.</returns>
    /// <exception cref="OperationCanceledException">Cancelled; every attempt is closed.</exception>
    public async Task<Socket?> RunAsync(CancellationToken cancellationToken)
    {
        using var over = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var running = new List<Task<Attempt>>();
        Socket? winner = null;
        try
        {
            var next = 0;
            var pause = Task.CompletedTask;
            while (winner is null && (next < addresses.Count || running.Count > 0))
            {
                if (next < addresses.Count && pause.IsCompleted)
                {
                    running.Add(TryAsync(addresses[next++], over.Token));
                    pause = Task.Delay(AttemptDelay, time, over.Token);
                }

                if (await Task.WhenAny(next < addresses.Count ? [.. running, pause] : running) is Task<Attempt> attempt)
                {
                    running.Remove(attempt);
                    winner = Note(await attempt);
                    pause = Task.CompletedTask;
                }
            }
        }
        finally
        {
            await over.CancelAsync();
            foreach (var late in running)
            {
                Note(await late)?.Dispose();
            }
        }

        if (winner is null)
        {
            cancellationToken.ThrowIfCancellationRequested();
        }

        return winner;
    }

    private Socket? Note(Attempt attempt)
    {
        if (attempt.Fault is { } fault)
        {
            _faults.Add((attempt.Address, fault));
        }

        return attempt.Socket;
    }

    private async Task<Attempt> TryAsync(IPAddress address, CancellationToken cancellationToken)
    {
        Socket? socket = null;
        try
        {
            socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            if (local is not null)
            {
                socket.Bind(new IPEndPoint(local, 0));
            }

            await socket.ConnectAsync(new IPEndPoint(address, port), cancellationToken);
            return new Attempt(address, socket, null);
        }
        catch (SocketException e)
        {
            socket?.Dispose();
            return new Attempt(address, null, Words(e, local));
        }
        catch (OperationCanceledException)
        {
            // Another address was quicker, or there is no time left.
            socket?.Dispose();
            return new Attempt(address, null, null);
        }
    }

    private static string Words(SocketException e, IPAddress? local) => e.SocketErrorCode switch
    {
        SocketError.ConnectionRefused => "connection refused",
        SocketError.HostUnreachable or SocketError.NetworkUnreachable or SocketError.HostDown => "no route to the host",
        SocketError.TimedOut => "the connection timed out",
        SocketError.AddressFamilyNotSupported => "this machine has no such kind of address",
        SocketError.AddressNotAvailable when local is not null => $"{local} is no address of this machine",
        _ => e.Message,
    };

    private static string Named(IReadOnlyList<IPAddress> all) =>
        string.Join(", ", all.Take(MostNamed)) + (all.Count > MostNamed ? string.Create(CultureInfo.InvariantCulture, $" and {all.Count - MostNamed} more") : "");

    /// <summary>Neither a socket nor a fault: given up.</summary>
    private readonly record struct Attempt(IPAddress Address, Socket? Socket, string? Fault);
}
