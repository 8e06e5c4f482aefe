using System.Buffers;

namespace NotifyGateway.Core.Protocols.Xmpp;

/// <summary>What the framer found.</summary>
public enum XmppFrameKind
{
    /// <summary>The peer's stream header, its start tag only.</summary>
    StreamOpen,

    /// <summary>One whole child of the stream: a stanza, or an element of the negotiation.</summary>
    Element,

    /// <summary>The end tag of the stream.</summary>
    StreamClose,
}

/// <summary>Why a stream cannot be read any further. Each is the end of the connection.</summary>
public enum XmppFrameFault
{
    None,

    /// <summary>An element is longer than the cap.</summary>
    TooLong,

    /// <summary>Elements are nested deeper than the cap.</summary>
    TooDeep,

    /// <summary>A DTD, a comment or a processing instruction (RFC 6120, section 11.1).</summary>
    Restricted,

    /// <summary>No XML, or text where only elements may stand.</summary>
    Malformed,
}

/// <summary>
/// Cuts a stream of XML into its header and the elements below it, by counting tags (RFC 6120, section 4), whatever pieces it comes in.
/// Whether an element is well-formed is judged by who parses it. After a fault nothing more is read.
/// </summary>
/// <param name="maxLength">The longest element, in bytes: never are more kept.</param>
public sealed class XmppFramer(int maxLength = XmppFramer.MaxLength)
{
    /// <summary>A receiver of one piece. The span is valid during the call only; empty for <see cref="XmppFrameKind.StreamClose"/>.</summary>
    public delegate void FrameHandler(XmppFrameKind kind, ReadOnlySpan<byte> frame);

    /// <summary>The longest element, in bytes. Servers cap what clients send at 10,000 to 262,144; what they send themselves may be longer: lists of rooms.</summary>
    public const int MaxLength = 1024 * 1024;

    /// <summary>The deepest nesting below the stream. Real stanzas have about ten levels.</summary>
    public const int MaxDepth = 64;

    private static readonly SearchValues<byte> InTag = SearchValues.Create("<>\"'"u8);

    private const int InitialCapacity = 256;
    private const int KeptCapacity = 16 * 1024;

    private ArrayBufferWriter<byte> _frame = new(InitialCapacity);
    private State _state = State.Text;
    private byte _quote;
    private byte _previous;
    private int _markup;
    private bool _closing;
    private bool _begun;
    private bool _ended;

    private enum State { Text, Opened, Tag, Quoted, Declaration, Bang, CData }

    /// <summary>Elements that are open, the stream itself included.</summary>
    public int Depth { get; private set; }

    /// <summary>Why nothing more is read.</summary>
    public XmppFrameFault Fault { get; private set; }

    /// <summary>Bytes that are kept of an unfinished piece.</summary>
    public int Buffered => _frame.WrittenCount;

    /// <summary>Forgets everything: a new stream begins, as it does after STARTTLS and after SASL (RFC 6120, sections 5.4.3.3 and 6.4.6).</summary>
    public void Reset()
    {
        _frame.ResetWrittenCount();
        _state = State.Text;
        _begun = false;
        _ended = false;
        Depth = 0;
        Fault = XmppFrameFault.None;
    }

    /// <summary>
    /// Takes in bytes as they come and hands over each piece that they complete; what comes after the end of the stream is ignored. The
    /// handler may call <see cref="Reset"/>: what follows in the same bytes then belongs to the new stream.
    /// </summary>
    public void Feed(ReadOnlySpan<byte> bytes, FrameHandler handler)
    {
        var at = 0;
        while (at < bytes.Length && !_ended && Fault == XmppFrameFault.None)
        {
            at += _state switch
            {
                State.Text => Text(bytes[at..]),
                State.Opened => Opened(bytes[at]),
                State.Tag => Tag(bytes[at..], handler),
                State.Quoted => Quoted(bytes[at..]),
                State.Declaration => Declaration(bytes[at]),
                State.Bang => Bang(bytes[at]),
                _ => CData(bytes[at]),
            };
        }
    }

    /// <summary>Between tags. Directly below the stream only white space may stand: servers send it as a sign of life (RFC 6120, section 4.6.1).</summary>
    private int Text(ReadOnlySpan<byte> bytes)
    {
        var end = bytes.IndexOf((byte)'<');
        var text = end < 0 ? bytes : bytes[..end];
        if (Depth > 1)
        {
            Keep(text);
        }
        else if (text.ContainsAnyExcept(" \t\r\n"u8))
        {
            Fail(XmppFrameFault.Malformed);
            return bytes.Length;
        }

        if (end < 0)
        {
            return bytes.Length;
        }

        _state = State.Opened;
        Keep("<"u8);
        return end + 1;
    }

