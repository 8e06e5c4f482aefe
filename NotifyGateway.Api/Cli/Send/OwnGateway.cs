using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Logging.Console;
using NotifyGateway.Core;
using NotifyGateway.Core.Configuration;
using NotifyGateway.Core.Outbox;

namespace NotifyGateway.Api.Cli.Send;

/// <summary>Sends without a gateway that runs: this process connects, sends, waits for the proof and quits.</summary>
internal static class OwnGateway
{
    private const string Client = "send";

    /// <param name="options">Which networks, accounts and programs there are.</param>
    /// <param name="order">What to send.</param>
    /// <param name="verbose">Whether the log goes to standard error; else nowhere.</param>
    /// <param name="cancellation">Ends it early.</param>
    public static async Task<SendOutcome> SendAsync(GatewayOptions options, SendOrder order, bool verbose, CancellationToken cancellation)
    {
        using var loggers = verbose ? LoggerFactory.Create(LogToStandardError) : NullLoggerFactory.Instance;
        var submission = new Submission
        {
            Input = Client,
            Client = Client,
            To = Addressing.Named(order.To),
            Title = order.Title,
            Text = order.Text,
            Severity = order.Severity is { } word ? Enum.Parse<Severity>(word, ignoreCase: true) : null,
            Markup = order.Markup is { } markup ? Enum.Parse<Markup>(markup, ignoreCase: true) : Markup.Plain,
            Strict = true,
        };
        try
        {
            var result = await new OneShot(options, TimeProvider.System, loggers).SendAsync(submission, order.Timeout, cancellation);
            return result switch
            {
                { Receipt: { } receipt } => new SendOutcome(SentDelivery.Of(receipt, order.Timeout), []),
                { Intake.Unknown: { Count: > 0 } unknown } => SendOutcome.Refused([.. unknown.Select(u => u.ToString()), .. Missing(options, unknown)]),
                _ => SendOutcome.Refused(result.Intake.Reason ?? "the message was not accepted"),
            };
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or OutboxOpenException)
        {
            return SendOutcome.Refused($"no temporary file can be made: {e.Message}");
        }
    }

    /// <summary>What else has to be given: without it a message can go nowhere but to the URL of an IRC server.</summary>
    private static IEnumerable<string> Missing(GatewayOptions options, IReadOnlyList<UnknownDestination> unknown)
    {
        if (options.Irc.Count + options.Xmpp.Count + options.Programs.Count > 0)
        {
            return [];
        }

        var isXmpp = unknown.Any(u => u.Name.Contains('@', StringComparison.Ordinal) || u.Name.StartsWith("xmpp:", StringComparison.OrdinalIgnoreCase));
        return [isXmpp
            ? "To send by XMPP give an account with --jid JID and --password-file FILE, a configuration that has one with --config FILE, or a gateway that runs with --gateway URL."
            : "Names mean something to a configuration alone: give one with --config FILE, or a gateway that runs with --gateway URL. Without either an IRC server is named by its URL, like ircs://irc.example.org/#ops."];
    }

    /// <summary>What was given for one XMPP account alone, checked as a configuration is; null with any error.</summary>
    public static GatewayOptions? Account(string jid, string password, TextWriter errors)
    {
        var result = GatewayConfiguration.Load([ConfigurationSource.Pairs("--jid", [new("Gateway:Xmpp:send:Jid", jid), new("Gateway:Xmpp:send:Password", password)])]);
        foreach (var error in result.Errors)
        {
            errors.WriteLine($"{(error.Path.EndsWith(":Password", StringComparison.Ordinal) ? "--password-file" : "--jid")}: {error.Message}");
        }

        return result.Options;
    }

    private static void LogToStandardError(ILoggingBuilder logging) => logging
        .AddSimpleConsole(console => console.SingleLine = true)
        .Services.Configure<ConsoleLoggerOptions>(console => console.LogToStandardErrorThreshold = LogLevel.Trace);
}
