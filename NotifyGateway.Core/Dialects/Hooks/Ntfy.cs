namespace NotifyGateway.Core.Dialects.Hooks;

/// <summary>
/// What ntfy's clients publish (docs.ntfy.sh, "Publish"): the body is the message, the rest are headers or values of the query; or all of it is JSON with a
/// <c>topic</c>. The topic counts for nothing here, nor do delays, actions, icons and mails.
/// </summary>
internal static class Ntfy
{
    /// <summary>What ntfy says where nothing is said.</summary>
    private const string NothingSaid = "triggered";

    private static readonly string[] TitleNames = ["X-Title", "Title", "ti", "t"];
    private static readonly string[] PriorityNames = ["X-Priority", "Priority", "prio", "p"];
    private static readonly string[] TagsNames = ["X-Tags", "Tags", "Tag", "ta"];
    private static readonly string[] MessageNames = ["X-Message", "Message", "m"];
    private static readonly string[] ClickNames = ["X-Click", "Click"];
    private static readonly string[] AttachNames = ["X-Attach", "Attach", "a"];
    private static readonly string[] FileNames = ["X-Filename", "Filename", "File", "f"];
    private static readonly string[] MarkdownNames = ["X-Markdown", "Markdown", "md"];

    private static readonly HashSet<string> JsonNames = new(StringComparer.Ordinal)
    {
        "topic", "message", "title", "tags", "priority", "actions", "click", "attach", "markdown", "icon", "filename", "delay", "email", "call", "cache", "firebase", "sequence_id",
    };

    /// <summary>Known by its headers, unless the body is JSON; or by a JSON object of nothing but its names, the topic and something to say among them.</summary>
    public static HookSender Sender { get; } = new("ntfy", r => IsJson(r) || (r.Payload is not (PayloadObject or PayloadList) || r.Form is not null) && !r.DeclaresJson && HasHeaders(r), Read);

    /// <summary>Reads what was published by any of ntfy's ways. Never throws; without a word it says what ntfy says.</summary>
    public static HookReading Read(HookRequest request) => Topical(request) is { } payload ? Json(payload) : Text(request);

    private static bool HasHeaders(HookRequest request) =>
        request.Header("X-Title") is not null || request.Header("X-Priority") is not null || request.Header("X-Tags") is not null || request.Header("Title") is not null;

    private static bool IsJson(HookRequest request) => Topical(request) is { } payload
        && payload.Entries.All(e => JsonNames.Contains(e.Key)) && (payload.Has("message") || payload.Has("title"));

    private static PayloadObject? Topical(HookRequest request) =>
        request.Form is null && request.Payload is PayloadObject payload && payload.TextAt("topic") is not null ? payload : null;

    private static HookReading.Message Json(PayloadObject payload) => Message(new Published
    {
        Text = payload.TextAt("message"),
        Title = payload.TextAt("title"),
        Priority = payload.TextAt("priority"),
        Tags = payload.ListAt("tags").OfType<PayloadText>().Select(t => t.Text),
        Click = payload.TextAt("click"),
        Attach = payload.TextAt("attach"),
        File = payload.TextAt("filename"),
        IsMarkdown = payload.TextAt("markdown") is "true",
    });

    private static HookReading.Message Text(HookRequest request)
    {
        // With a file's name, the body is the file.
        var file = Value(request, FileNames) ?? (request.Files is [var first, ..] ? first : null);
        return Message(new Published
        {
            Text = Value(request, MessageNames)?.Replace("\\n", "\n", StringComparison.Ordinal) ?? (file is null ? request.Text : null),
            Title = Value(request, TitleNames),
            Priority = Value(request, PriorityNames),
            Tags = (Value(request, TagsNames) ?? "").Split(','),
            Click = Value(request, ClickNames),
            Attach = Value(request, AttachNames),
            File = file,
            IsMarkdown = request.MediaType is "text/markdown" || Value(request, MarkdownNames)?.ToLowerInvariant() is "1" or "yes" or "true",
        });
    }

    /// <summary>A header, else a value of the query by the same name in lower case.</summary>
    private static string? Value(HookRequest request, string[] names) =>
        names.Select(request.Header).Concat(names.Select(n => request.Query(n.ToLowerInvariant()))).FirstOrDefault(v => !string.IsNullOrWhiteSpace(v)) is { } value ? EncodedWords.Decode(value) : null;

    private static HookReading.Message Message(Published published)
    {
        var (emoji, words) = NtfyTags.Read(published.Tags);
        var title = EventModel.Line(published.Title, EventModel.TextLength);
        var file = published.File ?? EventModel.Address(published.Attach);
        var said = !string.IsNullOrWhiteSpace(published.Text) ? published.Text.Trim() : file is null ? NothingSaid : null;
        var end = (words.Length > 0 ? $" [{words}]" : "") + (EventModel.Address(published.Click) is { } click ? $" {click}" : "");
        var text = $"{(title is null ? emoji : "")}{said}{end}".Trim();
        return new HookReading.Message(Attachments.Name(text, file is null ? [] : [EventModel.Address(published.Attach) ?? file]))
        {
            Title = title is null ? null : emoji + title,
            Severity = SeverityOf(published.Priority),
            Markup = published.IsMarkdown ? Markup.Markdown : Markup.Plain,
        };
    }

    private static Severity? SeverityOf(string? priority) => priority?.Trim().ToLowerInvariant() switch
    {
        "5" or "max" or "urgent" => Severity.Error,
        "4" or "high" => Severity.Warning,
        _ => null,
    };

    private sealed record Published
    {
        public string? Text { get; init; }

        public string? Title { get; init; }

        public string? Priority { get; init; }

        public IEnumerable<string> Tags { get; init; } = [];

        public string? Click { get; init; }

        public string? Attach { get; init; }

        public string? File { get; init; }

        public bool IsMarkdown { get; init; }
    }
}
