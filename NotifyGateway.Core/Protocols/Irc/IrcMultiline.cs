using System.Buffers;
using System.Globalization;
using System.Text;
using NotifyGateway.Core.Formatting;

namespace NotifyGateway.Core.Protocols.Irc;

/// <summary>
/// IRCv3 draft/multiline: a delivery of several lines as one message, in a batch of ours. Nothing else may be sent while such a batch is open, so it goes out
/// whole or not at all. The draft knows only PRIVMSG in it.
/// </summary>
internal sealed class IrcMultiline(IrcState state)
{
    public const string Capability = "draft/multiline";

    /// <summary>The lines that open and close a batch.</summary>
    public const int FrameLines = 2;

    /// <summary>What the tags add to a line, about.</summary>
    private const int TagBytes = 36;

    /// <summary>The most that is sent as one: servers that end a connection for what waits there keep 8,000 bytes and more, where they know of batches.</summary>
    private const int MostBytes = 6000;

    private readonly List<LineJoint> _joints = [];
    private int _maxBytes;
    private int _maxLines;
    private bool _stopped;
    private long _references;

    /// <summary>Whether messages of several lines may go as one.</summary>
    public bool Enabled => _maxBytes > 0 && !_stopped;

    /// <summary>Capabilities have changed.</summary>
    public void OnCapabilities(IrcCapabilities capabilities)
    {
        _maxBytes = 0;
        _maxLines = int.MaxValue;
        if (capabilities.Has(Capability) && capabilities.Has("batch") && capabilities.Has("message-tags") && string.Equals(state.Options.Command, "PRIVMSG", StringComparison.OrdinalIgnoreCase))
        {
            Read(capabilities.Offered(Capability) ?? "");
        }
    }

    /// <summary>The server has refused a batch that keeps to its limits: this connection makes no more.</summary>
    public void Stop() => _stopped = true;

    /// <summary>For the next delivery: where to note how its lines belong together; null: nobody wants to know.</summary>
    public List<LineJoint>? NewJoints()
    {
        _joints.Clear();
        return Enabled ? _joints : null;
    }

    /// <summary>Whether the delivery that was formatted last goes as one message.</summary>
    /// <param name="held">Its lines.</param>
    public bool Takes(ReadOnlySpan<byte> held, int lines)
    {
        if (!Enabled || lines < 2 || lines > _maxLines || _joints.Count != lines || BytesOf(held, lines) > MostBytes)
        {
            return false;
        }

        // What the lines say, with a newline or a space between two of them.
        var between = _joints.Skip(1).Count(j => j != LineJoint.Inside);
        return held.Length - (lines * (TextAt(held) + "\r\n".Length)) + between <= _maxBytes;
    }

    /// <summary>The bytes that these lines take as one message, about.</summary>
    public static int BytesOf(ReadOnlySpan<byte> held, int lines) => held.Length + ((lines + FrameLines) * TagBytes);

    /// <summary>Writes them as one message. A label before it is that of the whole.</summary>
    /// <returns>The batch's reference.</returns>
    public string Write(IBufferWriter<byte> output, ReadOnlySpan<byte> held)
    {
        // A letter first: no error's number is taken for it.
        var reference = string.Create(CultureInfo.InvariantCulture, $"m{++_references}");
        var name = held["PRIVMSG ".Length..(TextAt(held) - " :".Length)];
        Encoding.UTF8.GetBytes($"BATCH +{reference} {Capability} ", output);
        output.Write(name);
        output.Write("\r\n"u8);
        for (var i = 0; i < _joints.Count; i++)
        {
            var end = held.IndexOf((byte)'\n') + 1;
            Encoding.UTF8.GetBytes($"@batch={reference}{(i > 0 && _joints[i] != LineJoint.Break ? ";draft/multiline-concat" : "")} ", output);
            output.Write(held[..(end - "\r\n".Length)]);
            // The space between two words stays at the end of the line, where those who see lines do not mind it.
            output.Write(i + 1 < _joints.Count && _joints[i + 1] == LineJoint.Space ? " \r\n"u8 : "\r\n"u8);
            held = held[end..];
        }

        Encoding.UTF8.GetBytes($"BATCH -{reference}\r\n", output);
        return reference;
    }

    private static int TextAt(ReadOnlySpan<byte> held) => held.IndexOf(" :"u8) + " :".Length;

    /// <summary><c>max-bytes=N[,max-lines=N]</c>; without the first, or with what is no number, it is not used.</summary>
    private void Read(string value)
    {
        foreach (var token in value.Split(','))
        {
            var (key, number) = token.Split('=', 2) is [var left, var right] ? (left, right) : (token, "");
            var limit = int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var parsed) ? parsed : 0;
            switch (key)
            {
                case "max-bytes":
                    _maxBytes = limit;
                    break;
                case "max-lines":
                    _maxLines = limit;
                    break;
            }
        }
    }
}
