using System.Globalization;
using System.Text;

namespace NotifyGateway.Core.Templates;

/// <summary>Passes on what a template writes, up to a limit: there the rendering ends.</summary>
internal sealed class BoundedText(TextWriter target) : TextWriter(CultureInfo.InvariantCulture)
{
    /// <summary>The most bytes of a text, in UTF-8: a little less than a message may have where nobody has set its size.</summary>
    public const int MaxBytes = 60 * 1024;

    private int _bytes;

    public override Encoding Encoding => Encoding.UTF8;

    public override void Write(char value) => Write([value]);

    public override void Write(string? value) => Write(value.AsSpan());

    public override void Write(char[] buffer, int index, int count) => Write(buffer.AsSpan(index, count));

    public override void Write(ReadOnlySpan<char> buffer)
    {
        var bytes = Encoding.UTF8.GetByteCount(buffer);
        if (_bytes + bytes > MaxBytes)
        {
            target.Write(Fitting(buffer, MaxBytes - _bytes));
            _bytes = MaxBytes;
            throw new FullException();
        }

        _bytes += bytes;
        target.Write(buffer);
    }

    private static ReadOnlySpan<char> Fitting(ReadOnlySpan<char> text, int bytes)
    {
        var length = 0;
        foreach (var rune in text.EnumerateRunes())
        {
            bytes -= rune.Utf8SequenceLength;
            if (bytes < 0)
            {
                break;
            }

            length += rune.Utf16SequenceLength;
        }

        return text[..length];
    }
}

/// <summary>A text is as long as it may be. The engine hands over nothing but exceptions.</summary>
internal sealed class FullException : Exception
{
    public FullException()
        : base($"the text is longer than {BoundedText.MaxBytes} bytes")
    {
    }

    public FullException(string message)
        : base(message)
    {
    }

    public FullException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
