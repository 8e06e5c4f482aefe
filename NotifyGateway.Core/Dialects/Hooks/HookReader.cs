using NotifyGateway.Core.Configuration;
using NotifyGateway.Core.Formatting;
using NotifyGateway.Core.Templates;

namespace NotifyGateway.Core.Dialects.Hooks;

/// <summary>Reads what was posted to a hook, in the format of the hook. Events are put into words by templates.</summary>
internal sealed class HookReader(TemplateSet templates)
{
    /// <summary>Reads one request. Never throws, whatever was posted.</summary>
    /// <param name="request">What was posted.</param>
    /// <param name="format">The hook's, or that of its door.</param>
    /// <param name="template">The hook's template: a name, or the text itself if it holds <c>{{</c>; used with <see cref="HookFormat.Template"/>, or instead of the built-in one.</param>
    /// <returns>A message, silence, or why it is refused; never an <see cref="HookReading.Event"/>.</returns>
    public HookReading Read(HookRequest request, HookFormat format, string? template)
    {
        var reading = format switch
        {
            HookFormat.Auto => HookSenders.Of(request) is { } sender ? sender.Read(request) : Plain(request),
            HookFormat.Slack => SlackHook.Read(request),
            HookFormat.Json or HookFormat.Yaml => Pretty(request, format),
            HookFormat.Text => Text(request),
            _ => Templated(request, template),
        };
        return reading is HookReading.Event happened ? Tell(happened, template) : reading;
    }

    private HookReading Tell(HookReading.Event happened, string? template)
    {
        var (text, fault) = templates.Render(template ?? happened.Template, happened.Model);
        return text is null ? new HookReading.Refused(HookFault.InvalidPayload, fault!)
            : string.IsNullOrWhiteSpace(text) ? new HookReading.Silence($"the template {happened.Template} has nothing to say")
            : new HookReading.Message(text) { Severity = happened.Severity, Repeat = happened.Repeat };
    }

    private static HookReading Templated(HookRequest request, string? template) =>
        request.Payload is not { } payload ? new HookReading.Refused(HookFault.InvalidPayload, request.Fault ?? "there is nothing in it")
            : new HookReading.Event(template ?? "", payload as PayloadObject ?? PayloadObject.Of("value", payload));

    /// <summary>Of a sender that nobody knows: pretty JSON, or the raw text.</summary>
    private static HookReading Plain(HookRequest request) =>
        request.Payload is not null ? Pretty(request, HookFormat.Json)
            : request.DeclaresJson ? new HookReading.Refused(HookFault.InvalidPayload, request.Fault ?? "there is nothing in it")
            : Text(request);

    private static HookReading Pretty(HookRequest request, HookFormat format) =>
        request.Payload is { } payload ? new HookReading.Message(format == HookFormat.Yaml ? PayloadYaml.Write(payload) : PayloadJson.Write(payload))
            : new HookReading.Refused(HookFault.InvalidPayload, request.Fault ?? "there is nothing in it");

    private static HookReading Text(HookRequest request) =>
        string.IsNullOrWhiteSpace(request.Text) ? new HookReading.Refused(HookFault.NoText, "there is no text in it") : new HookReading.Message(request.Text);
}
