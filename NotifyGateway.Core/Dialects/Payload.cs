using System.Text.Json;

namespace NotifyGateway.Core.Dialects;

/// <summary>
/// A value that a program sent, as JSON or as a form. Read leniently where JSON leaves it open: of a key that comes twice the last value
/// counts, at the place of the first; a lone surrogate is one odd character. Numbers stay as they were written.
/// </summary>
internal abstract record Payload
{
    /// <summary>More values than this in one body are refused: each takes many times the memory of the byte or two that it may be written with.</summary>
    public const int MaxValues = 100_000;

    /// <summary>Reads one JSON value. Nesting deeper than 64 is refused, so that whoever walks through it may recurse.</summary>
    /// <param name="fault">Where it is no JSON; holds nothing of it.</param>
    /// <returns>Null when it is none.</returns>
    public static Payload? ParseJson(ReadOnlySpan<byte> json, out string? fault)
    {
        try
        {
            var reader = new Utf8JsonReader(JsonText.WithoutMark(json));
            reader.Read();
            var left = MaxValues;
            var value = Read(ref reader, ref left);
            if (left < 0)
            {
                fault = string.Create(System.Globalization.CultureInfo.InvariantCulture, $"more than {MaxValues} values");
                return null;
            }

            reader.Read(); // throws where more than one value stands
            fault = null;
            return value;
        }
        catch (JsonException e)
        {
            fault = JsonText.Fault(e);
            return null;
        }
    }

    /// <summary>A form: its fields are a JSON object; one that comes several times is a list.</summary>
    public static Payload OfForm(IEnumerable<KeyValuePair<string, IReadOnlyList<string>>> fields)
    {
        var entries = new PayloadObject();
        foreach (var (name, values) in fields)
        {
            entries.Set(name, values.Count == 1 ? new PayloadText(values[0]) : new PayloadList([.. values.Select(v => new PayloadText(v))]));
        }

        return entries;
    }

    /// <summary>What stands at the end of a path of names; null where the path ends early. Never throws.</summary>
    public Payload? At(params ReadOnlySpan<string> path)
    {
        var value = this;
        foreach (var name in path)
        {
            value = (value as PayloadObject)?[name];
        }

        return value;
    }

    /// <summary>A text, or a number or truth value as it was written; null for anything else, for null and for nothing.</summary>
    public string? TextAt(params ReadOnlySpan<string> path) => At(path) switch
    {
        PayloadText { Text: var text } => text,
        PayloadWord { Word: not "null" and var word } => word,
        _ => null,
    };

    /// <summary>The items of a list; none for anything else.</summary>
    public IReadOnlyList<Payload> ListAt(params ReadOnlySpan<string> path) => (At(path) as PayloadList)?.Items ?? [];

    /// <summary>Whether something other than null stands there.</summary>
    public bool Has(params ReadOnlySpan<string> path) => At(path) is not (null or PayloadWord { Word: "null" });

    private static Payload Read(ref Utf8JsonReader reader, ref int left) => reader.TokenType switch
    {
        JsonTokenType.StartObject => ReadObject(ref reader, ref left),
        JsonTokenType.StartArray => ReadList(ref reader, ref left),
        JsonTokenType.String => new PayloadText(JsonText.Read(in reader)),
        _ => new PayloadWord(System.Text.Encoding.ASCII.GetString(reader.ValueSpan)),
    };

    private static PayloadObject ReadObject(ref Utf8JsonReader reader, ref int left)
    {
        var entries = new PayloadObject();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName && --left >= 0)
        {
            var name = JsonText.Read(in reader);
            reader.Read();
            entries.Set(name, Read(ref reader, ref left));
        }

        return entries;
    }

    private static PayloadList ReadList(ref Utf8JsonReader reader, ref int left)
    {
        var items = new List<Payload>();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray && --left >= 0)
        {
            items.Add(Read(ref reader, ref left));
        }

        return new PayloadList(items);
    }
}

/// <summary>A text.</summary>
internal sealed record PayloadText(string Text) : Payload;

/// <summary>A number as it was written, <c>true</c>, <c>false</c> or <c>null</c>.</summary>
internal sealed record PayloadWord(string Word) : Payload;

internal sealed record PayloadList(IReadOnlyList<Payload> Items) : Payload;

/// <summary>Names and values, in the order in which the names first came.</summary>
internal sealed record PayloadObject : Payload
{
    private readonly List<KeyValuePair<string, Payload>> _entries = [];
    private readonly Dictionary<string, int> _places = new(StringComparer.Ordinal);

    public IReadOnlyList<KeyValuePair<string, Payload>> Entries => _entries;

    /// <summary>The value of a name; null when there is none.</summary>
    public Payload? this[string name] => _places.TryGetValue(name, out var place) ? _entries[place].Value : null;

    /// <summary>With one entry.</summary>
    public static PayloadObject Of(string name, Payload value)
    {
        var entries = new PayloadObject();
        entries.Set(name, value);
        return entries;
    }

    public void Set(string name, Payload value)
    {
        if (_places.TryAdd(name, _entries.Count))
        {
            _entries.Add(new(name, value));
        }
        else
        {
            _entries[_places[name]] = new(name, value);
        }
    }
}
