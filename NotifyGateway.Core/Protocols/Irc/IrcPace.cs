namespace NotifyGateway.Core.Protocols.Irc;

/// <summary>
/// How much may be on the wire and not yet processed by the server. Servers that bound the rate of a client either process its lines late, and end the
/// connection when too much waits there, or end it when it is too fast. So only as much is sent ahead as any of them keeps, until one has shown that it does
/// not slow us down: then an eighth of what it has taken beyond the rate that all allow. It grows by an eighth a round trip, which is a matter of
/// milliseconds near by, and is back at the start with the first answer that comes late.
/// </summary>
/// <remarks>
/// Known bounds, at their defaults. On what waits: ircd-irc2 1,000 bytes (CLIENT_FLOOD), ircd-hybrid 2,560 bytes (recvq), Solanum 20 lines (client_flood_max_lines), InspIRCd and
/// UnrealIRCd 8,000 bytes. On what is taken at once before the rate counts: 5 to 45 lines; then one or two a second. So whoever takes X lines at once and
/// then stops has at most X/8 more to keep.
/// </remarks>
internal sealed class IrcPace(int burst, double perSecond)
{
    /// <summary>Lines, our PING among them, that every server keeps.</summary>
    public const int SafeLines = 8;

    /// <summary>The same in bytes. One line, even a longer one, goes out alone.</summary>
    public const int SafeBytes = 800;

    /// <summary>What a further line of the window may take on average; the messages of monitoring are shorter.</summary>
    private const int BytesPerLine = 200;

    private const int Share = 8;

    /// <summary>The rate that every server allows for ever.</summary>
    private const double AllowedPerSecond = 2;

    /// <summary>A barrier's own line: <c>PING n</c>.</summary>
    private const int BarrierBytes = 14;

    /// <summary>More than any window needs; bounds what a stall may leave on the wire.</summary>
    private const double MostTolerated = Share * 4096.0;

    /// <summary>
    /// An answer that takes longer means that lines wait at the server: those that throttle look at a client once a second. A link whose round trip alone is so
    /// long never gets faster than the safe window a round trip.
    /// </summary>
    private static readonly TimeSpan Late = TimeSpan.FromMilliseconds(500);

    private readonly TokenBucket _bucket = new(burst, perSecond);
    private readonly Queue<Mark> _marks = new();
    private double _perSecond = perSecond;
    private long _lines;
    private long _bytes;
    private Mark _proved;
    private double _excess;
    private double _tolerated;
    private TimeSpan _measuredAt;

    /// <summary>Lines that may be on the wire and not proved, barriers included.</summary>
    public int Lines => Math.Max(SafeLines, (int)(_tolerated / Share));

    /// <summary>Something was sent since the last barrier: only another one can tell when it is processed.</summary>
    public bool Unmarked { get; private set; }

    /// <summary>True since a line did not fit into the window: only an answer of the server makes room.</summary>
    public bool Blocked { get; private set; }

    /// <summary>Whether the window has room for a line.</summary>
    public bool HasRoom => Fits(1, 0);

    /// <summary>When the rate lets the next line go.</summary>
    public TimeSpan NextAt => _bucket.NextAt;

    private int Bytes => SafeBytes + ((Lines - SafeLines) * BytesPerLine);

    /// <summary>Whether so much may go out at once, without asking for each line; to be counted by <see cref="OnSent"/>.</summary>
    public bool IsFree(int lines, int bytes, TimeSpan now)
    {
        CheckAge(now);
        return _perSecond <= 0 && Fits(lines, bytes);
    }

    /// <summary>
    /// Takes the right to send one line, if it may go now; or several that cannot be parted, which a server that offers to take them keeps when nothing
    /// else waits there. The rate counts each.
    /// </summary>
    public bool TryTake(int bytes, TimeSpan now, int lines = 1)
    {
        CheckAge(now);
        Blocked = _lines > _proved.Lines && !Fits(lines, bytes);
        if (Blocked || !_bucket.TryTake(now, lines))
        {
            return false;
        }

        OnSent(lines, bytes);
        return true;
    }

    /// <summary>Counts what is sent.</summary>
    public void OnSent(int lines, int bytes)
    {
        _lines += lines;
        _bytes += bytes;
        Unmarked |= lines > 0;
    }

    /// <summary>A barrier follows what was sent.</summary>
    public void OnBarrier(long barrier, TimeSpan now)
    {
        OnSent(1, BarrierBytes);
        Unmarked = false;
        _marks.Enqueue(new Mark(barrier, now, _lines, _bytes));
    }

    /// <summary>The server has processed all up to this barrier.</summary>
    public void OnPong(long barrier, TimeSpan now)
    {
        var before = _proved.Lines;
        var late = false;
        while (_marks.TryPeek(out var mark) && mark.Barrier <= barrier)
        {
            _proved = _marks.Dequeue();
            late |= now - mark.At >= Late;
        }

        if (late)
        {
            Collapse();
        }
        else
        {
            var allowed = (now - _measuredAt).TotalSeconds * AllowedPerSecond;
            _excess = Math.Max(0, _excess - allowed) + (_proved.Lines - before);
            _tolerated = Math.Min(MostTolerated, Math.Max(_tolerated, _excess));
        }

        _measuredAt = now;
    }

    /// <summary>Another bound from now on. What the server has shown that it takes stays known.</summary>
    public void Change(int burst, double perSecond, TimeSpan now)
    {
        _perSecond = perSecond;
        _bucket.Change(burst, perSecond, now);
    }

    /// <summary>The server slows us down, or says that it does: it has to show anew what it takes.</summary>
    public void Collapse() => _excess = _tolerated = 0;

    private bool Fits(int lines, int bytes)
    {
        var ahead = _lines - _proved.Lines;
        return (ahead == 0 && lines == 1) || (ahead + lines < Lines && _bytes - _proved.Bytes + bytes + BarrierBytes <= Bytes);
    }

    private void CheckAge(TimeSpan now)
    {
        if (_tolerated > 0 && _marks.TryPeek(out var oldest) && now - oldest.At >= Late)
        {
            Collapse();
        }
    }

    /// <summary>What had been sent in all, up to a barrier.</summary>
    private readonly record struct Mark(long Barrier, TimeSpan At, long Lines, long Bytes);
}
