using System.Text;
using NotifyGateway.Core;
using NotifyGateway.Core.Configuration;
using NotifyGateway.Core.Dialects.Hooks;
using NotifyGateway.Core.Routing;

namespace NotifyGateway.Api.Http.Hooks;

/// <summary>The way of a request through every door to a hook: who it is, what it says, where that goes. The doors differ in their terms and their answers.</summary>
internal sealed partial class HookDoor(
    Doorkeeper door, HookDirectory hooks, HookRates rates, HookBody bodies, GatewayState state, HttpIntake intake, GatewayOptions options, TimeProvider time, ILogger<HookDoor> log)
{
    /// <summary>Seconds after which a sender may try again while the outbox is full or cannot store.</summary>
    private const int RetryWhenBusy = 10;

    /// <summary>Takes a request. Returns when its message is on disk, or it is refused.</summary>
    public async Task<HookOutcome> TakeAsync(HttpRequest request, string token, HookTerms terms, CancellationToken cancellationToken)
    {
        if (door.RefuseForeignPage(request) is { } foreign)
        {
            return Refused(null, HookResult.ForeignPage, foreign.Detail);
        }

        var known = hooks.Identify(token);
        if (HttpMethods.IsGet(request.Method) && known is not { Options.AllowGet: true })
        {
            if (known is null)
            {
                door.HoldAnswer(request);
            }

            return Refused(known, HookResult.WrongMethod, "method_not_allowed");
        }

        if (known is not { } hook)
        {
            door.HoldAnswer(request);
            return Refused(null, HookResult.WrongToken, "Token mismatch");
        }

        if (request.Headers.ContentEncoding.ToString() is { Length: > 0 } encoding && !encoding.Equals("identity", StringComparison.OrdinalIgnoreCase))
        {
            return Refused(hook, HookResult.WrongEncoding, "A compressed body is not taken.");
        }

        var limit = terms.IsAsBefore(hook.Options.Format ?? terms.Format) ? options.MaxMessageBytes + BoundedBody.Envelope : HookBody.Limit;
        return await bodies.UseAsync(
            request, limit, body => body is null ? Task.FromResult(Refused(hook, HookResult.TooLarge, Refusal.TooLarge(limit).Detail)) : ReadAsync(request, body, hook, terms, cancellationToken), cancellationToken);
    }

    private async Task<HookOutcome> ReadAsync(HttpRequest request, byte[] body, NamedHook hook, HookTerms terms, CancellationToken cancellationToken)
    {
        if (hook.Options.SigningSecret is { } secret
            && !HookSignature.IsRight(secret, name => request.Headers.TryGetValue(name, out var value) ? value.ToString() : null, body, time.GetUtcNow()))
        {
            LogSignature(hook.Name);
            door.HoldAnswer(request);
            return Refused(hook, HookResult.WrongSignature, "The signature is missing or wrong.");
        }

        if (rates.Take(hook) is { } seconds)
        {
            return Refused(hook, HookResult.Busy, $"This hook takes {hook.Options.PerMinute} requests a minute.", seconds);
        }

        var format = hook.Options.Format ?? terms.Format;
        if (await HookRequests.OfAsync(request, body, format, terms, cancellationToken) is not { } said)
        {
            return Refused(hook, HookResult.InvalidPayload, "malformed form");
        }

        switch (state.Templates.Reader(options.MaxMessageBytes).Read(said, format, hook.Options.Template))
        {
            case HookReading.Message message:
                return await SubmitAsync(said, terms.IsAsBefore(format) ? message : Shortened(message), hook);
            case HookReading.Silence silence:
                LogSilence(hook.Name, PublicName.Of(silence.Why));
                return new HookOutcome(HookResult.Silent) { Hook = hook };
            case HookReading.Refused refused:
                return Refused(hook, refused.Fault == HookFault.NoText ? HookResult.NoText : HookResult.InvalidPayload, refused.Why);
            default:
                throw new InvalidOperationException("an event without words");
        }
    }

    private async Task<HookOutcome> SubmitAsync(HookRequest said, HookReading.Message message, NamedHook hook)
    {
        var repeat = Repeat(said, message);
        var isGuarded = repeat is not null && (repeat.IsDelivery || hook.Options.Repeat > TimeSpan.Zero);
        var result = await intake.AcceptAsync(new Submission
        {
            Input = HttpIntake.Input,
            Client = $"hook:{hook.Name}",
            To = Addressing.Named(hook.Options.To) with { Nick = hook.Options.Nick, Preferred = message.Channel },
            Title = message.Title,
            Text = message.Text,
            Severity = message.Severity,
            Markup = message.Markup,
            Repeat = isGuarded ? HookRepeats.Guard(repeat!) : null,
            RepeatFor = isGuarded && !repeat!.IsDelivery ? hook.Options.Repeat : null,
        });
        foreach (var unknown in result.Unknown)
        {
            LogUnknown(hook.Name, unknown);
        }

        return result switch
        {
            { IsAccepted: true } => new HookOutcome(HookResult.Accepted) { Hook = hook, Message = message, MessageId = result.MessageId, Priority = said.Priority },
            { Status: IntakeStatus.UnknownDestination } => new HookOutcome(HookResult.NoDestination) { Hook = hook, Detail = string.Join("; ", result.Unknown) },
            { Status: IntakeStatus.TooMany } => new HookOutcome(HookResult.NoDestination) { Hook = hook, Detail = result.Reason ?? "too many destinations" },
            { Status: IntakeStatus.TooLarge } => new HookOutcome(HookResult.TooLarge) { Hook = hook, Detail = Refusal.TooLarge(options.MaxMessageBytes).Detail },
            _ => new HookOutcome(HookResult.Busy) { Hook = hook, Detail = result.Reason ?? "The gateway cannot accept messages at the moment.", RetryAfter = RetryWhenBusy },
        };
    }

    /// <summary>The sender's own id of this delivery, wherever it stands, comes before what the event is about.</summary>
    private static HookRepeat? Repeat(HookRequest said, HookReading.Message message) =>
        message.Repeat is { IsDelivery: true } ? message.Repeat : HookRepeats.OfHeaders(said) ?? message.Repeat;

    /// <summary>A message that is too long is cut, for its sender cannot help it: whoever writes JSON does not know how it is shown.</summary>
    private HookReading.Message Shortened(HookReading.Message message)
    {
        var title = HookLength.Cut(message.Title ?? "", options.MaxMessageBytes / 4, "…");
        var text = HookLength.Cut(message.Text, options.MaxMessageBytes - Encoding.UTF8.GetByteCount(title), "\n… (shortened)");
        return message with { Title = message.Title is null ? null : title, Text = text };
    }

    private HookOutcome Refused(NamedHook? hook, HookResult result, string detail, int? retryAfter = null)
    {
        var outcome = new HookOutcome(result) { Hook = hook, Detail = detail, RetryAfter = retryAfter };
        intake.Refuse(outcome.Refusal);
        if (hook is null)
        {
            LogStranger(detail);
        }
        else if (result is not (HookResult.WrongSignature or HookResult.Busy))
        {
            LogRefused(hook.Value.Name, detail);
        }

        return outcome;
    }

    [LoggerMessage(2011, LogLevel.Information, "Hook {Hook} names a destination that cannot be served: {Destination}")]
    private partial void LogUnknown(string hook, UnknownDestination destination);

    [LoggerMessage(2012, LogLevel.Information, "A request to hook {Hook} is not signed with its secret, or not within five minutes")]
    private partial void LogSignature(string hook);

    [LoggerMessage(2014, LogLevel.Information, "Hook {Hook} refuses a request: {Why}")]
    private partial void LogRefused(string hook, string why);

    [LoggerMessage(2015, LogLevel.Information, "A request to a hook is refused: {Why}")]
    private partial void LogStranger(string why);

    [LoggerMessage(2013, LogLevel.Debug, "Hook {Hook} sends nothing: {Why}")]
    private partial void LogSilence(string hook, string why);
}
