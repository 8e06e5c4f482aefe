using System.Net.Security;
using System.Runtime.InteropServices;
using System.Security.Authentication;
using System.Security.Authentication.ExtendedProtection;
using NotifyGateway.Core.Protocols;

namespace NotifyGateway.Core.Sessions;

/// <summary>What a TLS connection knows that nobody else does.</summary>
internal static class TlsChannel
{
    /// <summary>The header that stands before the token: a structure of Windows (SEC_CHANNEL_BINDINGS), empty here.</summary>
    private const int Header = 32;

    private static ReadOnlySpan<byte> Prefix => "tls-unique:"u8;

    /// <summary>TLS 1.3 has no such token (RFC 9266, section 1).</summary>
    public static TlsFacts FactsOf(SslStream stream)
    {
#pragma warning disable CA5398 // Not chosen here: this is what the two ends have agreed on.
        var knows = stream.SslProtocol == SslProtocols.Tls12;
#pragma warning restore CA5398
        using var binding = knows ? stream.TransportContext.GetChannelBinding(ChannelBindingKind.Unique) : null;
        if (binding is null || binding.IsInvalid || binding.Size <= Header)
        {
            return TlsFacts.None;
        }

        var bytes = new byte[binding.Size];
        Marshal.Copy(binding.DangerousGetHandle(), bytes, 0, bytes.Length);
        var token = bytes.AsMemory(Header);
        return token.Span.StartsWith(Prefix) ? new TlsFacts { Unique = token[Prefix.Length..] } : TlsFacts.None;
    }
}
