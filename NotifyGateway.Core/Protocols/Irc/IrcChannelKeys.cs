using System.Text;

namespace NotifyGateway.Core.Protocols.Irc;

/// <summary>
/// The keys that channels were given while we were in them: an operator who changes one would otherwise lock us out with the next kick. Such a key is newer
/// than the configured one and is tried first, as an invitation may count for one JOIN only (ngIRCd); once it is refused, or the connection ends, it is
/// forgotten. It is never shown.
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
                Forget(channel);
                // Some servers relay a star instead.
                if (set && argument is not null and not "*" && IsKey(argument) && _kept.Count < MaxKept)
                {
                    _kept.Add((channel, argument));
                }
            }
        }
    }

    /// <summary>The key to join with: the one that was seen, else the given one.</summary>
    public string? For(IrcTarget target) => Seen(target) ?? target.Key;

    /// <summary>The channel refuses our key.</summary>
    /// <returns>Whether another one is left to try.</returns>
    public bool OnWrong(IrcTarget target)
    {
        var seen = Seen(target);
        Forget(target.Name);
        return seen is not null && target.Key is not null && !string.Equals(seen, target.Key, StringComparison.Ordinal);
    }

    private string? Seen(IrcTarget target) => _kept.Find(k => state.Isupport.CaseMapping.Same(k.Channel, target.Name)).Key;

    private void Forget(string channel) => _kept.RemoveAll(k => state.Isupport.CaseMapping.Same(k.Channel, channel));

    private static bool IsKey(string argument) =>
        IrcLine.IsWord(argument) && !argument.Contains(',', StringComparison.Ordinal) && Encoding.UTF8.GetByteCount(argument) <= MaxBytes;
}
