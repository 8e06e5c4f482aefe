using System.Text.Json;
using NotifyGateway.Core;

namespace NotifyGateway.Api.Http;

/// <summary>Reads the native request. All that is wrong with its fields is told at once.</summary>
internal ref struct SendRequestReader
{
    private const int MaxExpiresIn = 7 * 24 * 3600;
    private static readonly string[] Names = ["to", "text", "title", "severity", "markup", "expiresIn", "repeatKey", "client", "secret"];

    private Utf8JsonReader _json;
    private uint _seen;
    private FieldErrors _errors;

    /// <summary>Reads a body.</summary>
    /// <param name="body">JSON in UTF-8.</param>
    /// <param name="errors">Gets what is wrong.</param>
    /// <returns>What was said, as far as it can be understood.</returns>
    /// <exception cref="MalformedJsonException">The body is no JSON object.</exception>
    public static SendRequest Read(ReadOnlySpan<byte> body, FieldErrors errors)
    {
        var reader = new SendRequestReader { _json = JsonFields.Open(body), _errors = errors };
        var request = reader.ReadFields();
        reader.Check(request);
        return request;
    }

    private SendRequest ReadFields()
    {
        var request = new Fields();
        while (_json.TokenType != JsonTokenType.EndObject)
        {
            var field = Field();
            JsonFields.Advance(ref _json);
            switch (field)
            {
                case 0: request.To = List(field); break;
                case 1: request.Text = Text(field); break;
                case 2: request.Title = Text(field); break;
                case 3: request.Severity = Text(field); break;
                case 4: request.Markup = Text(field); break;
                case 5: request.ExpiresIn = Seconds(field); break;
                case 6: Reserved(field); break;
                case 7: request.Client = Text(field); break;
                case 8: request.Secret = Text(field); break;
                default: JsonFields.Skip(ref _json); break;
            }

            JsonFields.Advance(ref _json);
        }

        JsonFields.Close(ref _json);
        return request.Freeze();
    }

    /// <summary>The index of the property that the reader stands on; -1 for an unknown one, which is an error.</summary>
    private int Field()
    {
        string? decoded = null;
        if (_json.ValueIsEscaped)
        {
            decoded = JsonFields.Text(ref _json);
        }

        for (var i = 0; i < Names.Length; i++)
        {
            if (decoded is null ? _json.ValueTextEquals(Names[i]) : decoded.Equals(Names[i], StringComparison.Ordinal))
            {
                var seen = (_seen & (1u << i)) != 0;
                JsonFields.Once(ref seen, Names[i]);
                _seen |= 1u << i;
                return i;
            }
        }

        if (_errors.IsFull)
        {
            return -1;
        }

        var name = decoded ?? JsonFields.Text(ref _json);
        Wrong(Nearest.Shorten(name), Nearest.Of(name, Names) is { } near ? $"is no property of a message; did you mean \"{near}\"?" : "is no property of a message");
        return -1;
    }

    private string? Text(int field)
    {
        switch (_json.TokenType)
        {
            case JsonTokenType.String: return JsonFields.Text(ref _json);
            case JsonTokenType.Null: return null;
            default:
                JsonFields.Skip(ref _json);
                Wrong(Names[field], "must be a string");
                return null;
        }
    }

    private List<string>? List(int field)
    {
        if (_json.TokenType == JsonTokenType.Null)
        {
            return null;
        }

        if (_json.TokenType != JsonTokenType.StartArray)
        {
            JsonFields.Skip(ref _json);
            Wrong(Names[field], "must be a list of strings");
            return null;
        }

        if (!JsonFields.TryTexts(ref _json, out var texts))
        {
            Wrong(Names[field], "must be a list of strings");
        }
        else if (texts.Count == 0)
        {
            Wrong(Names[field], "names nobody; leave it out to reach the defaults");
        }
        else if (texts.Exists(string.IsNullOrWhiteSpace))
        {
            Wrong(Names[field], "names an empty destination");
        }

        return texts;
    }

    private int? Seconds(int field)
    {
        if (_json.TokenType == JsonTokenType.Null)
        {
            return null;
        }

        if (_json.TokenType == JsonTokenType.Number && _json.TryGetInt32(out var seconds) && seconds is >= 1 and <= MaxExpiresIn)
        {
            return seconds;
        }

        JsonFields.Skip(ref _json);
        Wrong(Names[field], "must be a whole number of seconds from 1 to 604800");
        return null;
    }

    private void Reserved(int field)
    {
        if (_json.TokenType != JsonTokenType.Null)
        {
            JsonFields.Skip(ref _json);
            Wrong(Names[field], "is not supported yet; use the header Idempotency-Key");
        }
    }

    private void Check(SendRequest request)
    {
        if (request.Text is null)
        {
            Wrong("text", "is required");
        }
        else if (request.Text.Length == 0 && string.IsNullOrEmpty(request.Title))
        {
            Wrong("text", "may not be empty unless there is a title");
        }

        if (request.Severity is { } severity && Words.ToSeverity(severity) is null)
        {
            Wrong("severity", "must be info, success, warning or error");
        }

        if (request.Markup is { } markup && Words.ToMarkup(markup) is null)
        {
            Wrong("markup", "must be plain, slack or markdown");
        }
    }

    private readonly void Wrong(string field, string error) => _errors.Add(field, error);

    private struct Fields
    {
        public List<string>? To;
        public string? Text;
        public string? Title;
        public string? Severity;
        public string? Markup;
        public int? ExpiresIn;
        public string? Client;
        public string? Secret;

        public readonly SendRequest Freeze() => new()
        {
            To = To,
            Text = Text,
            Title = Title,
            Severity = Severity,
            Markup = Markup,
            ExpiresIn = ExpiresIn,
            Client = Client,
            Secret = Secret,
        };
    }
}
