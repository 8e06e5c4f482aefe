using System.Text;

namespace NotifyGateway.Tests.Sessions.Srv;

/// <summary>DNS messages put together by hand: shares no code with what reads them.</summary>
internal static class DnsBytes
{
    public const int Srv = 33;
    public const int Cname = 5;

    public static byte[] Number(int value) => [(byte)(value >> 8), (byte)value];

    public static byte[] Name(string name) =>
        name.Length == 0 ? [0] : [.. name.Split('.').SelectMany(l => (byte[])[(byte)l.Length, .. Encoding.ASCII.GetBytes(l)]), 0];

    public static byte[] Record(byte[] owner, int type, int ttl, byte[] data, int kind = 1) =>
        [.. owner, .. Number(type), .. Number(kind), .. Number(ttl >> 16), .. Number(ttl), .. Number(data.Length), .. data];

    public static byte[] SrvRecord(string owner, int priority, int weight, int port, string target, int ttl = 300) =>
        Record(Name(owner), Srv, ttl, [.. Number(priority), .. Number(weight), .. Number(port), .. Name(target)]);

    public static byte[] CnameRecord(string owner, string target, int ttl = 300) => Record(Name(owner), Cname, ttl, Name(target));

    /// <summary>An answer to a question as it came over the wire.</summary>
    public static byte[] Answer(byte[] query, params byte[][] records) => Answer(query, 0x8180, records);

    /// <param name="flags">0x8180: an answer, without error; 0x8380: truncated; 0x8183: no such name; 0x8182: server failure.</param>
    public static byte[] Answer(byte[] query, int flags, params byte[][] records) =>
        [.. query[..2], .. Number(flags), .. Number(1), .. Number(records.Length), .. Number(0), .. Number(0), .. Question(query), .. records.SelectMany(r => r)];

    /// <summary>The name that a query asks for.</summary>
    public static string Asked(byte[] query)
    {
        var labels = new List<string>();
        for (var at = 12; query[at] > 0; at += query[at] + 1)
        {
            labels.Add(Encoding.ASCII.GetString(query, at + 1, query[at]));
        }

        return string.Join('.', labels);
    }

    private static byte[] Question(byte[] query) => query[12..(12 + Name(Asked(query)).Length + 4)];
}
