namespace NotifyGateway.Core.Sessions.Srv;

/// <summary>How a DNS server answered (RFC 1035, section 4.1.1).</summary>
internal enum DnsCode
{
    Done = 0,

    /// <summary>It does not understand the question; old servers say so of EDNS0.</summary>
    Malformed = 1,
    Failed = 2,
    NoSuchName = 3,
    NotImplemented = 4,
    Refused = 5,
}

/// <summary>One record of an answer that is understood.</summary>
/// <param name="Owner">The name that it belongs to.</param>
/// <param name="Ttl">How long it holds.</param>
/// <param name="Service">For SRV.</param>
/// <param name="Alias">For CNAME: the name that is meant.</param>
internal readonly record struct DnsRecord(string Owner, TimeSpan Ttl, SrvRecord? Service, string? Alias);

/// <summary>An answer of a DNS server, as far as it matters to us: authorities and further records are not read.</summary>
/// <param name="IsTruncated">It did not fit into a datagram: it must be asked for again over TCP.</param>
internal sealed record DnsAnswer(DnsCode Code, bool IsTruncated, IReadOnlyList<DnsRecord> Records)
{
    private const int ResponseFlag = 0x8000;
    private const int TruncatedFlag = 0x0200;
    private const int OpcodeMask = 0x7800;

    /// <summary>More records are not read.</summary>
    private const int MaxRecords = 256;

    /// <summary>Reads the answer to a question. Null when it is none: malformed, of another id, to another question.</summary>
    public static DnsAnswer? Parse(ReadOnlySpan<byte> message, DnsQuery query)
    {
        var reader = new DnsReader(message);
        if (!reader.TryNumber(out ushort id) || !reader.TryNumber(out ushort flags) || !reader.TryNumber(out ushort questions) || !reader.TryNumber(out ushort answers)
            || !reader.TrySkip(4) || id != query.Id || (flags & ResponseFlag) == 0 || (flags & OpcodeMask) != 0)
        {
            return null;
        }

        var code = (DnsCode)(flags & 0xF);
        if (questions == 0 && code is DnsCode.Malformed or DnsCode.NotImplemented)
        {
            return new DnsAnswer(code, false, []); // what it did not understand it does not repeat
        }

        if (questions != 1 || !reader.TryName(out var name) || !reader.TryNumber(out ushort type) || !reader.TryNumber(out ushort kind)
            || !string.Equals(name, query.Name, StringComparison.OrdinalIgnoreCase) || type != query.Type || kind != DnsQuery.Internet)
        {
            return null;
        }

        var isTruncated = (flags & TruncatedFlag) != 0;
        var records = new List<DnsRecord>();
        for (var i = 0; i < Math.Min((int)answers, MaxRecords); i++)
        {
            if (!TryReadRecord(ref reader, records))
            {
                // The rest of a truncated answer is missing by right.
                return isTruncated ? new DnsAnswer(code, true, []) : null;
            }
        }

        return new DnsAnswer(code, isTruncated, records);
    }

    /// <returns>False when it cannot be read. A record of another type is passed over.</returns>
    private static bool TryReadRecord(ref DnsReader reader, List<DnsRecord> records)
    {
        if (!reader.TryName(out var owner) || !reader.TryNumber(out ushort type) || !reader.TryNumber(out ushort kind)
            || !reader.TryNumber(out uint seconds) || !reader.TryNumber(out ushort length))
        {
            return false;
        }

        var end = reader.Position + length;
        // A time to live with its first bit set is none (RFC 2181, section 8).
        var ttl = TimeSpan.FromSeconds(seconds > int.MaxValue ? 0 : seconds);
        if (kind == DnsQuery.Internet && type == DnsType.Srv)
        {
            if (!reader.TryNumber(out ushort priority) || !reader.TryNumber(out ushort weight) || !reader.TryNumber(out ushort port) || !reader.TryName(out var target)
                || reader.Position != end)
            {
                return false;
            }

            records.Add(new DnsRecord(owner, ttl, new SrvRecord(priority, weight, port, target), null));
        }
        else if (kind == DnsQuery.Internet && type == DnsType.Cname)
        {
            if (!reader.TryName(out var alias) || reader.Position != end)
            {
                return false;
            }

            records.Add(new DnsRecord(owner, ttl, null, alias));
        }

        reader.Position = end;
        return reader.TrySkip(0);
    }
}
