using System.Buffers;
using System.Globalization;
using System.Text;
using NotifyGateway.Core.Protocols.Irc;

namespace NotifyGateway.Core.Sessions;

/// <summary>
/// Turns the bytes of one connection into lines of a traffic log, in irkerd's form: seconds since 1970 with six decimals, the server's own name,
/// the line. Belongs to the connection's task.
/// </summary>
internal sealed class TrafficTap
{
    private const int LongestServerName = 64;

    /// <summary>A shorter secret is masked only where it stands alone: it would be found in half of all words.</summary>
    private const int ShortestInside = 4;

    private static readonly SearchValues<byte> NameBytes = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789.-_/"u8);

    private readonly TrafficFile _file;
    private readonly TimeProvider _time;
    private readonly TrafficSettings _settings;
    private readonly IrcFramer _framer = new();
    private readonly IrcFramer.LineHandler _onLine;
    private byte[] _server;
    private bool _serverIsKnown;

    /// <param name="file">Where the lines go.</param>
    /// <param name="host">Stands for the server until it has said its name.</param>
    /// <param name="settings">What is masked in them.</param>
    /// <param name="time">The clock.</param>
    public TrafficTap(TrafficFile file, string host, TrafficSettings settings, TimeProvider time)
    {
        _file = file;
        _time = time;
        _server = Encoding.UTF8.GetBytes(host);
        _settings = settings;
        _onLine = OnLine;
    }

    /// <summary>Bytes as they come. Never waits.</summary>
    public void Feed(ReadOnlySpan<byte> bytes)
    {
        var overlong = _framer.Overlong;
        _framer.Feed(bytes, _onLine);
        _file.Lose(_framer.Overlong - overlong);
    }

    private void OnLine(ReadOnlySpan<byte> line)
    {
        var command = Command(line, out var prefix);
        if (!_serverIsKnown && !prefix.IsEmpty)
        {
            // As irkerd: the first source that is named is the server itself.
            _serverIsKnown = true;
            var isName = prefix.Length <= LongestServerName && prefix.IndexOfAnyExcept(NameBytes) < 0 && FirstSecret(prefix).Length == 0;
            _server = isName ? prefix.ToArray() : _server;
        }

        var record = new ArrayBufferWriter<byte>(line.Length + 96);
        record.Write(Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{(_time.GetUtcNow() - DateTimeOffset.UnixEpoch).Ticks / 10 / 1e6m:0.000000}|")));
        record.Write(_server);
        record.Write("|"u8);
        WriteMasked(record, line, command);
        record.Write("\n"u8);
        _file.Append(record.WrittenSpan.ToArray());
    }

    private void WriteMasked(ArrayBufferWriter<byte> record, ReadOnlySpan<byte> line, int command)
    {
        // Half of a login: a challenge, or our own words repeated.
        var login = "AUTHENTICATE "u8;
        var rest = line[command..];
        if (rest.Length > login.Length && Ascii.EqualsIgnoreCase(rest[..login.Length], login))
        {
            WriteMasked(record, line[..(command + login.Length)]);
            record.Write(rest[login.Length..] is [(byte)'+'] ? "+"u8 : "***"u8);
            return;
        }

        WriteMasked(record, line);
    }

    private void WriteMasked(ArrayBufferWriter<byte> record, ReadOnlySpan<byte> line)
    {
        while (!line.IsEmpty)
        {
            var (at, length) = FirstSecret(line);
            record.Write(line[..at]);
            record.Write(length > 0 ? "***"u8 : default);
            line = line[(at + length)..];
        }
    }

    /// <summary>Where the first secret stands, the longest of those that begin there; else the line's end.</summary>
    private (int At, int Length) FirstSecret(ReadOnlySpan<byte> line)
    {
        var (first, length) = (line.Length, 0);
        foreach (var secret in _settings.Secrets)
        {
            for (var at = 0; line[at..].IndexOf(secret) is var found and >= 0; at++)
            {
                at += found;
                if (at < first && (secret.Length >= ShortestInside || StandsAlone(line, at, secret.Length)))
                {
                    (first, length) = (at, secret.Length);
                    break;
                }
            }
        }

        return (first, length);
    }

    private static bool StandsAlone(ReadOnlySpan<byte> line, int at, int length) =>
        (at == 0 || line[at - 1] is (byte)' ' or (byte)':') && (at + length == line.Length || line[at + length] == (byte)' ');

    /// <summary>Where the command begins, behind tags and prefix.</summary>
    private static int Command(ReadOnlySpan<byte> line, out ReadOnlySpan<byte> prefix)
    {
        prefix = default;
        var at = line[0] == (byte)'@' ? Next(line, 0) : 0;
        if (at < line.Length && line[at] == (byte)':')
        {
            var next = Next(line, at);
            prefix = line[(at + 1)..next].TrimEnd((byte)' ');
            at = next;
        }

        return at;
    }

    private static int Next(ReadOnlySpan<byte> line, int at)
    {
        var space = line[at..].IndexOf((byte)' ');
        if (space < 0)
        {
            return line.Length;
        }

        var word = line[(at + space)..].IndexOfAnyExcept((byte)' ');
        return word < 0 ? line.Length : at + space + word;
    }
}
