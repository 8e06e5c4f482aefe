namespace NotifyGateway.Core.Protocols.Xmpp;

/// <summary>
/// The messages that were written, and that the server has not shown to have read. Some servers hold all that comes in one piece against their limit
/// for one stanza (ejabberd): where there is such a limit, no more than that may be unread. One message alone may always be; what is said besides messages is short, and is not counted.
/// </summary>
internal sealed class XmppUnread(XmppState state)
{
    private readonly Queue<(ulong Mark, int Bytes, XmppInFlight Part)> _messages = new();

    public int Bytes { get; private set; }

    /// <summary>What the one message is that is unread; null: none, or there are more.</summary>
    public XmppInFlight? Only => _messages.Count == 1 ? _messages.Peek().Part : null;

    public bool Fits(int bytes) => _messages.Count == 0 || state.MaxUnread is not { } limit || Bytes + bytes <= limit;

    /// <param name="mark">Its number on the stream, or that of the ping behind it.</param>
    public void Add(ulong mark, int bytes, XmppInFlight part)
    {
        _messages.Enqueue((mark, bytes, part));
        Bytes += bytes;
    }

    /// <summary>The server has read all up to the mark.</summary>
    public void Read(ulong mark)
    {
        while (_messages.TryPeek(out var first) && first.Mark <= mark)
        {
            Bytes -= _messages.Dequeue().Bytes;
        }
    }
}
