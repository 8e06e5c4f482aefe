namespace NotifyGateway.Core.Protocols.Irc;

/// <summary>Who sent a line: <c>nick[!user][@host]</c>, or a server's name in <see cref="Nick"/>.</summary>
public readonly record struct IrcSource(string Nick, string? User, string? Host)
{
    public static IrcSource Parse(ReadOnlySpan<byte> source)
    {
        string? user = null, host = null;
        var at = source.IndexOf((byte)'@');
        if (at >= 0)
        {
            host = IrcMessage.Decode(source[(at + 1)..]);
            source = source[..at];
        }

        var bang = source.IndexOf((byte)'!');
        if (bang >= 0)
        {
            user = IrcMessage.Decode(source[(bang + 1)..]);
            source = source[..bang];
        }

        return new IrcSource(IrcMessage.Decode(source), user, host);
    }
}
