using System.Net;

namespace NotifyGateway.Core.Configuration;

/// <summary>Networks that a configuration names: <c>10.0.0.0/8</c>, <c>fd00::/8</c>, or one address.</summary>
public sealed class AddressRanges
{
    private const int BitsOfIPv4 = 32;
    private const int BitsOfIPv6 = 128;

    private readonly IPNetwork[] _networks;

    /// <exception cref="FormatException">One of them is no network (<see cref="Wrong"/>).</exception>
    public AddressRanges(IEnumerable<string> networks) => _networks = [.. networks.Select(n => Parse(n) ?? throw new FormatException("no network"))];

    public IReadOnlyList<IPNetwork> Networks => _networks;

    public bool Contain(IPAddress address)
    {
        var plain = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
        return Array.Exists(_networks, n => n.Contains(plain));
    }

    /// <summary>Null, or why it is none.</summary>
    public static string? Wrong(string network) => Parse(network) is null ? "must be an address or a network, like 192.0.2.7 or 10.0.0.0/8" : null;

    private static IPNetwork? Parse(string text) =>
        IPNetwork.TryParse(text, out var network) ? Plain(network)
        : IPAddress.TryParse(text, out var address) && !text.Contains('/', StringComparison.Ordinal)
            ? Plain(new IPNetwork(address, address.AddressFamily == System.Net.Sockets.AddressFamily.InterNetwork ? BitsOfIPv4 : BitsOfIPv6))
            : null;

    /// <summary>A network of IPv4 addresses, however it is written: that is how addresses are compared.</summary>
    private static IPNetwork Plain(IPNetwork network) => network.BaseAddress.IsIPv4MappedToIPv6 && network.PrefixLength >= BitsOfIPv6 - BitsOfIPv4
        ? new IPNetwork(network.BaseAddress.MapToIPv4(), network.PrefixLength - (BitsOfIPv6 - BitsOfIPv4))
        : network;
}
