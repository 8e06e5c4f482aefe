using System.CommandLine;
using System.Net.Sockets;

namespace NotifyGateway.Api.Cli;

/// <summary>Asks the gateway that runs with the same options whether it is ready: for images and services that have no other client at hand.</summary>
internal static class HealthCommand
{
    /// <summary>A gateway that needs longer for this is not well.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    public static Command Make()
    {
        var command = new Command("health", "Asks the gateway that runs here with the same configuration whether it accepts messages. Exit 0: it does; 1: it does not, or none runs.");
        GatewaySymbols.AddTo(command);
        command.SetAction((parsed, cancellation) =>
            RunAsync(GatewaySymbols.Read(parsed, sandbox: false), parsed.InvocationConfiguration.Output, parsed.InvocationConfiguration.Error, cancellation));
        return command;
    }

    private static async Task<int> RunAsync(ServeArguments arguments, TextWriter output, TextWriter errors, CancellationToken cancellation)
    {
        if (LoadedConfiguration.Load(arguments, errors) is not { } configuration)
        {
            return ExitCode.InvalidConfiguration;
        }

        if (configuration.Endpoints is not [var endpoint, ..])
        {
            await errors.WriteLineAsync("where the gateway listens is known by Kestrel:Endpoints alone: name one address with --urls");
            return ExitCode.Usage;
        }

        var (url, socket) = endpoint.FromHere;
        using var client = Client(socket);
        try
        {
            using var answer = await client.GetAsync(new Uri(url, "/health/ready"), cancellation);
            await output.WriteLineAsync(await answer.Content.ReadAsStringAsync(cancellation));
            return answer.IsSuccessStatusCode ? ExitCode.Done : ExitCode.NotReady;
        }
        catch (HttpRequestException error)
        {
            await errors.WriteLineAsync($"{endpoint}: {error.Message}");
            return ExitCode.NotReady;
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            await errors.WriteLineAsync($"{endpoint}: no answer within {Patience.TotalSeconds:0} s");
            return ExitCode.NotReady;
        }
    }

    private static HttpClient Client(string? socket)
    {
        var handler = new SocketsHttpHandler { UseProxy = false };
        // The certificate is for the name that others use, which is not the one we ask here; nothing is told to whoever answers.
#pragma warning disable CA5359
        handler.SslOptions.RemoteCertificateValidationCallback = (_, _, _, _) => true;
#pragma warning restore CA5359
        if (socket is not null)
        {
            handler.ConnectCallback = async (_, cancellation) =>
            {
                var connection = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
                try
                {
                    await connection.ConnectAsync(new UnixDomainSocketEndPoint(socket), cancellation);
                    return new NetworkStream(connection, ownsSocket: true);
                }
                catch
                {
                    connection.Dispose();
                    throw;
                }
            };
        }

        return new HttpClient(handler, disposeHandler: true) { Timeout = Patience };
    }
}
