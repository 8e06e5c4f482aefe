using System.Net;
using System.Net.Sockets;

namespace NotifyGateway.Core;

/// <summary>
/// How often wrong secrets have come from each address. The first few are answered at once, further ones later and later. A right secret never waits: many
/// share an address, and one of them who guesses must not lock the others out.
/// </summary>
/// <remarks>Locked: requests come on any thread, and none of them owns an address. Memory is bounded; the address that was quiet for longest is forgotten.</remarks>
public sealed class FailedAttempts(TimeProvider time, DoorCounters counters)
{
    /// <summary>So many wrong secrets cost nothing: somebody mistypes, or a secret was changed.</summary>
    public const int Free = 10;

    /// <summary>How many addresses are remembered.</summary>
    internal const int MaxAddresses = 10_000;

    /// <summary>How many answers of one address are held back at a time; each holds a connection.</summary>
    internal const int MaxHeld = 16;

    private const int MaxHeldOfAll = 1000;

    /// <summary>No more are remembered of one address: it is trusted again ten minutes after its last guess, however many there were.</summary>
    private const double MaxFailures = Free + 50;
    private const double FirstSeconds = 0.1;
    private const double LongestSeconds = 5;

    /// <summary>For many guesses that came together.</summary>
    private static readonly TimeSpan LongestHold = TimeSpan.FromMinutes(1);

    /// <summary>One failure is forgiven in so long.</summary>
    private static readonly TimeSpan Forgiven = TimeSpan.FromSeconds(10);

    private readonly Lock _gate = new();
    private readonly Dictionary<IPAddress, LinkedListNode<Entry>> _entries = [];
    private readonly LinkedList<Entry> _quietFirst = [];
    private readonly long _start = time.GetTimestamp();
    private int _held;

    /// <summary>How many addresses are remembered now.</summary>
    public int Count
    {
        get
        {
            lock (_gate)
            {
                return _entries.Count;
            }
        }
    }

    /// <summary>Counts wrong secrets, and waits before they may be answered.</summary>
    /// <param name="address">Where they came from; null: not known, which is one address like any other.</param>
    /// <param name="input">The door, as in <see cref="Submission.Input"/>.</param>
    /// <param name="guesses">How many there were; at least 1.</param>
    /// <param name="cancellationToken">Ends the wait early, without an exception.</param>
    /// <returns>False when nothing was waited for, since too much is held back already: then the connection is to be closed.</returns>
    public async Task<bool> HoldAsync(IPAddress? address, string input, int guesses, CancellationToken cancellationToken)
    {
        Entry entry;
        TimeSpan hold;
        lock (_gate)
        {
            entry = Touch(Network(address));
            hold = Hold(entry, guesses);
            if (hold == TimeSpan.Zero)
            {
                return true;
            }

            counters.Held(input);
            if (entry.Held >= MaxHeld || _held >= MaxHeldOfAll)
            {
                return false;
            }

            entry.Held++;
            _held++;
        }

        await Task.Delay(hold, time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        lock (_gate)
        {
            entry.Held--;
            _held--;
        }

        return true;
    }

    /// <summary>Who has one address of IPv6 has 2^64 of them.</summary>
    private static IPAddress Network(IPAddress? address)
    {
        if (address is null)
        {
            return IPAddress.None;
        }

        if (address.IsIPv4MappedToIPv6)
        {
            return address.MapToIPv4();
        }

        if (address.AddressFamily != AddressFamily.InterNetworkV6 || IPAddress.IsLoopback(address))
        {
            return address;
        }

        var bytes = address.GetAddressBytes();
        bytes.AsSpan(bytes.Length / 2).Clear();
        return new IPAddress(bytes);
    }

    private Entry Touch(IPAddress address)
    {
        if (_entries.TryGetValue(address, out var node))
        {
            _quietFirst.Remove(node);
        }
        else
        {
            if (_entries.Count >= MaxAddresses)
            {
                _entries.Remove(_quietFirst.First!.Value.Address);
                _quietFirst.RemoveFirst();
            }

            _entries[address] = node = new LinkedListNode<Entry>(new Entry(address));
        }

        _quietFirst.AddLast(node);
        return node.Value;
    }

    private TimeSpan Hold(Entry entry, int guesses)
    {
        var now = time.GetElapsedTime(_start);
        entry.Failures = Math.Min(MaxFailures, Math.Max(0, entry.Failures - ((now - entry.At) / Forgiven)) + guesses);
        entry.At = now;
        var beyond = entry.Failures - Free;
        if (beyond <= 0)
        {
            return TimeSpan.Zero;
        }

        var each = Math.Min(LongestSeconds, FirstSeconds * Math.Pow(2, Math.Min(beyond, 30)));
        var hold = TimeSpan.FromSeconds(each * Math.Min(guesses, Math.Ceiling(beyond)));
        return hold < LongestHold ? hold : LongestHold;
    }

    private sealed class Entry(IPAddress address)
    {
        public IPAddress Address { get; } = address;

        /// <summary>Those that are not forgiven, as of <see cref="At"/>.</summary>
        public double Failures { get; set; }

        public TimeSpan At { get; set; }

        /// <summary>How many answers wait.</summary>
        public int Held { get; set; }
    }
}
