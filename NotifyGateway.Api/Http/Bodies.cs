using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Text.Json.Serialization;
using NotifyGateway.Core;
using NotifyGateway.Core.Outbox;
using NotifyGateway.Core.Routing;
using NotifyGateway.Core.Sessions;

namespace NotifyGateway.Api.Http;

/// <summary>A message's outcome as the API shows it. Field names and words are public contract.</summary>
[Description("A message and how each of its deliveries stands.")]
internal sealed record ReceiptBody(
    [property: Description("The message's id, a UUID.")] string Id,
    [property: Description("queued while one delivery is; then delivered if all are, failed if none is, partial otherwise.")]
    [property: AllowedValues("queued", "delivered", "failed", "partial", "expired", "cancelled")] string Status,
    [property: Description("One entry for each destination, in the order of the request.")] IReadOnlyList<DeliveryBody> Deliveries)
{
    public static ReceiptBody Of(Receipt receipt)
    {
        var deliveries = new DeliveryBody[receipt.Deliveries.Count];
        for (var i = 0; i < deliveries.Length; i++)
        {
            var d = receipt.Deliveries[i];
            deliveries[i] = new DeliveryBody(d.Id, d.To, Words.Of(d.Status), d.Attempts, d.Reason, Words.Of(d.Proof), d.SettledAt);
        }

        return new ReceiptBody(Format(receipt.Notification.Id), Words.Of(receipt.Status), deliveries);
    }

    /// <summary>A message at the moment of its acceptance: nothing has happened to it yet.</summary>
    public static ReceiptBody OfAccepted(Guid id, IReadOnlyList<Destination> destinations)
    {
        var deliveries = new DeliveryBody[destinations.Count];
        for (var i = 0; i < deliveries.Length; i++)
        {
            deliveries[i] = new DeliveryBody(DeliveryId.Format(id, i), destinations[i].Name, Words.Of(DeliveryStatus.Queued), 0, null, null, null);
        }

        return new ReceiptBody(Format(id), Words.Of(deliveries.Length == 0 ? MessageStatus.Delivered : MessageStatus.Queued), deliveries);
    }

    public static string Format(Guid id) => id.ToString("D");
}

/// <summary>One delivery of a message.</summary>
[Description("One delivery of a message.")]
internal sealed record DeliveryBody(
    [property: Description("The delivery's id: the message's id, a hyphen and a number.")] string Id,
    [property: Description("The destination's name.")] string To,
    [property: Description("Where the delivery stands.")]
    [property: AllowedValues("queued", "delivered", "failed", "expired", "cancelled")] string Status,
    [property: Description("How often it was written to a connection.")] int Attempts,
    [property: Description("The other side's own words (an IRC numeric and its text, for example), or why the delivery still waits; for one that was delivered another way, which: told in the fallback channel, or folded into one line with others.")] string? Reason,
    [property: Description("What showed that the other side processed it; null until then.")]
    [property: AllowedValues("echo", "pong", "ack", "reflection", "exit", null)] string? Proof,
    [property: Description("When it came to its end; null while queued.")] DateTimeOffset? SettledAt);

/// <summary>A page of messages.</summary>
[Description("A page of messages, newest first.")]
internal sealed record PageBody(
    [property: Description("The messages of this page.")] IReadOnlyList<MessageBody> Items,
    [property: Description("The cursor of the next page, for the parameter before; null on the last page.")] string? Next)
{
    public static PageBody Of(ReceiptPage page) => new([.. page.Items.Select(MessageBody.Shortened)], page.Next);
}

/// <summary>A destination as the API shows it.</summary>
[Description("A destination that the configuration names.")]
internal sealed record DestinationBody(
    [property: Description("What a message names it by.")] string Name,
    [property: Description("The session that delivers; null for an alias.")] string? Session,
    [property: Description("What stands there. undecided: an XMPP address of which the server will be asked; alias: one or more others.")]
    [property: AllowedValues("channel", "user", "room", "undecided", "program", "log", "alias")] string Kind)
{
    public static DestinationBody Of(KnownDestination known) => new(known.Name, known.Session, Words.Of(known.Kind));
}

