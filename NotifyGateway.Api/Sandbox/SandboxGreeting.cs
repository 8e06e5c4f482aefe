using System.Globalization;
using NotifyGateway.Core.Configuration;

namespace NotifyGateway.Api.Sandbox;

/// <summary>Tells somebody who starts the gateway for the first time what to try.</summary>
internal static class SandboxGreeting
{
    /// <summary>Prints lines that work when they are pasted into a shell on this machine.</summary>
    /// <param name="output">Standard output.</param>
    /// <param name="options">The options that <see cref="SandboxConfiguration.Apply"/> has made.</param>
    /// <param name="urls">Where HTTP listens, the first of which is shown.</param>
    public static void Print(TextWriter output, GatewayOptions options, IEnumerable<string> urls)
    {
        var url = (urls.FirstOrDefault() ?? "http://127.0.0.1:8080").TrimEnd('/');
        output.WriteLine();
        output.WriteLine("The sandbox is up. In another terminal, look and then send:");
        output.WriteLine();
        output.WriteLine($"  irssi -c 127.0.0.1 -p {Text(SandboxConfiguration.Port(options))} -n you      # then: /join {SandboxConfiguration.Channel}");
        output.WriteLine($"  curl -sS '{url}/api/v1/messages?wait=5' -H 'Content-Type: application/json' -d '{{\"to\":[\"{SandboxConfiguration.Channel}\"],\"text\":\"Hello from curl\"}}'");
        if (Netcat(options) is var (host, port))
        {
            output.WriteLine($"  echo 'Hello from nc' | nc {host} {port}");
        }

        output.WriteLine();
        output.WriteLine($"  {url}/           how it stands, as a page");
        output.WriteLine($"  {url}/swagger    every route, to be tried from the browser");
        output.WriteLine();
        output.Flush();
    }

    /// <summary>A door that takes a raw line and closes by itself.</summary>
    private static (string Host, string Port)? Netcat(GatewayOptions options)
    {
        var door = options.Listeners.Tcp.Values.FirstOrDefault(tcp => tcp is { Dialect: Dialect.Auto, CloseAfter: not null, Tls: null });
        var colon = door?.Endpoint.LastIndexOf(':') ?? -1;
        return colon < 0 ? null : (door!.Endpoint[..colon].Trim('[', ']'), door.Endpoint[(colon + 1)..]);
    }

    private static string Text(int port) => port.ToString(CultureInfo.InvariantCulture);
}
