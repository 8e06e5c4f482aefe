using System.Text;
using System.Text.Json;

namespace NotifyGateway.Core.Configuration.Reading;

/// <summary>
/// Reads JSON with comments and trailing commas. Reads the raw text itself, because the flattening of .NET's provider hides what must be
/// seen: keys that are given twice, keys with a colon, the difference between an empty list and none, and the line of each value.
/// </summary>
internal sealed class JsonSettings
{
    private static readonly JsonReaderOptions Lenient = new() { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true };

    private readonly string _name;
    private readonly byte[] _text;
    private readonly List<ConfigurationError> _errors = [];
    private int _line = 1;
    private long _lineKnownUpTo;

    private JsonSettings(string name, byte[] text)
    {
        _name = name;
        _text = text;
    }

    /// <summary>The tree of one file. With a syntax error the tree is empty.</summary>
    /// <param name="name">What the file is called in errors.</param>
    /// <param name="text">The file's bytes: UTF-8, with or without a byte order mark.</param>
    public static (SettingObject Root, IReadOnlyList<ConfigurationError> Errors) Read(string name, byte[] text)
    {
        var file = new JsonSettings(name, text.AsSpan().StartsWith("\uFEFF"u8) ? text[3..] : text);
        return (file.ReadRoot(), file._errors);
    }

    private SettingObject ReadRoot()
    {
        var empty = new SettingObject(_name);
        if (!System.Text.Unicode.Utf8.IsValid(_text))
        {
            _errors.Add(new(_name, "is not UTF-8 text"));
            return empty;
        }

        var reader = new Utf8JsonReader(_text, Lenient);
        try
        {
            reader.Read();
            if (reader.TokenType != JsonTokenType.StartObject)
            {
                _errors.Add(new(_name, "must hold one JSON object, { \"Gateway\": { … } }"));
                return empty;
            }

            var root = ReadObject(ref reader, path: "");
            reader.Read(); // refuses what follows the last brace
            return root;
        }
        catch (JsonException error)
        {
            // The exception's own text may quote what stands there, and that may be a secret whose quotes were forgotten.
            _errors.Add(new(_name, $"is not valid JSON at line {error.LineNumber + 1}, column {Column(error)}; look there for a missing or extra comma, quote or bracket"));
            return empty;
        }
    }

    private SettingObject ReadObject(ref Utf8JsonReader reader, string path)
    {
        var result = new SettingObject(Here(reader));
        while (reader.Read() && reader.TokenType != JsonTokenType.EndObject)
        {
            var origin = Here(reader);
            var key = Text(ref reader, path) ?? "";
            var keyPath = path.Length == 0 ? key : $"{path}:{key}";
            if (result.Keys.Keys.FirstOrDefault(k => string.Equals(k, key, StringComparison.OrdinalIgnoreCase)) is { } twin)
            {
                _errors.Add(new(keyPath, string.Equals(twin, key, StringComparison.Ordinal) ? "is given twice" : $"differs from {twin} only by case", origin));
            }

            reader.Read();
            result.Keys[key] = ReadAny(ref reader, keyPath);
        }

        return result;
    }

    private Setting ReadAny(ref Utf8JsonReader reader, string path)
    {
        var origin = Here(reader);
        switch (reader.TokenType)
        {
            case JsonTokenType.StartObject:
                return ReadObject(ref reader, path);
            case JsonTokenType.StartArray:
                var items = new List<Setting>();
                while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
                {
                    items.Add(ReadAny(ref reader, $"{path}:{items.Count}"));
                }

                return new SettingList(origin, items);
            case JsonTokenType.Null:
                return new SettingValue(origin, null);
            case JsonTokenType.String:
                return new SettingValue(origin, Text(ref reader, path));
            default:
                return new SettingValue(origin, Encoding.UTF8.GetString(reader.ValueSpan));
        }
    }

    private string? Text(ref Utf8JsonReader reader, string path)
    {
        try
        {
            return reader.GetString();
        }
        catch (InvalidOperationException)
        {
            // A \uD800 without its other half is valid JSON but no text.
            _errors.Add(new(path.Length == 0 ? _name : path, "holds half of a surrogate pair (\\uD800 to \\uDFFF)", Here(reader)));
            return null;
        }
    }

    private string Here(in Utf8JsonReader reader)
    {
        _line += _text.AsSpan((int)_lineKnownUpTo, (int)(reader.TokenStartIndex - _lineKnownUpTo)).Count((byte)'\n');
        _lineKnownUpTo = reader.TokenStartIndex;
        return $"{_name} line {_line}";
    }

    private int Column(JsonException error)
    {
        var line = _text.AsSpan();
        for (var i = 0L; i < error.LineNumber && line.IndexOf((byte)'\n') is var end and >= 0; i++)
        {
            line = line[(end + 1)..];
        }

        return Encoding.UTF8.GetCharCount(line[..(int)Math.Min(error.BytePositionInLine ?? 0, line.Length)]) + 1;
    }
}
