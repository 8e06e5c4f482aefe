namespace NotifyGateway.Core.Protocols.Irc;

/// <summary>
/// Channels that a server has put us into instead of the one that we asked for: nobody has configured them, so that we leave them at once.
/// </summary>
internal sealed class IrcForwards(IrcState state)
{
    private const int MaxExpected = 50;

    /// <summary>Longer than any server's channel, and short enough for a line.</summary>
    private const int MaxLength = 200;

    private readonly List<string> _expected = [];

    /// <summary>
    /// The words of a 470 that are channels: the one asked for comes first, the other one last. <c>470 us #from #to :Forwarding …</c> (Solanum, InspIRCd),
    /// <c>470 us [Link] #from has become full, so you are … transferred to the linked channel #to</c> (UnrealIRCd; some put the colon before [Link]).
    /// </summary>
    public static List<string> Channels(in IrcMessage message, Func<string, bool> isChannel)
    {
        var words = new List<string>();
        for (var i = 1; i < message.Count; i++)
        {
            words.AddRange(IrcState.Words(message[i]).Split(' ').Where(w => w.Length <= MaxLength && IrcLine.IsWord(w) && isChannel(w)));
        }

        return words;
    }

    /// <summary>The server's JOIN of us there is on its way.</summary>
    public void Expect(string channel)
    {
        if (_expected.Count < MaxExpected)
        {
            _expected.Add(channel);
        }
    }

    /// <summary>Whether a channel that we find ourselves in is one of these; it is then no longer expected.</summary>
    public bool Take(string channel) => _expected.RemoveAll(c => state.Isupport.CaseMapping.Same(c, channel)) > 0;
}
