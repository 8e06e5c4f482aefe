using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using NotifyGateway.Core;

namespace NotifyGateway.Api.Http;

/// <summary>A stored message as the API shows it: what was said, and how each delivery stands.</summary>
[Description("A message, what it says, and how each of its deliveries stands.")]
internal sealed record MessageBody(
    [property: Description("The message's id, a UUID.")] string Id,
    [property: Description("queued while one delivery is; then delivered if all are, failed if none is, partial otherwise.")]
    [property: AllowedValues("queued", "delivered", "failed", "partial", "expired", "cancelled")] string Status,
    [property: Description("One entry for each destination, in the order of the request.")] IReadOnlyList<DeliveryBody> Deliveries,
    [property: Description("Who sent it.")] string Client,
    [property: Description("The door that it came through: http, tcp:irker, udp:irker, a hook …")] string Input,
    [property: Description("When it was accepted.")] DateTimeOffset AcceptedAt,
    [property: Description("When what is still queued of it expires.")] DateTimeOffset ExpiresAt,
    [property: Description("How grave it is; null if the sender did not say.")][property: AllowedValues("info", "success", "warning", "error", null)] string? Severity,
    [property: Description("How the text is to be read.")][property: AllowedValues("plain", "slack", "markdown")] string Markup,
    [property: Description("The title; null if it has none.")] string? Title,
    [property: Description("The text as it was sent; in a list only its beginning.")] string Text,
    [property: Description("Whether title or text is longer than shown here.")] bool Cut)
{
    /// <summary>What a list shows of a title or text, in UTF-16 units.</summary>
    private const int MaxShown = 240;

    public static MessageBody Of(Receipt receipt)
    {
        var n = receipt.Notification;
        var body = ReceiptBody.Of(receipt);
        return new MessageBody(
            body.Id, body.Status, body.Deliveries, n.Client, n.Input, n.AcceptedAt, n.ExpiresAt, n.Severity is { } s ? Words.Of(s) : null, Words.Of(n.Markup), n.Title, n.Text, Cut: false);
    }

    /// <summary>For a list, whose texts together could be of any size.</summary>
    public static MessageBody Shortened(Receipt receipt)
    {
        var whole = Of(receipt);
        var (title, text) = (Beginning(whole.Title ?? ""), Beginning(whole.Text));
        return title.Length == (whole.Title?.Length ?? 0) && text.Length == whole.Text.Length
            ? whole
            : whole with { Title = whole.Title is null ? null : title, Text = text, Cut = true };
    }

    /// <summary>Half a surrogate pair is no text.</summary>
    private static string Beginning(string text) => text.Length <= MaxShown ? text : text[..(char.IsHighSurrogate(text[MaxShown - 1]) ? MaxShown - 1 : MaxShown)];
}

/// <summary>How a message is written for one of its destinations.</summary>
[Description("How a message is written for one of its destinations at this moment.")]
internal sealed record LinesBody(
    [property: Description("The delivery's id.")] string Id,
    [property: Description("The destination's name.")] string To,
    [property: Description("IRC: the lines; XMPP: one body for each stanza; a program: its standard input; the log: its line. Null when there is no such session any more.")] IReadOnlyList<string>? Lines,
    [property: Description("connection: by what the server has told; configuration: without a connection, by what holds for every server.")]
    [property: AllowedValues("connection", "configuration", null)] string? Basis);
