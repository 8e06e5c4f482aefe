using System.CommandLine;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;
using System.Text;
using NotifyGateway.Core.Configuration;

namespace NotifyGateway.Api.Cli.Send;

/// <summary>Sends one message and says whether it arrived.</summary>
internal static class SendCommand
{
    private const string SecretVariable = "NOTIFY_SECRET";

    /// <summary>No gateway takes a longer message.</summary>
    private const int LongestInput = 16 * 1024 * 1024;

    public static Command Make()
    {
        var command = new Command("send", "Sends one message and waits until the far side has proved it. Exit 0: delivered everywhere; 1: not, with the reason for each destination on standard error; 2: the call is wrong.");
        SendSymbols.AddTo(command);
        command.SetAction((parsed, cancellation) => RunAsync(parsed, cancellation));
        return command;
    }

    private static async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellation)
    {
        var errors = parsed.InvocationConfiguration.Error;
        if (Fault(parsed) is { } fault)
        {
            return await RefuseAsync(parsed, fault);
        }

        string? secret = null;
        GatewayOptions? options = null;
        var gateway = parsed.GetValue(SendSymbols.Gateway);
        if (gateway is not null && !TryReadSecret(parsed, errors, out secret))
        {
            return ExitCode.Usage;
        }

        if (gateway is null && !TryReadOptions(parsed, errors, out options, out var exit))
        {
            return exit;
        }

        if (!TryReadOrder(parsed, out var order, out var unfit))
        {
            return await RefuseAsync(parsed, unfit);
        }

        var verbose = parsed.GetValue(SendSymbols.Verbose);
        return await TellAsync(
            token => gateway is null ? OwnGateway.SendAsync(options!, order, verbose, token) : ThroughAsync(gateway, secret, order, token), parsed.InvocationConfiguration, verbose, cancellation);
    }

    /// <summary>Runs until the outcome is known or a signal comes; then, too, connections are closed and temporary files removed.</summary>
    private static async Task<int> TellAsync(Func<CancellationToken, Task<SendOutcome>> send, InvocationConfiguration io, bool verbose, CancellationToken cancellation)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
        try
        {
            return (await send(stop.Token)).Tell(io.Output, io.Error, verbose);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            await io.Error.WriteLineAsync("interrupted: whether the message has arrived is not known");
            return ExitCode.NotDelivered;
        }

        void Stop(PosixSignalContext signal)
        {
            signal.Cancel = true;
            stop.Cancel();
        }
    }

    private static bool TryReadOrder(ParseResult parsed, [NotNullWhen(true)] out SendOrder? order, [NotNullWhen(false)] out string? unfit)
    {
        var title = parsed.GetValue(SendSymbols.Title);
        var text = parsed.GetValue(SendSymbols.Text) is [var given] and not ["-"] ? given : ReadInput();
        unfit = text is null ? $"standard input holds more than {LongestInput} bytes" : text.Length == 0 && string.IsNullOrEmpty(title) ? "the message is empty" : null;
        order = unfit is not null ? null : new SendOrder(
            parsed.GetValue(SendSymbols.To)!, title, text!, parsed.GetValue(SendSymbols.Severity), parsed.GetValue(SendSymbols.Markup), TimeSpan.FromSeconds(parsed.GetValue(SendSymbols.Timeout)));
        return order is not null;
    }

    private static async Task<SendOutcome> ThroughAsync(Uri gateway, string? secret, SendOrder order, CancellationToken cancellation)
    {
        using var running = new RunningGateway(gateway, secret);
        return await running.SendAsync(order, cancellation);
    }

    /// <summary>What does not go together, or is no word of this command; null: nothing.</summary>
    private static string? Fault(ParseResult parsed)
    {
        var through = parsed.GetValue(SendSymbols.Gateway) is not null;
        var config = parsed.GetValue(GatewaySymbols.Config) is { Length: > 0 };
        var (jid, password) = (parsed.GetValue(SendSymbols.Jid) is not null, parsed.GetValue(SendSymbols.PasswordFile) is not null);
        var (secret, file) = (parsed.GetValue(SendSymbols.Secret) is not null, parsed.GetValue(SendSymbols.SecretFile) is not null);
        return UnknownWords.In(parsed, CommandLine.Make()) is [var word, ..] ? word
            : parsed.GetValue(SendSymbols.Text) is { Length: > 1 } ? "the text is one argument: put it in quotes"
            : through && (config || jid || password) ? "--gateway does not go with --config, --jid or --password-file: that gateway has its own configuration"
            : !through && (secret || file) ? "--secret and --secret-file are for --gateway"
            : secret && file ? "give --secret or --secret-file, not both"
            : jid != password ? "--jid and --password-file go together"
            : jid && config ? "--jid is for sending without --config"
            : null;
    }

    private static bool TryReadSecret(ParseResult parsed, TextWriter errors, out string? secret)
    {
        secret = parsed.GetValue(SendSymbols.Secret);
        if (parsed.GetValue(SendSymbols.SecretFile) is { } file)
        {
            secret = ReadSecretFile(file, errors);
            return secret is not null;
        }

        secret ??= Environment.GetEnvironmentVariable(SecretVariable) is { Length: > 0 } variable ? variable : null;
        if (secret is null || (secret.Length > 0 && !secret.Any(char.IsControl)))
        {
            return true;
        }

        errors.WriteLine("the secret is empty or holds a control character");
        return false;
    }

    private static bool TryReadOptions(ParseResult parsed, TextWriter errors, out GatewayOptions? options, out int exit)
    {
        exit = ExitCode.Usage;
        options = null;
        if (parsed.GetValue(GatewaySymbols.Config) is { Length: > 0 } files)
        {
            options = LoadedConfiguration.Load(new ServeArguments(files, null, [], Sandbox: false), errors)?.Options;
            exit = ExitCode.InvalidConfiguration;
        }
        else if (parsed.GetValue(SendSymbols.Jid) is { } jid)
        {
            options = ReadSecretFile(parsed.GetValue(SendSymbols.PasswordFile)!, errors) is { } password ? OwnGateway.Account(jid, password, errors) : null;
        }
        else
        {
            options = new GatewayOptions();
        }

        return options is not null;
    }

    /// <summary>The file's only line.</summary>
    private static string? ReadSecretFile(string file, TextWriter errors)
    {
        try
        {
            var secret = File.ReadAllText(file, Encoding.UTF8).TrimEnd('\r', '\n');
            if (secret.Length > 0 && !secret.Any(char.IsControl))
            {
                return secret;
            }

            errors.WriteLine($"{file}: must hold one line");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or NotSupportedException or ArgumentException)
        {
            errors.WriteLine($"{file}: {(e is FileNotFoundException or DirectoryNotFoundException ? "no such file" : "cannot be read: look at the file's kind, owner and mode")}");
        }

        return null;
    }

    /// <summary>All of standard input, without the line ends behind it; null: too much.</summary>
    private static string? ReadInput()
    {
        using var input = Console.OpenStandardInput();
        using var text = new MemoryStream();
        var buffer = new byte[16 * 1024];
        for (int read; (read = input.Read(buffer)) > 0;)
        {
            text.Write(buffer, 0, read);
            if (text.Length > LongestInput)
            {
                return null;
            }
        }

        return Encoding.UTF8.GetString(text.GetBuffer(), 0, (int)text.Length).TrimEnd('\r', '\n');
    }

    private static async Task<int> RefuseAsync(ParseResult parsed, string fault)
    {
        var errors = parsed.InvocationConfiguration.Error;
        await errors.WriteLineAsync(fault);
        await errors.WriteLineAsync(CommandLine.SeeHelp(parsed));
        return ExitCode.Usage;
    }
}
