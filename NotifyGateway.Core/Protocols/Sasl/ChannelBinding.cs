using System.Text;

namespace NotifyGateway.Core.Protocols.Sasl;

/// <summary>What a SCRAM exchange says of the channel below it (RFC 5802, section 6): its GS2 header, and the data that <c>c=</c> proves.</summary>
internal sealed class ChannelBinding
{
    /// <summary>We cannot bind.</summary>
    public static readonly ChannelBinding None = new("n,,", []);

    /// <summary>We could, but the server does not offer it: it notices if somebody between has taken its offer away.</summary>
    public static readonly ChannelBinding NotOffered = new("y,,", []);

    private ChannelBinding(string header, byte[] data)
    {
        Header = header;
        Encoded = Convert.ToBase64String([.. Encoding.ASCII.GetBytes(header), .. data]);
        Binds = data.Length > 0;
    }

    /// <summary>True: the exchange is a <c>-PLUS</c> one.</summary>
    public bool Binds { get; }

    public string Header { get; }

    /// <summary>The value of <c>c=</c>: header and data, in Base64.</summary>
    public string Encoded { get; }

    /// <param name="type">Like <c>tls-exporter</c> (RFC 9266) or <c>tls-unique</c> (RFC 5929).</param>
    /// <param name="data">What both ends of that channel know, and nobody else.</param>
    public static ChannelBinding To(string type, ReadOnlySpan<byte> data) => new($"p={type},,", data.ToArray());
}