/// <summary>A session as the API shows it.</summary>
[Description("A connection to a network, shared by every message that goes there.")]
internal sealed record SessionBody(
    [property: Description("The configured name; for a server named only by a URL, that URL without credentials.")] string Name,
    [property: Description("What it speaks.")] string Protocol,
    [property: Description("waiting: the next attempt has a time; faulted: only a long pause or a command tries again; idle: nothing to do yet.")]
    [property: AllowedValues("online", "connecting", "waiting", "faulted", "idle")] string State,
    [property: Description("The gateway's nick there, once known.")] string? Nick,
    [property: Description("host:port.")] string? Server,
    [property: Description("When it came to this state; connecting and waiting between attempts count as one.")] DateTimeOffset Since,
    [property: Description("The channels that it keeps joined.")] IReadOnlyList<ChannelBody> Channels,
    [property: Description("How many deliveries wait for it.")] long Queued,
    [property: Description("What went wrong last; null if nothing did.")] string? LastError,
    [property: Description("When it connects again, while waiting or faulted.")] DateTimeOffset? NextAttemptAt,
    [property: Description("When the oldest message that waits for it was accepted; null while nothing waits.")] DateTimeOffset? OldestQueuedAt)
{
    public static SessionBody Of(SessionStatus session, DateTimeOffset? oldestQueuedAt) => new(
        session.Name, session.Protocol, Words.Of(session.State), session.Nick, session.Server, session.Since,
        [.. session.Channels.Select(c => new ChannelBody(c.Name, Words.Of(c.State), c.Reason))],
        session.Queued, session.LastError, session.NextAttemptAt, oldestQueuedAt);
}

/// <summary>A channel of a session.</summary>
[Description("A channel of a session.")]
internal sealed record ChannelBody(
    [property: Description("The channel's name.")] string Name,
    [property: Description("parked: refused by the server, and tried again later.")]
    [property: AllowedValues("joined", "joining", "parked")] string State,
    [property: Description("The server's own words when it is parked.")] string? Reason);

/// <summary>The data of the event <c>delivery</c>.</summary>
[Description("A delivery that came to its end.")]
internal sealed record DeliveryEventBody(
    [property: Description("The delivery's id.")] string Id,
    [property: Description("Its message's id.")] string MessageId,
    [property: Description("The destination's name.")] string To,
    [property: Description("Who delivered it.")] string Session,
    [property: Description("How it ended.")][property: AllowedValues("delivered", "failed", "expired", "cancelled")] string Status,
    [property: Description("How often it was written to a connection.")] int Attempts,
    [property: Description("The other side's own words; for one that was delivered another way, which: told in the fallback channel, or folded into one line with others.")] string? Reason,
    [property: Description("What showed that the other side processed it.")]
    [property: AllowedValues("echo", "pong", "ack", "reflection", "exit", null)] string? Proof,
    [property: Description("When it ended.")] DateTimeOffset SettledAt,
    [property: Description("Whose message it was.")] string Client,
    [property: Description("When the message was accepted.")] DateTimeOffset AcceptedAt)
{
    public static DeliveryEventBody Of(Settlement s) => new(
        DeliveryId.Format(s.MessageId, s.Ordinal), ReceiptBody.Format(s.MessageId), s.To, s.Session.Name, Words.Of(s.Outcome.Status),
        s.Attempts, s.Outcome.Reason, Words.Of(s.Outcome.Proof), s.SettledAt, s.Client, s.AcceptedAt);
}

/// <summary>The data of the event <c>removed</c>: a session that is no more.</summary>
internal sealed record SessionRemovedBody(string Name);

/// <summary>The data of the event <c>dropped</c>: how many deliveries a slow reader missed.</summary>
internal sealed record DroppedBody(long Count);

