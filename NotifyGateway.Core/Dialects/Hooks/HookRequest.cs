using System.Globalization;

namespace NotifyGateway.Core.Dialects.Hooks;

/// <summary>What somebody posted to a hook, before anybody knows who it was. A door fills it; the senders read it.</summary>
public sealed class HookRequest
{
    private Payload? _payload;
    private string? _fault;
    private bool _isParsed;

    /// <summary>The door that it came by: one that is for a single sender says who it is.</summary>
    public HookDoors Door { get; init; }

    /// <summary>A header's value by its name, in any case; null when it is absent. Several values stand behind each other with commas between them.</summary>
    public required Func<string, string?> Header { get; init; }

    /// <summary>A value of the query by its name; null when it is absent.</summary>
    public required Func<string, string?> Query { get; init; }

    /// <summary>As declared, without parameters, in lower case; empty when it is absent.</summary>
    public string MediaType { get; init; } = "";

    /// <summary>The body as text, decoded by its charset; empty for a multipart form.</summary>
    public required string Text { get; init; }

    /// <summary>The body's bytes in UTF-8 without a mark: those that came, or those of <see cref="Text"/> where it came in another charset.</summary>
    public required ReadOnlyMemory<byte> Body { get; init; }

    /// <summary>The fields, when the body is a form of either kind; a field that comes several times has several values.</summary>
    public IReadOnlyList<KeyValuePair<string, IReadOnlyList<string>>>? Form { get; init; }

    /// <summary>The names of the files of a multipart form: they are named, not sent.</summary>
    public IReadOnlyList<string> Files { get; init; } = [];

    /// <summary>The body declares itself as JSON (<c>application/json</c> or <c>…+json</c>).</summary>
    public bool DeclaresJson => MediaType is "application/json" or "text/json" || MediaType.EndsWith("+json", StringComparison.Ordinal);

    /// <summary>The body as JSON, or the form's fields as a JSON object; null when it is neither.</summary>
    internal Payload? Payload
    {
        get
        {
            if (!_isParsed)
            {
                _isParsed = true;
                _payload = Form is not null ? Payload.OfForm(Form) : Payload.ParseJson(Body.Span, out _fault);
            }

            return _payload;
        }
    }

    /// <summary>Why <see cref="Payload"/> is null; holds nothing of the body.</summary>
    public string? Fault => Payload is null ? _fault : null;

    /// <summary>What Gotify's clients call so, as a whole number; 0 when there is none.</summary>
    public int Priority => int.TryParse(Payload?.TextAt("priority"), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var priority) ? priority : 0;

    /// <summary>The first value of a form's field; null when there is no such field.</summary>
    public string? Field(string name) => Form?.FirstOrDefault(f => string.Equals(f.Key, name, StringComparison.Ordinal)).Value is [var first, ..] ? first : null;
}

/// <summary>Ways to a hook.</summary>
public enum HookDoors
{
    /// <summary>For every sender.</summary>
    Any,

    /// <summary>For ntfy's clients: what they send is a text, whatever it looks like.</summary>
    Ntfy,

    /// <summary>For Gotify's clients.</summary>
    Gotify,

    /// <summary>For the clients of the XMPP MUC Message Gateway: any JSON value is a message, an empty one too.</summary>
    MucGateway,
}
