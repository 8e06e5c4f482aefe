using System.Globalization;
using System.Net;

namespace NotifyGateway.Core.Sessions.Srv;

/// <summary>Which DNS servers are asked, and how patiently: what <c>/etc/resolv.conf</c> says (resolv.conf(5)).</summary>
/// <param name="Servers">At most three, as everywhere else.</param>
/// <param name="Timeout">For one question to one server. 1 to 30 s.</param>
/// <param name="Attempts">How often all servers are asked in turn. 1 to 5.</param>
internal sealed record ResolverSettings(IReadOnlyList<IPAddress> Servers, TimeSpan Timeout, int Attempts)
{
    private const int MaxServers = 3;

    /// <summary>Reads the file's text. Without a server in it, the one on this machine is meant.</summary>
    public static ResolverSettings Parse(string text)
    {
        var servers = new List<IPAddress>();
        var timeout = 5;
        var attempts = 2;
        foreach (var line in text.Split('\n'))
        {
            var words = line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
            if (words is ["nameserver", var address, ..] && servers.Count < MaxServers && IPAddress.TryParse(address, out var server))
            {
                servers.Add(server);
            }
            else if (words is ["options", .. var options])
            {
                timeout = Last(options, "timeout:", 1, 30) ?? timeout;
                attempts = Last(options, "attempts:", 1, 5) ?? attempts;
            }
        }

        return new ResolverSettings(servers.Count > 0 ? servers : [IPAddress.Loopback], TimeSpan.FromSeconds(timeout), attempts);
    }

    private static int? Last(string[] options, string name, int least, int most) =>
        Array.FindLast(options, o => o.StartsWith(name, StringComparison.Ordinal)) is { } option
            && int.TryParse(option.AsSpan(name.Length), NumberStyles.None, CultureInfo.InvariantCulture, out var value)
            ? Math.Clamp(value, least, most)
            : null;
}
