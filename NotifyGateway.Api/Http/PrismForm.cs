using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Primitives;

namespace NotifyGateway.Api.Http;

/// <summary>
/// TwistedPrism's request: query, form or JSON. Model binding turns an empty value into null, but <c>users=</c> means nobody and no
/// <c>users</c> means the defaults, so the fields are read by hand.
/// </summary>
internal static class PrismForm
{
    /// <summary>Reads the fields of a query or a form.</summary>
    public static PrismRequest FromPairs(IEnumerable<KeyValuePair<string, StringValues>> pairs)
    {
        string? message = null, client = null, secret = null;
        List<string>? users = null, channels = null;
        foreach (var (key, values) in pairs)
        {
            switch (key.ToLowerInvariant())
            {
                case "message": message = values[^1]; break;
                case "client": client = values[^1]; break;
                case "secret": secret = values[^1]; break;
                case "users": Split(users ??= [], values); break;
                case "channels": Split(channels ??= [], values); break;
                default: break;
            }
        }

        return new PrismRequest { Message = message, Users = users, Channels = channels, Client = client, Secret = secret };
    }

    /// <summary>Reads a JSON object.</summary>
    /// <exception cref="MalformedJsonException">It is none, or its fields have other shapes.</exception>
    public static PrismRequest FromJson(ReadOnlySpan<byte> body)
    {
        var json = JsonFields.Open(body);
        string? message = null, client = null, secret = null;
        List<string>? users = null, channels = null;
        var seen = new HashSet<string>(StringComparer.Ordinal);
        while (json.TokenType != JsonTokenType.EndObject)
        {
            var name = JsonFields.Text(ref json);
            var before = !seen.Add(name);
            JsonFields.Advance(ref json);
            switch (name)
            {
                case "message": JsonFields.Once(ref before, name); message = Text(ref json, name); break;
                case "client": JsonFields.Once(ref before, name); client = Text(ref json, name); break;
                case "secret": JsonFields.Once(ref before, name); secret = Text(ref json, name); break;
                case "users": JsonFields.Once(ref before, name); users = List(ref json, name); break;
                case "channels": JsonFields.Once(ref before, name); channels = List(ref json, name); break;
                default: JsonFields.Skip(ref json); break;
            }

            JsonFields.Advance(ref json);
        }

        JsonFields.Close(ref json);
        return new PrismRequest { Message = message, Users = users, Channels = channels, Client = client, Secret = secret };
    }

    /// <summary>
    /// Reads a body: multipart, or by what it holds, since <c>curl -d '{…}'</c> calls its JSON a form.
    /// </summary>
    /// <param name="request">The request.</param>
    /// <param name="limit">The longest body, in bytes.</param>
    /// <param name="cancellationToken">The sender has gone.</param>
    /// <returns>What was read, or why not.</returns>
    public static async ValueTask<(PrismRequest? Request, Refusal? Refusal)> ReadBodyAsync(HttpRequest request, int limit, CancellationToken cancellationToken)
    {
        var type = request.ContentType ?? "";
        if (type.StartsWith("multipart/", StringComparison.OrdinalIgnoreCase))
        {
            return await ReadMultipartAsync(request, limit, cancellationToken);
        }

        if (await BoundedBody.ReadAsync(request, limit, cancellationToken) is not { } body)
        {
            return (null, Refusal.TooLarge(limit));
        }

        var isJson = type.Contains("json", StringComparison.OrdinalIgnoreCase) || LooksLikeJson(body);
        try
        {
            return (isJson ? FromJson(body) : FromPairs(QueryHelpers.ParseQuery(Encoding.UTF8.GetString(body))), null);
        }
        catch (MalformedJsonException e)
        {
            return (null, new Refusal(StatusCodes.Status400BadRequest, e.Message));
        }
    }

    /// <summary>Names as users write them, with commas between. A URL keeps irkerd's suffix <c>,isnick</c>.</summary>
    public static void Split(List<string> names, StringValues values)
    {
        foreach (var value in values)
        {
            foreach (var name in (value ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
            {
                if (name is "isnick" && names.Count > 0 && names[^1].Contains("://", StringComparison.Ordinal))
                {
                    names[^1] += ",isnick";
                }
                else
                {
                    names.Add(name);
                }
            }
        }
    }

    private static async ValueTask<(PrismRequest?, Refusal?)> ReadMultipartAsync(HttpRequest request, int limit, CancellationToken cancellationToken)
    {
        if (request.ContentLength > limit)
        {
            return (null, Refusal.TooLarge(limit));
        }

        if (request.HttpContext.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size)
        {
            size.MaxRequestBodySize = limit;
        }

        // The threshold keeps a part in memory, never in a temporary file: the whole is bounded already.
        var options = new FormOptions { ValueCountLimit = 64, ValueLengthLimit = limit, MultipartBodyLengthLimit = limit, MemoryBufferThreshold = limit };
        try
        {
            return (FromPairs(await request.ReadFormAsync(options, cancellationToken)), null);
        }
        catch (Exception e) when (e is InvalidDataException || (e is IOException and not BadHttpRequestException))
        {
            return (null, new Refusal(StatusCodes.Status400BadRequest, "malformed form"));
        }
    }

    private static bool LooksLikeJson(ReadOnlySpan<byte> body)
    {
        var text = body.StartsWith(Encoding.UTF8.Preamble) ? body[Encoding.UTF8.Preamble.Length..] : body;
        return text.TrimStart(" \t\r\n"u8) is [(byte)'{', ..];
    }

    private static string? Text(ref Utf8JsonReader json, string name) => json.TokenType switch
    {
        JsonTokenType.String => JsonFields.Text(ref json),
        JsonTokenType.Null => null,
        _ => throw new MalformedJsonException($"\"{name}\" must be a string"),
    };

    private static List<string>? List(ref Utf8JsonReader json, string name)
    {
        switch (json.TokenType)
        {
            case JsonTokenType.Null:
                return null;
            case JsonTokenType.String:
                var names = new List<string>();
                Split(names, JsonFields.Text(ref json));
                return names;
            case JsonTokenType.StartArray when JsonFields.TryTexts(ref json, out var texts):
                texts.RemoveAll(string.IsNullOrWhiteSpace);
                return texts;
            default:
                throw new MalformedJsonException($"\"{name}\" must be a list of strings or a string");
        }
    }
}
