using System.Text.Json;

namespace NotifyGateway.Core.Dialects;

/// <summary>
/// The native request as one line: <c>{"to": [...], "text": …, "title", "severity", "markup", "expiresIn"}</c>, with <c>client</c> and
/// <c>secret</c> where needed, and <c>"reply": true</c> for one line of JSON as the answer. Without <c>to</c> it goes to the defaults.
/// </summary>
internal static class NativeLine
{
    /// <summary>The longest <c>expiresIn</c>, in seconds: a year.</summary>
    private const int LongestLife = 365 * 24 * 3600;

    public static LineRequest Parse(ReadOnlySpan<byte> line, Callers callers)
    {
        try
        {
            var fields = default(Fields);
            var wrong = fields.Read(line);
            if (wrong is not null)
            {
                return LineRefusal.Malformed(wrong) with { WantsReply = fields.Reply };
            }

            return callers.Admit(fields.Secret, fields.Client, out var refusal) is { } client
                ? fields.Message(client)
                : refusal! with { WantsReply = fields.Reply };
        }
        catch (JsonException e)
        {
            return LineRefusal.Malformed(JsonText.Fault(e));
        }
    }

    private struct Fields
    {
        private List<string>? _to;
        private string? _text, _title;
        private Severity? _severity;
        private Markup _markup;
        private TimeSpan? _expiresIn;

        public bool Reply { get; private set; }

        public string? Client { get; private set; }

        public string? Secret { get; private set; }

        /// <summary>Reads the whole line, also behind a mistake, to know whether an answer is wanted. Null, or the first mistake.</summary>
        public string? Read(ReadOnlySpan<byte> line)
        {
            var reader = new Utf8JsonReader(line);
            reader.Read();
            string? wrong = null;
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                var mistake = ReadField(ref reader);
                wrong ??= mistake;
                reader.Skip();
            }

            // Whatever follows the object throws.
            reader.Read();
            return wrong ?? (_text is null ? "text must be a string" : null);
        }

        public readonly LineMessage Message(string client) => new(client, _to is null ? Addressing.Defaults : Addressing.Named(_to), _text!)
        {
            Title = _title,
            Severity = _severity,
            Markup = _markup,
            ExpiresIn = _expiresIn,
            Strict = true,
            WantsReply = Reply,
        };

        private string? ReadField(ref Utf8JsonReader reader)
        {
            string? value;
            if (JsonText.NameIs(in reader, "text"u8))
            {
                return JsonText.TryReadString(ref reader, out _text) ? null : "text must be a string";
            }

            if (JsonText.NameIs(in reader, "to"u8))
            {
                return JsonText.TryReadStrings(ref reader, out _to) ? null : "to must be a list of strings";
            }

            if (JsonText.NameIs(in reader, "title"u8))
            {
                return JsonText.TryReadString(ref reader, out _title) ? null : "title must be a string";
            }

            if (JsonText.NameIs(in reader, "severity"u8))
            {
                return JsonText.TryReadString(ref reader, out value) && TryName(value, out _severity) ? null : "severity must be info, success, warning or error";
            }

            if (JsonText.NameIs(in reader, "markup"u8))
            {
                var proper = JsonText.TryReadString(ref reader, out value) & TryName<Markup>(value, out var markup);
                _markup = markup ?? Markup.Plain;
                return proper ? null : "markup must be plain, slack or markdown";
            }

            if (JsonText.NameIs(in reader, "expiresIn"u8))
            {
                return ReadLife(ref reader) ? null : $"expiresIn must be a number of seconds, 1 to {LongestLife}";
            }

            return ReadEnvelope(ref reader);
        }

        private string? ReadEnvelope(ref Utf8JsonReader reader)
        {
            if (JsonText.NameIs(in reader, "reply"u8))
            {
                reader.Read();
                Reply = reader.TokenType == JsonTokenType.True;
                return reader.TokenType is JsonTokenType.True or JsonTokenType.False or JsonTokenType.Null ? null : "reply must be true or false";
            }

            string? value;
            if (JsonText.NameIs(in reader, "client"u8))
            {
                var proper = JsonText.TryReadString(ref reader, out value);
                Client = value;
                return proper ? null : "client must be a string";
            }

            if (JsonText.NameIs(in reader, "secret"u8))
            {
                var proper = JsonText.TryReadString(ref reader, out value);
                Secret = value;
                return proper ? null : "secret must be a string";
            }

            return null;
        }

        private bool ReadLife(ref Utf8JsonReader reader)
        {
            reader.Read();
            _expiresIn = null;
            if (reader.TokenType == JsonTokenType.Number && reader.TryGetInt32(out var seconds) && seconds is >= 1 and <= LongestLife)
            {
                _expiresIn = TimeSpan.FromSeconds(seconds);
                return true;
            }

            return reader.TokenType == JsonTokenType.Null;
        }

        /// <summary>By name only: <see cref="Enum.TryParse{T}(string, out T)"/> alone takes numbers too.</summary>
        private static bool TryName<T>(string? name, out T? value)
            where T : struct, Enum
        {
            var known = Enum.TryParse<T>(name, ignoreCase: true, out var parsed) && Array.Exists(Enum.GetNames<T>(), n => n.Equals(name, StringComparison.OrdinalIgnoreCase));
            value = known ? parsed : null;
            return known || name is null;
        }
    }
}
