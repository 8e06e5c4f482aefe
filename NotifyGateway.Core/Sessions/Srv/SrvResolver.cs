namespace NotifyGateway.Core.Sessions.Srv;

/// <summary>What DNS says of a service.</summary>
/// <param name="Records">Its servers, in no order; empty when none is named.</param>
/// <param name="Answered">False: no DNS server gave an answer that can be used.</param>
internal readonly record struct SrvResult(IReadOnlyList<SrvRecord> Records, bool Answered);

/// <summary>Finds the servers of a service, and remembers them as long as DNS says that they hold.</summary>
internal sealed class SrvResolver(DnsClient client, TimeProvider time)
{
    /// <summary>How many services are remembered; one more and all are forgotten.</summary>
    internal const int MaxRemembered = 1000;

    /// <summary>How many aliases may lead to a name.</summary>
    private const int MaxAliases = 8;

    /// <summary>For everything together: all servers, attempts and aliases.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(8);

    /// <summary>Longer is not believed: a mistake in DNS must not last.</summary>
    private static readonly TimeSpan LongestHold = TimeSpan.FromHours(1);

    /// <summary>How long it is remembered that there is nothing.</summary>
    private static readonly TimeSpan NothingHolds = TimeSpan.FromMinutes(1);

    // Asked by the links of all sessions, each on its own task: a lock, as no loop owns it. Never held while waiting.
    private readonly Lock _lock = new();
    private readonly Dictionary<string, (SrvResult Result, TimeSpan Until)> _remembered = new(StringComparer.Ordinal);
    private readonly long _start = time.GetTimestamp();

    /// <summary>Asks, unless it is known. Takes at most 8 s.</summary>
    /// <param name="name"><c>_service._tcp.domain</c>, ASCII, lower case.</param>
    public async Task<SrvResult> ResolveAsync(string name, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            if (_remembered.TryGetValue(name, out var known) && known.Until > time.GetElapsedTime(_start))
            {
                return known.Result;
            }
        }

        var (result, hold) = await AskInTimeAsync(name, cancellationToken);
        if (result.Answered && hold > TimeSpan.Zero)
        {
            Remember(name, result, hold < LongestHold ? hold : LongestHold);
        }

        return result;
    }

    private async Task<(SrvResult Result, TimeSpan Hold)> AskInTimeAsync(string name, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(Limit, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, limit.Token);
        try
        {
            return await AskAsync(name, either.Token);
        }
        catch (OperationCanceledException) when (limit.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            return (new SrvResult([], Answered: false), TimeSpan.Zero);
        }
    }

    private async Task<(SrvResult Result, TimeSpan Hold)> AskAsync(string name, CancellationToken cancellationToken)
    {
        if (!DnsQuery.IsName(name))
        {
            return (new SrvResult([], Answered: true), NothingHolds);
        }

        var hold = LongestHold;
        for (var aliases = 0; aliases <= MaxAliases; aliases++)
        {
            if (await client.AskAsync(name, DnsType.Srv, cancellationToken) is not { } answer)
            {
                return (new SrvResult([], Answered: false), TimeSpan.Zero);
            }

            var asked = name;
            name = FollowAliases(name, answer.Records, ref hold);
            var found = answer.Records.Where(r => r.Service is not null && string.Equals(r.Owner, name, StringComparison.OrdinalIgnoreCase)).ToList();
            if (found.Count > 0)
            {
                var ttl = found.Min(r => r.Ttl);
                return (new SrvResult([.. found.Select(r => r.Service!.Value)], Answered: true), ttl < hold ? ttl : hold);
            }

            if (string.Equals(asked, name, StringComparison.OrdinalIgnoreCase) || !DnsQuery.IsName(name))
            {
                return (new SrvResult([], Answered: true), NothingHolds);
            }
        }

        return (new SrvResult([], Answered: false), TimeSpan.Zero);
    }

    /// <summary>The name at the end of the aliases in one answer. Each record is passed once, so that a circle ends.</summary>
    private static string FollowAliases(string name, IReadOnlyList<DnsRecord> records, ref TimeSpan hold)
    {
        var aliases = records.Where(r => r.Alias is not null).ToList();
        while (aliases.FindIndex(r => string.Equals(r.Owner, name, StringComparison.OrdinalIgnoreCase)) is >= 0 and var at)
        {
            name = aliases[at].Alias!;
            hold = aliases[at].Ttl < hold ? aliases[at].Ttl : hold;
            aliases.RemoveAt(at);
        }

        return name;
    }

    private void Remember(string name, SrvResult result, TimeSpan hold)
    {
        lock (_lock)
        {
            if (_remembered.Count >= MaxRemembered)
            {
                _remembered.Clear();
            }

            _remembered[name] = (result, time.GetElapsedTime(_start) + hold);
        }
    }
}
