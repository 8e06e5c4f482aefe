namespace NotifyGateway.Core.Dialects.Hooks;

/// <summary>Apprise's <c>json://</c>, <c>form://</c> and <c>xml://</c> (appriseit.com, "Custom JSON", "Form", "XML"): a title, a message and its type.</summary>
internal static class Apprise
{
    public static HookSender Sender { get; } = new("apprise", IsIts, Read);

    // Its User-Agent alone says little: it stands on what Apprise sends to any service. XML that is none is refused here, since nobody else reads XML.
    private static bool IsIts(HookRequest request) => request.Payload is PayloadObject payload
        ? payload.TextAt("version") is not null && payload.TextAt("message") is not null && payload.TextAt("type") is "info" or "success" or "warning" or "failure"
        : AppriseXml.IsXml(request) && (AppriseXml.Read(request.Text, out var isBroken) is not null || isBroken && AppriseXml.DeclaresXml(request));

    private static HookReading Read(HookRequest request) => request.Payload is PayloadObject payload
        ? Message(payload.TextAt("title"), payload.TextAt("message"), payload.TextAt("type"), [.. payload.ListAt("attachments").Select(a => a.TextAt("filename")), .. request.Files])
        : AppriseXml.Read(request.Text, out _) is { } note ? Message(note.Title, note.Text, note.Type, note.Files)
        : new HookReading.Refused(HookFault.InvalidPayload, "it is no XML, or has a document type, or is nested too deeply");

    private static HookReading Message(string? title, string? text, string? type, IEnumerable<string?> files)
    {
        var named = Attachments.Name(text, files);
        var heading = EventModel.Line(title, EventModel.TextLength);
        return string.IsNullOrWhiteSpace(named) && heading is null ? new HookReading.Refused(HookFault.NoText, "there is no text in it")
            : new HookReading.Message(string.IsNullOrWhiteSpace(named) ? heading! : named) { Title = string.IsNullOrWhiteSpace(named) ? null : heading, Severity = SeverityOf(type) };
    }

    /// <summary>Info is what Apprise says unless it is told otherwise, so it is no severity.</summary>
    private static Severity? SeverityOf(string? type) => type switch
    {
        "failure" => Severity.Error,
        "warning" => Severity.Warning,
        "success" => Severity.Success,
        _ => null,
    };
}
