using System.CommandLine;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using NotifyGateway.Core.Outbox;

namespace NotifyGateway.Api.Cli;

/// <summary>Runs the gateway until it is told to stop.</summary>
internal static class ServeCommand
{
    public static readonly Option<bool> Sandbox = new("--sandbox")
    {
        Description = "To try things out: a small IRC server in the same process on 127.0.0.1:6667, network \"sandbox\", channel #alerts; senders on this machine need no secret.",
    };

    public static Command Make()
    {
        var command = new Command("serve", "Runs the gateway. This is what happens without a command, too.");
        Shape(command);
        return command;
    }

    /// <summary>Gives a command the options and the action of <c>serve</c>: the root command has them as well.</summary>
    public static void Shape(Command command)
    {
        GatewaySymbols.AddTo(command);
        command.Options.Add(Sandbox);
        command.SetAction((parsed, cancellation) =>
            RunAsync(GatewaySymbols.Read(parsed, parsed.GetValue(Sandbox)), parsed.InvocationConfiguration.Error, cancellation));
    }

    private static async Task<int> RunAsync(ServeArguments arguments, TextWriter errors, CancellationToken cancellation)
    {
        var reading = ConfigurationReading.Of(arguments);
        if (reading.Configuration is not { } configuration)
        {
            foreach (var error in reading.Errors)
            {
                await errors.WriteLineAsync(error.ToString());
            }

            return ExitCode.InvalidConfiguration;
        }

        using var limit = FileSizeLimit.Survive();
        await using var gateway = GatewayHost.Build(reading, arguments);
        try
        {
            await gateway.StartAsync(cancellation);
        }
        catch (OperationCanceledException) when (gateway.Lifetime.ApplicationStopping.IsCancellationRequested)
        {
            return ExitCode.Done; // told to stop while starting
        }
        catch (Exception error) when (AddressProblem(error, string.Join(", ", AddressesOf(configuration))) is { } problem)
        {
            await errors.WriteLineAsync(problem);
            return ExitCode.AddressUnavailable;
        }
        catch (OutboxOpenException error)
        {
            await errors.WriteLineAsync(error.Message);
            return ExitCode.OutboxUnusable;
        }

        await gateway.WaitForShutdownAsync(cancellation);
        return ExitCode.Done;
    }

    private static IEnumerable<string> AddressesOf(LoadedConfiguration configuration) =>
    [
        .. configuration.Endpoints.Select(e => e.ToString()),
        .. configuration.Options.Listeners.Tcp.Values.Select(l => l.Endpoint),
        .. configuration.Options.Listeners.Udp.Values.Select(l => l.Endpoint),
    ];

    /// <summary>One line for an address that cannot be listened to; null for any other failure.</summary>
    private static string? AddressProblem(Exception error, string addresses) => error switch
    {
        IOException { InnerException: AddressInUseException } => error.Message, // Kestrel names the address
        AddressInUseException => error.Message,
        SocketException { SocketErrorCode: SocketError.AddressAlreadyInUse or SocketError.AddressNotAvailable or SocketError.AccessDenied } =>
            $"Failed to bind to one of {addresses}: {error.Message}.", // Kestrel does not say to which
        _ => null,
    };
}
