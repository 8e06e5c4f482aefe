using System.Text.Json;

namespace NotifyGateway.Core.Dialects;

/// <summary>
/// irkerd's lines: <c>{"to": URL | [URLs], "privmsg": TEXT}</c>, and optionally <c>client</c> and <c>secret</c>. An empty text only
/// joins. Any destination of the gateway may stand for a URL.
/// </summary>
public sealed class IrkerDialect
{
    private readonly AddressCache _known = new();

    /// <inheritdoc cref="LineParser"/>
    public LineRequest Parse(ReadOnlySpan<byte> line, Callers callers)
    {
        if (LineText.IsBlank(line))
        {
            return LineNothing.Instance;
        }

        try
        {
            return ParseObject(line, callers);
        }
        catch (JsonException e)
        {
            return LineRefusal.Malformed(JsonText.Fault(e));
        }
    }

    private LineRequest ParseObject(ReadOnlySpan<byte> line, Callers callers)
    {
        var reader = new Utf8JsonReader(line);
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
        {
            return LineRefusal.Malformed("not a JSON object");
        }

        ReadOnlySpan<byte> to = default;
        string? text = null, client = null, secret = null;
        var proper = true;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (JsonText.NameIs(in reader, "to"u8))
            {
                reader.Read();
                var start = (int)reader.TokenStartIndex;
                reader.Skip();
                to = line[start..(int)reader.BytesConsumed];
            }
            else if (JsonText.NameIs(in reader, "privmsg"u8))
            {
                proper &= JsonText.TryReadString(ref reader, out text);
            }
            else if (JsonText.NameIs(in reader, "client"u8))
            {
                proper &= JsonText.TryReadString(ref reader, out client);
            }
            else if (JsonText.NameIs(in reader, "secret"u8))
            {
                proper &= JsonText.TryReadString(ref reader, out secret);
            }
            else
            {
                reader.Skip();
            }
        }

        // Whatever follows the object throws.
        reader.Read();
        if (!proper || text is null || Address(to) is not { } address)
        {
            return LineRefusal.Malformed("an irker request needs \"to\", a URL or a list of URLs, and \"privmsg\", a text");
        }

        return callers.Admit(secret, client, out var refusal) is { } sender ? new LineMessage(sender, address, text) : refusal!;
    }

    /// <summary>The targets, from their bytes in the line; null when they are not a string or a non-empty list of strings.</summary>
    private Addressing? Address(ReadOnlySpan<byte> to)
    {
        if (to.IsEmpty)
        {
            return null;
        }

        if (_known.Find(to) is { } known)
        {
            return known;
        }

        var reader = new Utf8JsonReader(to);
        var targets = new List<string>();
        reader.Read();
        if (reader.TokenType == JsonTokenType.String)
        {
            targets.Add(JsonText.Read(in reader));
        }
        else if (reader.TokenType == JsonTokenType.StartArray)
        {
            while (reader.Read() && reader.TokenType == JsonTokenType.String)
            {
                targets.Add(JsonText.Read(in reader));
            }

            if (reader.TokenType != JsonTokenType.EndArray)
            {
                return null;
            }
        }

        if (targets.Count == 0)
        {
            return null;
        }

        var address = Addressing.Named(targets);
        _known.Keep(to, address);
        return address;
    }
}
