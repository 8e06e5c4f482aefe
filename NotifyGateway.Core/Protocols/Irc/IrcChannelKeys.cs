using System.Text;

namespace NotifyGateway.Core.Protocols.Irc;

/// <summary>
/// The keys that channels were given while we were in them: an operator who changes one would otherwise lock us out with the next kick. The configured key is
/// always tried first, this one then, once; it is forgotten with the connection, and never shown.
/// </summary>
internal sealed class IrcChannelKeys(IrcState state)
{
    private const int MaxKept = 500;

    /// <summary>Longer than any server's, and short enough for a line.</summary>
    private const int MaxBytes = 200;

    private readonly List<(string Channel, string Key)> _kept = [];

    public void OnMode(string channel, in IrcMessage message)
    {
        foreach (var (set, letter, argument) in IrcMode.OfChannel(message, 1, state.Isupport))
        {
            if (letter == 'k')
            {
                _kept.RemoveAll(k => state.Isupport.CaseMapping.Same(k.Channel, channel));
                // Some servers relay a star instead.
                if (set && argument is not null and not "*" && IsKey(argument) && _kept.Count < MaxKept)
                {
                    _kept.Add((channel, argument));
                }
            }
        }
    }

    /// <summary>A key that the target has not been tried with.</summary>
    public string? Other(IrcTarget target) =>
        _kept.Find(k => state.Isupport.CaseMapping.Same(k.Channel, target.Name)).Key is { } key && !string.Equals(key, target.Key, StringComparison.Ordinal) ? key : null;

    private static bool IsKey(string argument) =>
        IrcLine.IsWord(argument) && !argument.Contains(',', StringComparison.Ordinal) && Encoding.UTF8.GetByteCount(argument) <= MaxBytes;
}
