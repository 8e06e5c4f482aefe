namespace NotifyGateway.Core.Protocols.Irc;

/// <summary>What the parts of one IRC connection share: its options, what the server has said of itself and of us, and the way out.</summary>
internal sealed class IrcState(IrcClientOptions options, ProtocolOutput output)
{
    // Where the server has not shown our prefix yet: the longest ident (10, and "~") and host (63) that servers relay.
    private const int LongestIdent = 11;
    private const int LongestHost = 63;

    private long _barrier;

    public IrcClientOptions Options { get; } = options;

    public ProtocolOutput Output { get; } = output;

    public Isupport Isupport { get; } = new();

    /// <summary>Our nick, as the server has it.</summary>
    public string? Nick { get; set; }

    public string? User { get; set; }

    public string? Host { get; set; }

    /// <summary>True from the end of login to the end of the connection.</summary>
    public bool Online { get; set; }

    /// <summary>The bytes that the server puts before what it relays from us: <c>:nick!user@host </c>.</summary>
    public int PrefixBytes => 4
        + System.Text.Encoding.UTF8.GetByteCount(Nick ?? Options.Nick)
        + (User is null ? LongestIdent : System.Text.Encoding.UTF8.GetByteCount(User))
        + (Host is null ? LongestHost : System.Text.Encoding.UTF8.GetByteCount(Host));

    /// <summary>The number of the barrier that comes next: everything sent until then is proved by its PONG.</summary>
    public long NextBarrier => _barrier;

    /// <summary>Asks the server for a PONG. It handles our lines in order, so its answer proves that it has processed all before.</summary>
    public long SendBarrier()
    {
        var span = Output.Bytes.GetSpan(32);
        "PING "u8.CopyTo(span);
        System.Buffers.Text.Utf8Formatter.TryFormat(_barrier, span[5..], out var digits);
        "\r\n"u8.CopyTo(span[(5 + digits)..]);
        Output.Bytes.Advance(7 + digits);
        return _barrier++;
    }

    public void Send(string verb, params ReadOnlySpan<string> parameters) => IrcLine.Write(Output.Bytes, verb, parameters);

    public void Raise(ProtocolEvent happened) => Output.Events.Add(happened);

    public bool IsUs(string nick) => Nick is not null && Isupport.CaseMapping.Same(nick, Nick);

    /// <summary>Learns our own prefix from a line that the server relays as ours.</summary>
    public void Learn(IrcSource source)
    {
        User = source.User ?? User;
        Host = source.Host ?? Host;
    }

    /// <summary>A numeric's reason as users see it: the number and the server's words.</summary>
    public static string Reason(in IrcMessage message) =>
        string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{message.Numeric:D3} {message.Text(message.Count - 1)}");
}
