using System.Buffers.Text;
using System.Globalization;
using System.Text;

namespace NotifyGateway.Core.Protocols.Irc;

/// <summary>What the parts of one IRC connection share: its options, what the server has said of itself and of us, and the way out.</summary>
internal sealed class IrcState(IrcClientOptions options, ProtocolOutput output)
{
    // Where the server has not shown our prefix yet: the longest ident (10, and "~") and host (63) that servers relay.
    private const int LongestIdent = 11;
    private const int LongestHost = 63;

    private string? _user;
    private string? _host;

    public IrcClientOptions Options { get; private set; } = options;

    public ProtocolOutput Output { get; } = output;

    public Isupport Isupport { get; } = new();

    /// <summary>Bounds the rate of everything that is said to people.</summary>
    public IrcPace Pace { get; } = new(options.Floods.Burst(options.Burst), options.Floods.LinesPerSecond(options.LinesPerSecond));

    /// <summary>Our nick, as the server has it.</summary>
    public string? Nick { get; set; }

    /// <summary>The nick that we want, as this server would have it: known from its welcome on.</summary>
    public string? WantedNick { get; set; }

    public bool HasWantedNick => WantedNick is null || IsUs(WantedNick);

    /// <summary>Whether the network knows us by our account (SASL, services).</summary>
    public bool LoggedIn { get; set; }

    /// <summary>What nobody but the server may see.</summary>
    public IrcSecrets Secrets { get; } = new([options.Password, options.Sasl?.Password, options.NickServ?.Password, .. options.OnConnect.SelectMany(IrcConnectSecrets.Of)]);

    /// <summary>True from the end of login to the end of the connection.</summary>
    public bool Online { get; set; }

    /// <summary>True from QUIT on: nothing is written any more, but the server's last words about what was sent count.</summary>
    public bool Quitting { get; private set; }

    /// <summary>True from <see cref="End"/> on: nothing counts any more.</summary>
    public bool Ended { get; private set; }

    /// <summary>The bytes that the server puts before what it relays from us: <c>:nick!user@host </c>.</summary>
    public int PrefixBytes => 4
        + Encoding.UTF8.GetByteCount(Nick ?? Options.Nick)
        + (_user is null ? Math.Max(LongestIdent, Encoding.UTF8.GetByteCount(Options.User) + 1) : Encoding.UTF8.GetByteCount(_user))
        + (_host is null ? LongestHost : Encoding.UTF8.GetByteCount(_host));

    /// <summary>The number of the barrier that comes next: everything sent until then is proved by its PONG.</summary>
    public long NextBarrier { get; private set; }

    private bool Mute => Ended || Quitting;

    /// <summary>Goes on with other options. What was said at login stays as it was said.</summary>
    public void Change(IrcClientOptions other, TimeSpan now)
    {
        Options = other;
        Pace.Change(other.Floods.Burst(other.Burst), other.Floods.LinesPerSecond(other.LinesPerSecond), now);
    }

    /// <summary>Asks the server for a PONG. It handles our lines in order, so its answer proves that it has processed all before.</summary>
    public long SendBarrier()
    {
        if (!Mute)
        {
            var span = Output.Bytes.GetSpan(32);
            "PING "u8.CopyTo(span);
            Utf8Formatter.TryFormat(NextBarrier, span[5..], out var digits);
            "\r\n"u8.CopyTo(span[(5 + digits)..]);
            Output.Bytes.Advance(7 + digits);
        }

        return NextBarrier++;
    }

    /// <summary>Reads a PONG's token. False if we never sent it: it may be anybody's, and must prove nothing.</summary>
    public bool IsBarrier(ReadOnlySpan<byte> token, out long barrier) =>
        Utf8Parser.TryParse(token, out barrier, out var used) && used == token.Length && token[0] is >= (byte)'0' and <= (byte)'9' && barrier < NextBarrier;

    public void Send(string verb, params ReadOnlySpan<string> parameters)
    {
        if (!Mute)
        {
            IrcLine.Write(Output.Bytes, verb, parameters);
        }
    }

    public void Raise(ProtocolEvent happened) => Output.Events.Add(happened);

    public void Quit(string reason)
    {
        Send("QUIT", reason);
        Quitting = true;
    }

    /// <summary>The connection has to end; the first reason counts.</summary>
    public void End(string reason, CloseKind kind)
    {
        if (!Ended)
        {
            Ended = true;
            Raise(new ProtocolEvent.Ended(reason, kind));
        }
    }

    public bool IsUs(string nick) => Nick is not null && Isupport.CaseMapping.Same(nick, Nick);

    /// <summary>Learns our own prefix as the server shows it to others.</summary>
    public void Learn(string? user, string? host)
    {
        _user = string.IsNullOrEmpty(user) ? _user : user;
        _host = string.IsNullOrEmpty(host) ? _host : host;
    }

    /// <summary>A numeric's reason as users see it: the number and the server's words.</summary>
    public static string Reason(in IrcMessage message) =>
        string.Create(CultureInfo.InvariantCulture, $"{message.Numeric:D3} {Words(message.Last)}").TrimEnd();

    /// <summary>What happened, and why, if somebody gave a reason.</summary>
    public static string Because(string what, ReadOnlySpan<byte> why) => Words(why) is { Length: > 0 } words ? $"{what}: {words}" : what;

    /// <summary>What a server says to people, fit to be shown: without format codes and other control characters.</summary>
    public static string Words(ReadOnlySpan<byte> bytes)
    {
        var words = IrcMessage.Decode(bytes);
        return words.Any(char.IsControl) ? string.Concat(words.Where(c => !char.IsControl(c))) : words;
    }
}