/// <summary>Whether the gateway can accept messages.</summary>
[Description("Whether the gateway can accept messages.")]
internal sealed record ReadinessBody(
    [property: Description("ready or unready.")][property: AllowedValues("ready", "unready")] string Status,
    [property: Description("Why it is not ready; empty when it is.")] IReadOnlyList<string> Reasons,
    [property: Description("For information: a session that is not online makes nothing unready, for its messages are accepted and wait.")] SessionCountsBody Sessions);

/// <summary>How many sessions stand how.</summary>
[Description("How many sessions there are in each state.")]
internal sealed record SessionCountsBody(
    [property: Description("Logged in, or a program that runs.")] int Online,
    [property: Description("On the way.")] int Connecting,
    [property: Description("The next attempt has a time.")] int Waiting,
    [property: Description("Refused: only a long pause or a command tries again.")] int Faulted,
    [property: Description("Nothing to do.")] int Idle)
{
    public static SessionCountsBody Of(IReadOnlyList<SessionStatus> sessions)
    {
        return new(Count(SessionState.Online), Count(SessionState.Connecting), Count(SessionState.Waiting), Count(SessionState.Faulted), Count(SessionState.Idle));

        int Count(SessionState state) => sessions.Count(s => s.State == state);
    }

    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"{Online} online, {Connecting} connecting, {Waiting} waiting, {Faulted} faulted, {Idle} idle");
}

/// <summary>The answer of the XMPP MUC Message Gateway.</summary>
[Description("The message is on disk.")]
internal sealed record PostedBody([property: Description("Always true.")] bool Success);

/// <summary>The refusal of the XMPP MUC Message Gateway.</summary>
[Description("Why a message is refused.")]
internal sealed record PostErrorBody([property: Description("The HTTP status, in numbers and words, and the reason.")] string Error);

/// <summary>The answer of ntfy to who publishes.</summary>
[Description("The message is on disk.")]
internal sealed record NtfyBody(
    [property: Description("The message's id.")] string Id,
    [property: Description("When it was accepted, in seconds since 1970.")] long Time,
    [property: Description("Always message.")] string Event,
    [property: Description("Always empty: the topic is the hook's token.")] string Topic,
    [property: Description("What was sent.")] string Message,
    [property: Description("Its title; absent when it has none.")]
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Title);

/// <summary>The refusal of ntfy.</summary>
[Description("Why a message is refused.")]
internal sealed record NtfyErrorBody(
    [property: Description("The HTTP status and two further digits.")] int Code,
    [property: Description("The HTTP status.")] int Http,
    [property: Description("What is wrong, in words.")] string Error);

/// <summary>The answer of Gotify.</summary>
[Description("The message is on disk.")]
internal sealed record GotifyBody(
    [property: Description("A whole number of the message's own, below 2^53.")] long Id,
    [property: Description("Always 1: an application is a hook here.")] int Appid,
    [property: Description("What was sent.")] string Message,
    [property: Description("Its title; empty when it has none.")] string Title,
    [property: Description("As the sender gave it, else 0.")] int Priority,
    [property: Description("When it was accepted.")] DateTimeOffset Date);

/// <summary>The refusal of Gotify.</summary>
[Description("Why a message is refused.")]
internal sealed record GotifyErrorBody(
    [property: Description("The HTTP status in words.")] string Error,
    [property: Description("The HTTP status.")] int ErrorCode,
    [property: Description("What is wrong, in words.")] string ErrorDescription);

/// <summary>RFC 9457.</summary>
[Description("An error, as RFC 9457 has it.")]
internal sealed record ProblemBody(
    [property: Description("Always about:blank: the status says what kind of error it is.")] string Type,
    [property: Description("The status in words.")] string Title,
    [property: Description("The HTTP status.")] int Status,
    [property: Description("What is wrong, in words.")] string Detail,
    [property: Description("With 422: what is wrong, by field of the request.")]
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyDictionary<string, string[]>? Errors = null);
