using System.Buffers.Text;
using System.Net.Sockets;
using System.Text;

namespace NotifyGateway.Bench.Sink;

/// <summary>One client of the sink: answers the little IRC that a relay needs, and counts its messages without copying a byte.</summary>
internal sealed class SinkConnection(Socket socket, bool mute)
{
    private readonly List<Channel> _channels = [];
    private readonly StringBuilder _answer = new();
    private byte[] _rest = [];
    private Channel? _latest;
    private string _nick = "*";
    private bool _hasUser;
    private bool _negotiating;
    private bool _leaves;
    private int _strays;
    private int _unjoined;

    public Socket Socket => socket;

    /// <summary>Whether this client gets no answers.</summary>
    public bool IsMute => mute;

    /// <summary>Whether the client is past its login.</summary>
    public bool Registered { get; private set; }

    public int TakeStrays() => Interlocked.Exchange(ref _strays, 0);

    public int TakeUnjoined() => Interlocked.Exchange(ref _unjoined, 0);

    /// <summary>Puts the unfinished line of the last read at the start of the buffer; answers its length.</summary>
    public int Restore(Span<byte> buffer)
    {
        _rest.CopyTo(buffer);
        return _rest.Length;
    }

    /// <summary>Handles what was read.</summary>
    /// <returns>False when the connection is at its end.</returns>
    public bool Consume(ReadOnlySpan<byte> bytes, Batch? batch, long now)
    {
        while (bytes.IndexOf((byte)'\n') is var end and >= 0)
        {
            var line = bytes[..end];
            bytes = bytes[(end + 1)..];
            if (!line.IsEmpty && line[^1] == '\r')
            {
                line = line[..^1];
            }

            if (line.StartsWith("PRIVMSG "u8))
            {
                Message(line["PRIVMSG ".Length..], batch, now);
            }
            else if (!mute)
            {
                Command(Encoding.UTF8.GetString(line));
            }
        }

        _rest = bytes.IsEmpty ? [] : bytes.ToArray();
        return Answer() && !_leaves;
    }

    private bool Answer()
    {
        if (_answer.Length == 0)
        {
            return true;
        }

        var bytes = Encoding.UTF8.GetBytes(_answer.ToString());
        _answer.Clear();
        socket.Send(bytes, SocketFlags.None, out var error);
        return error == SocketError.Success;
    }

    /// <summary>Reads <c>#channel :batch.number filler</c>.</summary>
    private void Message(ReadOnlySpan<byte> line, Batch? batch, long now)
    {
        var space = line.IndexOf((byte)' ');
        var channel = space < 0 ? null : Find(line[..space]);
        if (channel is null)
        {
            _unjoined++;
            return;
        }

        var text = line[(space + 1)..];
        text = text.StartsWith((byte)':') ? text[1..] : text;
        if (batch is null
            || !Utf8Parser.TryParse(text, out int id, out var digits) || id != batch.Id
            || digits >= text.Length || text[digits] != '.'
            || !Utf8Parser.TryParse(text[(digits + 1)..], out int number, out _))
        {
            _strays++;
            return;
        }

        if (channel.Batch != id)
        {
            channel.Batch = id;
            channel.Highest = -1;
        }

        batch.Arrive(number, now, ref channel.Highest);
    }

    private Channel? Find(ReadOnlySpan<byte> name)
    {
        if (_latest is not null && name.SequenceEqual(_latest.Name))
        {
            return _latest;
        }

        foreach (var channel in _channels)
        {
            if (name.SequenceEqual(channel.Name))
            {
                return _latest = channel;
            }
        }

        return null;
    }

    private void Command(string line)
    {
        var words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (words.Length == 0)
        {
            return;
        }

        var parameter = words.Length > 1 ? words[1].TrimStart(':') : "";
        switch (words[0].ToUpperInvariant())
        {
            case "PING":
                Say($"PONG sink :{parameter}");
                break;
            case "CAP":
                Capability(parameter);
                break;
            case "NICK":
                Rename(parameter);
                break;
            case "USER":
                _hasUser = true;
                Welcome();
                break;
            case "JOIN":
                Array.ForEach(parameter.Split(','), Join);
                break;
            case "USERHOST":
                Say($"302 {_nick} :{_nick}=+bench@127.0.0.1");
                break;
            case "QUIT":
                _answer.Append("ERROR :Closing link\r\n");
                _leaves = true;
                break;
            case "PASS" or "PONG" or "MODE" or "PART" or "NOTICE":
                break;
            default:
                Say($"421 {_nick} {words[0]} :Unknown command");
                break;
        }
    }

    private void Capability(string subcommand)
    {
        if (subcommand.Equals("LS", StringComparison.OrdinalIgnoreCase))
        {
            _negotiating = !Registered;
            Say("CAP * LS :");
        }
        else if (subcommand.Equals("END", StringComparison.OrdinalIgnoreCase))
        {
            _negotiating = false;
            Welcome();
        }
        else
        {
            Say($"CAP * {(subcommand.Equals("REQ", StringComparison.OrdinalIgnoreCase) ? "NAK" : "LIST")} :");
        }
    }

    private void Rename(string nick)
    {
        if (Registered)
        {
            _answer.Append($":{_nick}!bench@127.0.0.1 NICK {nick}\r\n");
        }

        _nick = nick;
        Welcome();
    }

    private void Welcome()
    {
        if (Registered || _negotiating || !_hasUser || string.Equals(_nick, "*", StringComparison.Ordinal))
        {
            return;
        }

        Registered = true;
        Say($"001 {_nick} :Welcome to the sink {_nick}!bench@127.0.0.1");
        Say($"002 {_nick} :Your host is sink");
        Say($"003 {_nick} :This server was created for a benchmark");
        Say($"004 {_nick} sink 1 i nt");
        Say($"005 {_nick} CHANTYPES=# CHANLIMIT=#:10000 CASEMAPPING=ascii NICKLEN=30 CHANNELLEN=64 NETWORK=Sink :are supported by this server");
        Say($"376 {_nick} :End of /MOTD command.");
    }

    private void Join(string channel)
    {
        _channels.Add(new Channel(Encoding.UTF8.GetBytes(channel)));
        _answer.Append($":{_nick}!bench@127.0.0.1 JOIN {channel}\r\n");
        Say($"353 {_nick} = {channel} :{_nick}");
        Say($"366 {_nick} {channel} :End of /NAMES list.");
    }

    private void Say(string line) => _answer.Append(":sink ").Append(line).Append("\r\n");

    private sealed class Channel(byte[] name)
    {
        public byte[] Name => name;

        /// <summary>The batch that <see cref="Highest"/> belongs to.</summary>
        public int Batch;

        /// <summary>The highest number seen; -1 before the first.</summary>
        public int Highest = -1;
    }
}
