using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Unicode;

namespace NotifyGateway.Core.Protocols.Irc;

/// <summary>
/// One line of the protocol, parsed in place: <c>[@tags] [:source] command params</c> (RFC 1459 section 2.3.1, IRCv3
/// message tags). Several spaces separate like one. Allocates only what is asked for as text.
/// </summary>
public readonly ref struct IrcMessage
{
    private const int MaxParameters = 15;

    private readonly ReadOnlySpan<byte> _line;
    private readonly Ranges _parameters;

    private IrcMessage(
        ReadOnlySpan<byte> line, ReadOnlySpan<byte> tags, ReadOnlySpan<byte> source, ReadOnlySpan<byte> command, ReadOnlySpan<byte> rest, Ranges parameters, int count)
    {
        _line = line;
        Rest = rest;
        Tags = tags;
        Source = source;
        Command = command;
        _parameters = parameters;
        Count = count;
    }

    /// <summary>The raw tags without <c>@</c>; see <see cref="IrcTags"/>.</summary>
    public ReadOnlySpan<byte> Tags { get; }

    /// <summary>Who sent it, without the colon; empty when the line has none. See <see cref="IrcSource"/>.</summary>
    public ReadOnlySpan<byte> Source { get; }

    /// <summary>The verb or the three digits, as received.</summary>
    public ReadOnlySpan<byte> Command { get; }

    /// <summary>All parameters as received, with their colon and spaces.</summary>
    public ReadOnlySpan<byte> Rest { get; }

    /// <summary>The number of parameters, at most 15.</summary>
    public int Count { get; }

    /// <summary>A parameter's bytes; empty beyond the last one.</summary>
    public ReadOnlySpan<byte> this[int index] => (uint)index < (uint)Count ? _line.Slice(_parameters[index].Start, _parameters[index].Length) : default;

    /// <summary>The last parameter's bytes.</summary>
    public ReadOnlySpan<byte> Last => this[Count - 1];

    /// <summary>The reply's number, or 0 for a verb.</summary>
    public int Numeric
    {
        get
        {
            var command = Command;
            return command.Length == 3 && char.IsAsciiDigit((char)command[0]) && char.IsAsciiDigit((char)command[1]) && char.IsAsciiDigit((char)command[2])
                ? ((command[0] - '0') * 100) + ((command[1] - '0') * 10) + (command[2] - '0')
                : 0;
        }
    }

    /// <summary>Whether the verb is this one, in any case.</summary>
    public bool Is(ReadOnlySpan<byte> verb) => Ascii.EqualsIgnoreCase(Command, verb);

    /// <summary>A parameter as text; empty beyond the last one.</summary>
    public string Text(int index) => Decode(this[index]);

    /// <summary>Bytes of the wire as text: UTF-8 where it is valid, else Latin-1, so that nothing a server says can fail.</summary>
    public static string Decode(ReadOnlySpan<byte> bytes) => Utf8.IsValid(bytes) ? Encoding.UTF8.GetString(bytes) : Encoding.Latin1.GetString(bytes);

    /// <summary>Parses a line without its end. False when it has no command, or more than 65,535 bytes.</summary>
    public static bool TryParse(ReadOnlySpan<byte> line, out IrcMessage message)
    {
        message = default;
        var at = 0;
        var tags = Prefixed(line, (byte)'@', ref at);
        var source = Prefixed(line, (byte)':', ref at);
        var command = Word(line, ref at);
        if (command.IsEmpty || line.Length > ushort.MaxValue)
        {
            return false;
        }

        SkipSpaces(line, ref at);
        var rest = line[at..];

        var parameters = default(Ranges);
        var count = 0;
        while (count < MaxParameters)
        {
            SkipSpaces(line, ref at);
            if (at >= line.Length)
            {
                break;
            }

            var start = at;
            if (line[at] == (byte)':' || count == MaxParameters - 1)
            {
                start += line[at] == (byte)':' ? 1 : 0;
                at = line.Length;
            }
            else
            {
                _ = Word(line, ref at);
            }

            parameters[count++] = new Range16((ushort)start, (ushort)(at - start));
        }

        message = new IrcMessage(line, tags, source, command, rest, parameters, count);
        return true;
    }

    private static ReadOnlySpan<byte> Prefixed(ReadOnlySpan<byte> line, byte mark, scoped ref int at)
    {
        SkipSpaces(line, ref at);
        if (at >= line.Length || line[at] != mark)
        {
            return default;
        }

        at++;
        return Upto(line, ref at);
    }

    private static ReadOnlySpan<byte> Word(ReadOnlySpan<byte> line, scoped ref int at)
    {
        SkipSpaces(line, ref at);
        return Upto(line, ref at);
    }

    /// <summary>Up to the next space; nothing if that is here: a mark alone is an empty prefix.</summary>
    private static ReadOnlySpan<byte> Upto(ReadOnlySpan<byte> line, scoped ref int at)
    {
        var rest = line[at..];
        var length = rest.IndexOf((byte)' ');
        length = length < 0 ? rest.Length : length;
        at += length;
        return rest[..length];
    }

    private static void SkipSpaces(ReadOnlySpan<byte> line, scoped ref int at)
    {
        while (at < line.Length && line[at] == (byte)' ')
        {
            at++;
        }
    }

    private readonly record struct Range16(ushort Start, ushort Length);

    [InlineArray(MaxParameters)]
    private struct Ranges
    {
        private Range16 _first;
    }
}
