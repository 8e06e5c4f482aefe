using System.Buffers;
using System.Text;

namespace NotifyGateway.Core.Protocols.Irc;

/// <summary>Writes lines. The one guard of the way out: CR, LF and NUL never enter a line, a space only its last parameter.</summary>
public static class IrcLine
{
    private const int MaxLength = 512;

    private static readonly SearchValues<char> Breaking = SearchValues.Create("\r\n\0");

    /// <summary>Writes <c>VERB p1 p2 :last\r\n</c>. The last parameter gets a colon only where it needs one.</summary>
    /// <exception cref="ArgumentException">A parameter would end the line or begin another parameter.</exception>
    public static void Write(IBufferWriter<byte> output, string verb, params ReadOnlySpan<string> parameters)
    {
        var line = new StringBuilder(verb, 128);
        for (var i = 0; i < parameters.Length; i++)
        {
            var parameter = parameters[i];
            var last = i == parameters.Length - 1;
            var trailing = parameter.Length == 0 || parameter[0] == ':' || parameter.Contains(' ', StringComparison.Ordinal);
            if (parameter.AsSpan().ContainsAny(Breaking) || (trailing && !last))
            {
                throw new ArgumentException($"Parameter {i + 1} of {verb} cannot be sent: it holds a space, a line end or nothing.", nameof(parameters));
            }

            line.Append(trailing ? " :" : " ").Append(parameter);
        }

        Write(output, line);
    }

    /// <summary>Writes a line that a user has configured, as it is.</summary>
    /// <exception cref="ArgumentException">It holds a line end.</exception>
    public static void WriteRaw(IBufferWriter<byte> output, string line)
    {
        if (line.AsSpan().ContainsAny(Breaking))
        {
            throw new ArgumentException("A raw line holds a line end.", nameof(line));
        }

        Write(output, new StringBuilder(line, line.Length + 2));
    }

    /// <summary>
    /// Answers with what the other side has sent, byte for byte, since it may compare: without what would end the line, and no longer
    /// than the 512 bytes of RFC 1459.
    /// </summary>
    public static void WriteEcho(IBufferWriter<byte> output, ReadOnlySpan<byte> verb, ReadOnlySpan<byte> parameters)
    {
        Span<byte> line = stackalloc byte[MaxLength];
        verb.CopyTo(line);
        var length = verb.Length;
        if (!parameters.IsEmpty)
        {
            line[length++] = (byte)' ';
        }

        foreach (var b in parameters)
        {
            if (length == MaxLength - 2)
            {
                break;
            }

            if (b is not ((byte)'\r' or (byte)'\n' or 0))
            {
                line[length++] = b;
            }
        }

        "\r\n"u8.CopyTo(line[length..]);
        output.Write(line[..(length + 2)]);
    }

    /// <summary>The bytes of <c>VERB p</c> and the end of the line.</summary>
    public static int Length(string verb, string parameter) => Encoding.UTF8.GetByteCount(verb) + " ".Length + Encoding.UTF8.GetByteCount(parameter) + "\r\n".Length;

    /// <summary>Whether a name can stand as a parameter before others.</summary>
    public static bool IsWord(string name) => name.Length > 0 && name[0] != ':' && name.AsSpan().IndexOfAny(' ', '\r', '\n') < 0 && !name.Contains('\0', StringComparison.Ordinal);

    private static void Write(IBufferWriter<byte> output, StringBuilder line)
    {
        line.Append("\r\n");
        Encoding.UTF8.GetBytes(line.ToString(), output);
    }
}
