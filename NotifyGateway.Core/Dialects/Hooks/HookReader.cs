using NotifyGateway.Core.Configuration;
using NotifyGateway.Core.Formatting;
using NotifyGateway.Core.Templates;

namespace NotifyGateway.Core.Dialects.Hooks;

/// <summary>Reads what was posted to a hook, in the format of the hook. Events are put into words by templates.</summary>
public sealed class HookReader
{
    /// <summary>Slack refuses more attachments than this in a message.</summary>
    public const int MaxAttachments = 100;

    private const int FilesNamed = 5;

    private readonly TemplateSet _templates;
    private readonly int _most;

    /// <param name="templates">The words.</param>
    /// <param name="most">About how many characters of pretty JSON or YAML somebody wants: no more are written. What is longer is cut by whoever asked.</param>
    internal HookReader(TemplateSet templates, int most = int.MaxValue)
    {
        _templates = templates;
        _most = most;
    }

    /// <summary>Reads one request. Never throws, whatever was posted.</summary>
    /// <param name="request">What was posted.</param>
    /// <param name="format">The hook's, or that of its door.</param>
    /// <param name="template">The hook's template: a name, or the text itself if it holds <c>{{</c>; used with <see cref="HookFormat.Template"/>, or instead of the built-in one.</param>
    /// <returns>A message, silence, or why it is refused; never an <see cref="HookReading.Event"/>.</returns>
    public HookReading Read(HookRequest request, HookFormat format, string? template)
    {
        var reading = format switch
        {
            HookFormat.Auto or HookFormat.Slack when request.Payload?.ListAt("attachments").Count > MaxAttachments =>
                new HookReading.Refused(HookFault.InvalidPayload, $"a message has at most {MaxAttachments} attachments"),
            HookFormat.Auto when HookSenders.Of(request) is { } sender => Named(sender.Read(request), request),
            HookFormat.Slack => Named(SlackHook.Read(request), request),
            not HookFormat.Text when SaysNothing(request, format) => Named(new HookReading.Refused(HookFault.NoText, "there is no text in it"), request),
            HookFormat.Auto => template is not null && request.Payload is not null ? Templated(request, template) : Plain(request),
            HookFormat.Json or HookFormat.Yaml => Pretty(request, format),
            HookFormat.Text => Text(request),
            _ => Templated(request, template),
        };
        return reading is HookReading.Event happened ? Tell(happened, template) : reading;
    }

    /// <summary>Whether it is JSON or a form with nothing in it. Whatever the format would make of that, such as the words of a template: there is no text to be sent.</summary>
    /// <remarks>The XMPP MUC Message Gateway sends any JSON value, and so does its door.</remarks>
    private static bool SaysNothing(HookRequest request, HookFormat format) => (request.Door != HookDoors.MucGateway || format == HookFormat.Auto)
        && request.Payload is PayloadObject { Entries: [] } or PayloadList { Items: [] } or PayloadText { Text: "" } or PayloadWord { Word: "null" };

    private HookReading Tell(HookReading.Event happened, string? template)
    {
        var (text, fault) = _templates.Render(template ?? happened.Template, happened.Model);
        return text is null ? new HookReading.Refused(HookFault.InvalidPayload, fault!)
            : string.IsNullOrWhiteSpace(text) ? new HookReading.Silence($"the template {happened.Template} has nothing to say")
            : new HookReading.Message(text) { Severity = happened.Severity, Repeat = happened.Repeat };
    }

    /// <summary>Files that came along are named behind the text, or instead of one, unless the text does so already.</summary>
    private static HookReading Named(HookReading reading, HookRequest request)
    {
        var text = (reading as HookReading.Message)?.Text ?? "";
        string[] files = [.. request.Files.Where(f => !text.Contains(f, StringComparison.Ordinal))];
        if (files.Length == 0)
        {
            return reading;
        }

        var rest = files.Length > FilesNamed ? $" and {files.Length - FilesNamed} more" : "";
        var names = $"Attached: {string.Join(", ", files.Take(FilesNamed))}{rest}";
        return reading switch
        {
            HookReading.Message message => message with { Text = text.Length == 0 ? names : $"{text}\n{names}" },
            HookReading.Refused { Fault: HookFault.NoText } => new HookReading.Message(names),
            _ => reading,
        };
    }

    private static HookReading Templated(HookRequest request, string? template) =>
        request.Payload is not { } payload ? new HookReading.Refused(HookFault.InvalidPayload, request.Fault ?? "there is nothing in it")
            : new HookReading.Event(template ?? "", payload as PayloadObject ?? PayloadObject.Of("value", payload));

    /// <summary>Of a sender that nobody knows: pretty JSON, or the raw text.</summary>
    private HookReading Plain(HookRequest request) => request switch
    {
        { Door: HookDoors.Ntfy } => Text(request),
        { Payload: not null } => Pretty(request, HookFormat.Json),
        { DeclaresJson: true } => new HookReading.Refused(HookFault.InvalidPayload, request.Fault ?? "there is nothing in it"),
        _ => Text(request),
    };

    private HookReading Pretty(HookRequest request, HookFormat format) =>
        request.Payload is { } payload ? new HookReading.Message(format == HookFormat.Yaml ? PayloadYaml.Write(payload, _most) : PayloadJson.Write(payload, _most))
            : new HookReading.Refused(HookFault.InvalidPayload, request.Fault ?? "there is nothing in it");

    /// <remarks>A NUL stands in no text: what holds one is a picture or a program, and no words for people.</remarks>
    private static HookReading Text(HookRequest request) =>
        request.Text.Contains('\0', StringComparison.Ordinal) ? new HookReading.Refused(HookFault.InvalidPayload, "it is no text")
            : string.IsNullOrWhiteSpace(request.Text) ? new HookReading.Refused(HookFault.NoText, "there is no text in it") : new HookReading.Message(request.Text);
}
