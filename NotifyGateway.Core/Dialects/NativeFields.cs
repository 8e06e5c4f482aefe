using System.Text.Json;
using NotifyGateway.Core.Routing;

namespace NotifyGateway.Core.Dialects;

/// <summary>The fields of a native request while they are read, and the rule of each.</summary>
internal sealed class NativeFields
{
    /// <summary>The longest <c>expiresIn</c>, in seconds: a week.</summary>
    private const int LongestLife = 7 * 24 * 3600;

    /// <summary>In UTF-16 units, of <c>repeatKey</c>.</summary>
    private const int LongestKey = 255;

    /// <summary>A stranger may write any number of names.</summary>
    private const int MostFaults = 20;

    private static readonly string[] Names = ["to", "text", "title", "severity", "markup", "expiresIn", "repeatKey", "reply", "client", "secret"];

    private readonly List<FieldFault> _faults = [];
    private List<string>? _to;
    private string? _text, _title, _client, _secret, _repeatKey;
    private Severity? _severity;
    private Markup? _markup;
    private int? _expiresIn;
    private bool _reply;

    /// <summary>Reads on from the object's beginning to the end of the JSON text.</summary>
    /// <exception cref="JsonException">It is none.</exception>
    public NativeRequest Read(ref Utf8JsonReader reader)
    {
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var name = JsonText.Read(in reader);
            _faults.RemoveAll(f => string.Equals(f.Field, name, StringComparison.Ordinal));
            ReadField(ref reader, name);
        }

        // Whatever follows the object throws.
        reader.Read();
        Require(_text is not null, "text", "is required");
        Require(_text is not "" || !string.IsNullOrEmpty(_title), "text", "may not be empty unless there is a title");
        return new NativeRequest
        {
            To = _to,
            Text = _text ?? "",
            Title = _title,
            Severity = _severity,
            Markup = _markup ?? Markup.Plain,
            ExpiresIn = _expiresIn is { } seconds ? TimeSpan.FromSeconds(seconds) : null,
            RepeatKey = _repeatKey,
            Reply = _reply,
            Client = _client,
            Secret = _secret,
            Faults = _faults,
        };
    }

    private void ReadField(ref Utf8JsonReader reader, string name)
    {
        switch (name)
        {
            case "to": ReadTo(ref reader); break;
            case "text": _text = ReadText(ref reader, name); break;
            case "title": _title = ReadText(ref reader, name); break;
            case "severity": _severity = ReadWord(ref reader, name, ToSeverity, "info, success, warning or error"); break;
            case "markup": _markup = ReadWord(ref reader, name, ToMarkup, "plain, slack or markdown"); break;
            case "expiresIn": ReadLife(ref reader); break;
            case "reply": ReadReply(ref reader); break;
            case "client": _client = ReadText(ref reader, name); break;
            case "secret": _secret = ReadText(ref reader, name); break;
            case "repeatKey":
                ReadRepeatKey(ref reader);
                break;
            default:
                reader.Skip();
                ReadUnknown(name);
                break;
        }
    }

    private void ReadTo(ref Utf8JsonReader reader)
    {
        Require(JsonText.TryReadStrings(ref reader, out _to), "to", "must be a list of strings");
        Require(_to is not [], "to", "names nobody; leave it out to reach the defaults");
        Require(_to is null || !_to.Exists(string.IsNullOrWhiteSpace), "to", "names an empty destination");
    }

    private string? ReadText(ref Utf8JsonReader reader, string name)
    {
        Require(JsonText.TryReadString(ref reader, out var text), name, "must be a string");
        return text;
    }

    private T? ReadWord<T>(ref Utf8JsonReader reader, string name, Func<string, T?> meaning, string words)
        where T : struct
    {
        var proper = JsonText.TryReadString(ref reader, out var word);
        var value = word is null ? null : meaning(word);
        Require(proper && value.HasValue == word is not null, name, $"must be {words}");
        return value;
    }

    private void ReadRepeatKey(ref Utf8JsonReader reader)
    {
        Require(JsonText.TryReadString(ref reader, out _repeatKey), "repeatKey", "must be a string");
        Require(_repeatKey is null or { Length: >= 1 and <= LongestKey }, "repeatKey", $"must have 1 to {LongestKey} characters");
    }

    private void ReadLife(ref Utf8JsonReader reader)
    {
        reader.Read();
        _expiresIn = reader.TokenType == JsonTokenType.Number && reader.TryGetInt32(out var seconds) && seconds is >= 1 and <= LongestLife ? seconds : null;
        Require(_expiresIn is not null || reader.TokenType == JsonTokenType.Null, "expiresIn", $"must be a whole number of seconds from 1 to {LongestLife}");
        reader.Skip();
    }

    private void ReadReply(ref Utf8JsonReader reader)
    {
        reader.Read();
        _reply = reader.TokenType == JsonTokenType.True;
        Require(reader.TokenType is JsonTokenType.True or JsonTokenType.False or JsonTokenType.Null, "reply", "must be true or false");
        reader.Skip();
    }

    private void ReadUnknown(string name)
    {
        var hint = NearestName.To(name, Names) is { } near ? $"; did you mean \"{near}\"?" : "";
        Require(false, PublicName.Of(name), $"is no property of a message{hint}", isKnown: false);
    }

    /// <summary>Notes a fault. The first of a field counts: a later one follows from it.</summary>
    private void Require(bool holds, string field, string error, bool isKnown = true)
    {
        if (!holds && _faults.Count < MostFaults && !_faults.Exists(f => string.Equals(f.Field, field, StringComparison.Ordinal)))
        {
            _faults.Add(new FieldFault(field, error, isKnown));
        }
    }

    private static Severity? ToSeverity(string word) => word switch
    {
        "info" => Severity.Info,
        "success" => Severity.Success,
        "warning" => Severity.Warning,
        "error" => Severity.Error,
        _ => null,
    };

    private static Markup? ToMarkup(string word) => word switch
    {
        "plain" => Markup.Plain,
        "slack" => Markup.Slack,
        "markdown" => Markup.Markdown,
        _ => null,
    };
}
