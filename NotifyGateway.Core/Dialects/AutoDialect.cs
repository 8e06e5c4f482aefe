using System.Text.Json;

namespace NotifyGateway.Core.Dialects;

/// <summary>
/// Tells the dialect of each line by its shape: an object with <c>privmsg</c> is irker's, with <c>message</c> TwistedPrism's, with
/// <c>text</c> native; a line that begins with a client's secret and a colon is Kaoz's; <c>#a,@nick text</c> irccat's; all else is
/// a raw line for the defaults — but nothing that looks like a request with a wrong secret is ever published.
/// </summary>
public sealed class AutoDialect
{
    private readonly IrkerDialect _irker = new();
    private readonly KaozDialect _kaoz = new();

    /// <inheritdoc cref="LineParser"/>
    public LineRequest Parse(ReadOnlySpan<byte> line, Callers callers)
    {
        if (LineText.IsBlank(line))
        {
            return LineNothing.Instance;
        }

        if (LineText.IsObject(line))
        {
            return ParseObject(line, callers);
        }

        return _kaoz.TryParse(line, callers)
            ?? (LooksLikeKaoz(line) ? LineRefusal.WrongSecret : IrccatLine.TryParse(line, callers) ?? TwistedPrismDialect.ParseRaw(line, callers));
    }

    private LineRequest ParseObject(ReadOnlySpan<byte> line, Callers callers)
    {
        try
        {
            return Look(line) switch
            {
                Shape.Irker => _irker.Parse(line, callers),
                Shape.TwistedPrism => TwistedPrismDialect.ParseObject(line, callers),
                Shape.Native => NativeLine.Parse(line, callers),
                Shape.Incomplete => LineRefusal.Malformed("a request without \"privmsg\", \"message\" or \"text\""),
                _ => TwistedPrismDialect.ParseRaw(line, callers),
            };
        }
        catch (JsonException e)
        {
            return LineRefusal.Malformed(JsonText.Fault(e));
        }
    }

    /// <summary>By the object's names. One that uses only a request's other names is a request gone wrong and may hold a secret; any other is text.</summary>
    private static Shape Look(ReadOnlySpan<byte> line)
    {
        var reader = new Utf8JsonReader(line);
        reader.Read();
        var shape = Shape.Raw;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var named = JsonText.NameIs(in reader, "privmsg"u8) ? Shape.Irker
                : JsonText.NameIs(in reader, "message"u8) ? Shape.TwistedPrism
                : JsonText.NameIs(in reader, "text"u8) ? Shape.Native
                : IsRequestName(in reader) ? Shape.Incomplete
                : Shape.Raw;
            shape = (Shape)Math.Max((int)shape, (int)named);
            reader.Skip();
        }

        // Whatever follows the object throws.
        reader.Read();
        return shape;
    }

    private static bool IsRequestName(ref readonly Utf8JsonReader reader) =>
        JsonText.NameIs(in reader, "secret"u8) || JsonText.NameIs(in reader, "to"u8) || JsonText.NameIs(in reader, "users"u8)
        || JsonText.NameIs(in reader, "channels"u8);

    /// <summary><c>word:#channel:text</c> and <c>word::channels</c>: Kaoz, with a secret that nobody has.</summary>
    private static bool LooksLikeKaoz(ReadOnlySpan<byte> line)
    {
        var space = line.IndexOfAny((byte)' ', (byte)'\t');
        var word = space < 0 ? line : line[..space];
        if (word.Length > "::channels".Length && line.EndsWith("::channels"u8) && space < 0)
        {
            return true;
        }

        for (var colon = word.IndexOf((byte)':'); colon > 0 && colon + 1 < word.Length;)
        {
            var rest = word[(colon + 1)..];
            var next = rest.IndexOf((byte)':');
            if (next > 0 && "#&+!"u8.Contains(rest[0]))
            {
                return true;
            }

            colon = next < 0 ? -1 : colon + 1 + next;
        }

        return false;
    }

    // In the order of precedence: an object with more than one of the names is what comes last here.
    private enum Shape { Raw, Incomplete, Native, TwistedPrism, Irker }
}
