using System.Text;

namespace NotifyGateway.Core.Dialects.Hooks;

/// <summary>
/// What Slack's incoming webhooks take, and those made after them: Mattermost's, Rocket.Chat's, and every program that can post to one of the three. As JSON, or as JSON in the form field
/// <c>payload</c>.
/// </summary>
/// <remarks>
/// The three share the shape. A payload with something that only Mattermost has (<c>props</c>, <c>priority</c>, <c>type: custom_…</c>) is Mattermost's and its texts are Markdown; one with
/// something that only Rocket.Chat has is answered as Rocket.Chat does. All else is Slack's.
/// </remarks>
internal static class SlackHook
{
    private static readonly string[] OnlyRocketChat = ["alias", "avatar", "emoji", "roomId", "tmid", "parseUrls"];

    private static readonly string[] OnlyRocketChatsAttachments = ["title_link_download", "message_link", "collapsed", "audio_url", "video_url"];

    /// <summary>What a payload may hold beside its texts: with nothing else it is one without text.</summary>
    private static readonly string[] Beside =
        ["text", "attachments", "blocks", "channel", "username", "icon_url", "icon_emoji", "mrkdwn", "link_names", "unfurl_links", "unfurl_media", "parse", "as_user", "thread_ts", .. OnlyRocketChat];

    /// <summary>The sender as <c>Auto</c> knows it.</summary>
    public static HookSender Sender { get; } = new("slack", IsSlack, Read);

    /// <summary>Reads a request as Slack does: what is none of its payloads is <see cref="HookFault.InvalidPayload"/>, one that shows nothing <see cref="HookFault.NoText"/>.</summary>
    public static HookReading Read(HookRequest request)
    {
        var payload = PayloadOf(request, out var fault);
        if (payload is not PayloadObject message || (request.Form is not null && !IsShape(message)))
        {
            return new HookReading.Refused(HookFault.InvalidPayload, fault ?? "it is not a Slack message");
        }

        var title = message.TextAt("title")?.Trim();
        var text = SlackMessage.Text(message, IsMattermost(message));
        return text.Length == 0 && string.IsNullOrEmpty(title)
            ? new HookReading.Refused(HookFault.NoText, "there is no text in it")
            : new HookReading.Message(text)
            {
                Title = string.IsNullOrEmpty(title) ? null : title,
                Channel = message["channel"] is PayloadText { Text: { Length: > 0 } channel } ? channel : null,
                WantsSuccess = IsRocketChat(message),
            };
    }

    private static bool IsSlack(HookRequest request) =>
        request.Form is not null && request.Field("payload") is { } json ? json.AsSpan().TrimStart() is ['{', ..]
            : request.Payload is PayloadObject message && IsShape(message) && (request.Form is null || message.Entries.Count > 0);

    private static bool IsShape(PayloadObject message) =>
        message["text"] is PayloadText || message["attachments"] is PayloadList || message["blocks"] is PayloadList || message.At("props", "attachments") is PayloadList
        || message.Entries.All(e => Beside.Contains(e.Key, StringComparer.Ordinal));

    private static Payload? PayloadOf(HookRequest request, out string? fault)
    {
        if (request.Form is not null && request.Field("payload") is { } json)
        {
            return Payload.ParseJson(Encoding.UTF8.GetBytes(json), out fault);
        }

        fault = request.Fault;
        return request.Payload;
    }

    private static bool IsMattermost(PayloadObject message) =>
        message.Has("props") || message.Has("priority") || message.TextAt("type")?.StartsWith("custom_", StringComparison.Ordinal) == true;

    private static bool IsRocketChat(PayloadObject message) =>
        OnlyRocketChat.Any(name => message.Has(name))
        || message.ListAt("attachments").Take(SlackMessage.MostAttachments).Any(a => OnlyRocketChatsAttachments.Any(name => a.Has(name)));
}
