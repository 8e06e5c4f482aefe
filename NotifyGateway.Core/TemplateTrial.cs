using System.Text;
using NotifyGateway.Core.Configuration;
using NotifyGateway.Core.Dialects;
using NotifyGateway.Core.Dialects.Hooks;
using NotifyGateway.Core.Formatting;
using NotifyGateway.Core.Templates;

namespace NotifyGateway.Core;

/// <summary>What would be sent of a hook's payload, without sending it.</summary>
public sealed class TemplateTrial
{
    /// <summary>Stands for the template of whoever is recognized as the sender.</summary>
    public const string Auto = "auto";

    private readonly TemplateSet _templates;

    /// <param name="directory">That of the user's templates; null: the built-in ones alone.</param>
    public TemplateTrial(string? directory) => (_templates, Faults) = TemplateFiles.Read(directory);

    /// <summary>What is wrong in the directory.</summary>
    public IReadOnlyList<string> Faults { get; }

    /// <summary>The names of all templates, sorted.</summary>
    public IEnumerable<string> Names => _templates.Names;

    /// <summary>The text of a template; null when there is none of that name.</summary>
    public string? Source(string name) => _templates.Source(name);

    /// <summary>What is wrong with a template's name, or with a text that holds <c>{{</c>; null: nothing.</summary>
    public string? Wrong(string template) => template is Auto ? null : _templates.Wrong(template);

    /// <summary>Reads a payload as a hook with this template would.</summary>
    /// <param name="template">A name, a text that holds <c>{{</c>, or <see cref="Auto"/>.</param>
    /// <param name="headers">Of the request; their names in any case.</param>
    /// <param name="body">JSON, or whatever the sender posts.</param>
    public TrialResult Try(string template, IReadOnlyDictionary<string, string> headers, byte[] body)
    {
        var named = new Dictionary<string, string>(headers, StringComparer.OrdinalIgnoreCase);
        var request = new HookRequest
        {
            Header = name => named.GetValueOrDefault(name),
            Query = _ => null,
            MediaType = named.GetValueOrDefault("Content-Type", "").Split(';')[0].Trim().ToLowerInvariant(),
            Text = LineText.Decode(JsonText.WithoutMark(body)),
            Body = body,
        };
        var sender = HookSenders.Of(request);

        // Of a sender that is not known, or has no event here, a template gets the payload itself.
        var format = template is Auto || sender?.Read(request) is HookReading.Event ? HookFormat.Auto : HookFormat.Template;
        var reading = new HookReader(_templates).Read(request, format, template is Auto ? null : template);
        return reading switch
        {
            HookReading.Message message => Shown(sender?.Name, message),
            HookReading.Silence silence => new(sender?.Name, null, silence.Why),
            HookReading.Refused refused => new(sender?.Name, refused.Why, null),
            _ => throw new InvalidOperationException(reading.GetType().Name),
        };
    }

    private static TrialResult Shown(string? sender, HookReading.Message message)
    {
        var notification = new Notification
        {
            Id = Guid.Empty,
            Client = "hook",
            Input = "http",
            Title = message.Title,
            Text = message.Text,
            Severity = message.Severity,
            Markup = message.Markup,
            AcceptedAt = DateTimeOffset.UnixEpoch,
            ExpiresAt = DateTimeOffset.UnixEpoch,
        };
        return new(sender, null, null)
        {
            Severity = message.Severity,
            Repeat = message.Repeat?.Key,
            Irc = IrcText.Lines(notification, colors: true),
            Xmpp = XmppText.Body(notification),
        };
    }
}

/// <summary>What came of it.</summary>
/// <param name="Sender">Who was recognized; null: nobody.</param>
/// <param name="Fault">Why it would be refused; null: it would not.</param>
/// <param name="Silence">Why nothing would be sent; null: something would.</param>
public sealed record TrialResult(string? Sender, string? Fault, string? Silence)
{
    public Severity? Severity { get; init; }

    /// <summary>What a repeat of the same event has in common with it.</summary>
    public string? Repeat { get; init; }

    /// <summary>The lines with IRC's format codes.</summary>
    public IReadOnlyList<string> Irc { get; init; } = [];

    public string Xmpp { get; init; } = "";
}