    private int Opened(byte next)
    {
        Keep([next]);
        _closing = next == (byte)'/';
        _markup = 0;
        switch (next)
        {
            case (byte)'?' when Depth == 0 && !_begun:
                _state = State.Declaration;
                break;
            case (byte)'?':
                Fail(XmppFrameFault.Restricted);
                break;
            case (byte)'!':
                _state = State.Bang;
                break;
            case (byte)'>' or (byte)'<' or (byte)' ' or (byte)'\t' or (byte)'\r' or (byte)'\n' or (byte)'"' or (byte)'\'':
                Fail(XmppFrameFault.Malformed);
                break;
            default:
                _state = State.Tag;
                break;
        }

        return 1;
    }

    private int Tag(ReadOnlySpan<byte> bytes, FrameHandler handler)
    {
        var end = bytes.IndexOfAny(InTag);
        var name = end < 0 ? bytes : bytes[..end];
        Keep(name);
        _previous = name.IsEmpty ? _previous : name[^1];
        if (end < 0)
        {
            return bytes.Length;
        }

        var mark = bytes[end];
        Keep([mark]);
        if (mark == (byte)'<')
        {
            Fail(XmppFrameFault.Malformed);
        }
        else if (mark == (byte)'>')
        {
            _state = State.Text;
            EndTag(handler, selfClosing: !_closing && _previous == (byte)'/');
        }
        else
        {
            _quote = mark;
            _state = State.Quoted;
        }

        _previous = mark;
        return end + 1;
    }

    private int Quoted(ReadOnlySpan<byte> bytes)
    {
        var end = bytes.IndexOf(_quote);
        Keep(end < 0 ? bytes : bytes[..(end + 1)]);
        _state = end < 0 ? State.Quoted : State.Tag;
        return end < 0 ? bytes.Length : end + 1;
    }

    /// <summary>The XML declaration, which alone may begin with a question mark, and only at the start.</summary>
    private int Declaration(byte next)
    {
        Keep([next]);
        var read = _frame.WrittenCount;
        if (Fault != XmppFrameFault.None)
        {
            return 1;
        }

        if (read <= 5 ? next != "<?xml"u8[read - 1] : read == 6 && !" \t\r\n"u8.Contains(next))
        {
            Fail(XmppFrameFault.Restricted);
        }
        else if (next == (byte)'>')
        {
            _frame.ResetWrittenCount();
            _begun = true;
            _state = State.Text;
        }

        return 1;
    }

    /// <summary>What begins with an exclamation mark is a comment, a DTD, or a piece of text as CDATA; only the last may stand in a stanza.</summary>
    private int Bang(byte next)
    {
        var expected = "[CDATA["u8;
        Keep([next]);
        if (Depth < 2 || next != expected[_markup])
        {
            Fail(XmppFrameFault.Restricted);
        }
        else if (++_markup == expected.Length)
        {
            _markup = 0;
            _state = State.CData;
        }

        return 1;
    }

    private int CData(byte next)
    {
        Keep([next]);
        // Two brackets or more, then the end.
        if (next == (byte)']')
        {
            _markup++;
        }
        else
        {
            _state = next == (byte)'>' && _markup >= 2 ? State.Text : State.CData;
            _markup = 0;
        }

        return 1;
    }

    private void EndTag(FrameHandler handler, bool selfClosing)
    {
        if (Fault != XmppFrameFault.None)
        {
            return;
        }

        Depth += _closing ? -1 : selfClosing ? 0 : 1;
        _begun = true;
        if (Depth < 0)
        {
            Fail(XmppFrameFault.Malformed);
        }
        else if (Depth > MaxDepth)
        {
            Fail(XmppFrameFault.TooDeep);
        }
        else if (Depth == 0)
        {
            // A stream that ends with its own start tag says nothing, and is at its end all the same.
            _ended = true;
            Hand(handler, XmppFrameKind.StreamClose);
        }
        else if (Depth == 1)
        {
            Hand(handler, _closing || selfClosing ? XmppFrameKind.Element : XmppFrameKind.StreamOpen);
        }
    }

    private void Hand(FrameHandler handler, XmppFrameKind kind)
    {
        handler(kind, kind == XmppFrameKind.StreamClose ? default : _frame.WrittenSpan);
        // One long element is no reason to keep its room for ever.
        if (_frame.Capacity > KeptCapacity)
        {
            _frame = new ArrayBufferWriter<byte>(InitialCapacity);
        }
        else
        {
            _frame.ResetWrittenCount();
        }
    }

    private void Keep(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length > maxLength - _frame.WrittenCount)
        {
            Fail(XmppFrameFault.TooLong);
        }
        else if (Fault == XmppFrameFault.None)
        {
            _frame.Write(bytes);
        }
    }

    private void Fail(XmppFrameFault fault)
    {
        Fault = Fault == XmppFrameFault.None ? fault : Fault;
        _frame.ResetWrittenCount();
    }
}
