using System.Buffers;
using System.Buffers.Text;

namespace NotifyGateway.Core.Protocols.Irc;

/// <summary>
/// IRCv3 labeled-response: <c>@label=N</c> before a line of ours comes back with everything that the server has to say to it, in one line or in
/// a batch. Labels are numbers that count up; what is no number that we gave is not ours.
/// </summary>
internal sealed class IrcLabels
{
    /// <summary>Batches that a server leaves open are not kept without end.</summary>
    private const int MaxBatches = 64;

    private readonly Dictionary<string, long> _batches = new(StringComparer.Ordinal);

    /// <summary>The last label given; 0: none yet.</summary>
    public long Last { get; private set; }

    /// <summary>Writes the tag of the next line.</summary>
    public void Write(IBufferWriter<byte> output)
    {
        var span = output.GetSpan(32);
        "@label="u8.CopyTo(span);
        Utf8Formatter.TryFormat(++Last, span["@label=".Length..], out var digits);
        span["@label=".Length + digits] = (byte)' ';
        output.Advance("@label= ".Length + digits);
    }

    /// <summary>The label of the line that a message answers, by its own tag or by its batch's; 0: none of ours.</summary>
    public long Of(in IrcMessage message)
    {
        if (message.Tags.IsEmpty)
        {
            return 0;
        }

        return IrcTags.Find(message.Tags, "label"u8) is { } label
            ? Utf8Parser.TryParse(System.Text.Encoding.UTF8.GetBytes(label), out long number, out var used) && used == label.Length && number > 0 && number <= Last ? number : 0
            : IrcTags.Find(message.Tags, "batch"u8) is { } batch ? _batches.GetValueOrDefault(batch) : 0;
    }

    /// <summary>A batch begins. Those of other kinds, and those inside of others, count for the line that they answer.</summary>
    /// <param name="oldest">The oldest label that still matters.</param>
    public void Open(string reference, long label, long oldest)
    {
        if (label == 0 || reference.Length == 0)
        {
            return;
        }

        if (_batches.Count >= MaxBatches)
        {
            foreach (var old in _batches.Where(b => b.Value < oldest).Select(b => b.Key).ToList())
            {
                _batches.Remove(old);
            }
        }

        if (_batches.Count < MaxBatches)
        {
            _batches.TryAdd(reference, label);
        }
    }

    /// <summary>A batch ends.</summary>
    /// <returns>The label of the line that it answered as a whole; 0: none.</returns>
    public long Close(string reference) => _batches.Remove(reference, out var label) && !_batches.ContainsValue(label) ? label : 0;
}
