using System.Buffers.Binary;
using System.Text;

namespace NotifyGateway.Core.Sessions.Srv;

/// <summary>The types of record that are asked for or understood (RFC 1035, RFC 2782).</summary>
internal static class DnsType
{
    public const ushort Cname = 5;
    public const ushort Opt = 41;
    public const ushort Srv = 33;
}

/// <summary>One question to a DNS server.</summary>
/// <param name="Id">Random, so that nobody can answer in the server's place.</param>
/// <param name="Name">Lower case, ASCII, without a final dot.</param>
internal readonly record struct DnsQuery(ushort Id, string Name, ushort Type)
{
    /// <summary>The class IN.</summary>
    public const ushort Internet = 1;

    /// <summary>What fits through nearly every path without fragments (DNS flag day 2020).</summary>
    public const int MaxUdpAnswer = 1232;

    private const int HeaderBytes = 12;
    private const ushort RecursionDesired = 0x0100;

    /// <summary>The longest name in its form on the wire, and the longest part of one (RFC 1035, section 2.3.4).</summary>
    private const int MaxNameBytes = 255;

    private const int MaxLabelBytes = 63;

    /// <summary>Whether a name can be asked for at all.</summary>
    public static bool IsName(string name) =>
        name.Length is > 0 and <= MaxNameBytes - 2 && Ascii.IsValid(name) && Array.TrueForAll(name.Split('.'), label => label.Length is > 0 and <= MaxLabelBytes);

    /// <summary>The message as it goes over the wire (RFC 1035, section 4).</summary>
    /// <param name="extended">Whether a longer answer is asked for (EDNS0, RFC 6891); some old servers refuse that.</param>
    public byte[] Write(bool extended)
    {
        var message = new byte[HeaderBytes + Name.Length + 2 + 4 + (extended ? 11 : 0)];
        var span = message.AsSpan();
        BinaryPrimitives.WriteUInt16BigEndian(span, Id);
        BinaryPrimitives.WriteUInt16BigEndian(span[2..], RecursionDesired);
        BinaryPrimitives.WriteUInt16BigEndian(span[4..], 1);
        BinaryPrimitives.WriteUInt16BigEndian(span[10..], (ushort)(extended ? 1 : 0));
        var at = HeaderBytes;
        foreach (var label in Name.Split('.'))
        {
            span[at++] = (byte)label.Length;
            at += Encoding.ASCII.GetBytes(label, span[at..]);
        }

        at++;
        BinaryPrimitives.WriteUInt16BigEndian(span[at..], Type);
        BinaryPrimitives.WriteUInt16BigEndian(span[(at + 2)..], Internet);
        if (extended)
        {
            // The root's name, the type, and in place of the class the size that we take.
            BinaryPrimitives.WriteUInt16BigEndian(span[(at + 5)..], DnsType.Opt);
            BinaryPrimitives.WriteUInt16BigEndian(span[(at + 7)..], MaxUdpAnswer);
        }

        return message;
    }
}
