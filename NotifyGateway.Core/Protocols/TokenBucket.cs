namespace NotifyGateway.Core.Protocols;

/// <summary>An upper bound on a rate: <paramref name="burst"/> at once after a pause, then <paramref name="perSecond"/>. A rate of 0 bounds nothing.</summary>
public sealed class TokenBucket(int burst, double perSecond)
{
    private int _burst = burst;
    private double _perSecond = perSecond;
    private double _tokens = burst;
    private TimeSpan _filledAt;

    /// <summary>Takes tokens, if there is one: those that are missing are owed, and nobody gets any before they are there again.</summary>
    public bool TryTake(TimeSpan now, int tokens = 1)
    {
        if (_perSecond <= 0)
        {
            return true;
        }

        Fill(now);
        if (_tokens < 1)
        {
            return false;
        }

        _tokens -= tokens;
        return true;
    }

    /// <summary>When the next token is there, seen from the last <see cref="TryTake"/>.</summary>
    public TimeSpan NextAt => _filledAt + TimeSpan.FromSeconds(Math.Max(0, 1 - _tokens) / Math.Max(_perSecond, 1e-6)) + TimeSpan.FromMilliseconds(1);

    /// <summary>Goes on with another bound: what is saved up stays, as far as the new one allows, and what is owed stays owed.</summary>
    public void Change(int burst, double perSecond, TimeSpan now)
    {
        Fill(now);
        (_burst, _perSecond) = (burst, perSecond);
        _tokens = Math.Min(_burst, _tokens);
    }

    private void Fill(TimeSpan now)
    {
        if (now > _filledAt)
        {
            _tokens = Math.Min(_burst, _tokens + ((now - _filledAt).TotalSeconds * _perSecond));
            _filledAt = now;
        }
    }
}
