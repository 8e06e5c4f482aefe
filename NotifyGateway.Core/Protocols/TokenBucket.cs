namespace NotifyGateway.Core.Protocols;

/// <summary>An upper bound on a rate: <paramref name="burst"/> at once after a pause, then <paramref name="perSecond"/>. A rate of 0 bounds nothing.</summary>
public sealed class TokenBucket(int burst, double perSecond)
{
    private double _tokens = burst;
    private TimeSpan _filledAt;

    /// <summary>Takes tokens, if there is one: those that are missing are owed, and nobody gets any before they are there again.</summary>
    public bool TryTake(TimeSpan now, int tokens = 1)
    {
        if (perSecond <= 0)
        {
            return true;
        }

        if (now > _filledAt)
        {
            _tokens = Math.Min(burst, _tokens + ((now - _filledAt).TotalSeconds * perSecond));
            _filledAt = now;
        }

        if (_tokens < 1)
        {
            return false;
        }

        _tokens -= tokens;
        return true;
    }

    /// <summary>When the next token is there, seen from the last <see cref="TryTake"/>.</summary>
    public TimeSpan NextAt => _filledAt + TimeSpan.FromSeconds(Math.Max(0, 1 - _tokens) / Math.Max(perSecond, 1e-6)) + TimeSpan.FromMilliseconds(1);
}
