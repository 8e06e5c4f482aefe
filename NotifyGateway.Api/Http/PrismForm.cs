using System.Text;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Primitives;
using NotifyGateway.Core.Dialects;

namespace NotifyGateway.Api.Http;

/// <summary>
/// How HTTP carries TwistedPrism's request: query, form or JSON. Model binding turns an empty value into null, but <c>users=</c> means nobody
/// and no <c>users</c> means the defaults, so the fields are read by hand.
/// </summary>
internal static class PrismForm
{
    /// <summary>Reads the fields of a query or a form.</summary>
    public static TwistedPrismRequest FromPairs(IEnumerable<KeyValuePair<string, StringValues>> pairs)
    {
        var request = new TwistedPrismRequest();
        foreach (var (key, values) in pairs)
        {
            request = key.ToLowerInvariant() switch
            {
                "message" => request with { Message = values[^1] },
                "client" => request with { Client = values[^1] },
                "secret" => request with { Secret = values[^1] },
                "users" => request with { Users = TwistedPrismRequest.Split(values) },
                "channels" => request with { Channels = TwistedPrismRequest.Split(values) },
                _ => request,
            };
        }

        return request;
    }

    /// <summary>What the body leaves open is taken from the query.</summary>
    public static TwistedPrismRequest Merge(TwistedPrismRequest body, TwistedPrismRequest query) => new()
    {
        Message = body.Message ?? query.Message,
        Users = body.Users ?? query.Users,
        Channels = body.Channels ?? query.Channels,
        Client = body.Client ?? query.Client,
        Secret = body.Secret ?? query.Secret,
    };

    /// <summary>
    /// Reads a body: multipart, or by what it holds, since <c>curl -d '{…}'</c> calls its JSON a form.
    /// </summary>
    /// <param name="request">The request.</param>
    /// <param name="limit">The longest body, in bytes.</param>
    /// <param name="cancellationToken">The sender has gone.</param>
    /// <returns>What was read, or why not.</returns>
    public static async ValueTask<(TwistedPrismRequest? Request, Refusal? Refusal)> ReadBodyAsync(HttpRequest request, int limit, CancellationToken cancellationToken)
    {
        var type = request.ContentType ?? "";
        if (type.StartsWith("multipart/", StringComparison.OrdinalIgnoreCase))
        {
            var (form, refusal) = await MultipartBody.ReadAsync(request, limit, cancellationToken);
            return (form is null ? null : FromPairs(form), refusal);
        }

        if (await BoundedBody.ReadAsync(request, limit, cancellationToken) is not { } body)
        {
            return (null, Refusal.TooLarge(limit));
        }

        if (!type.Contains("json", StringComparison.OrdinalIgnoreCase) && !LooksLikeJson(body))
        {
            return (FromPairs(QueryHelpers.ParseQuery(Encoding.UTF8.GetString(body))), null);
        }

        return TwistedPrismRequest.TryParse(body, out var parsed, out var error) ? (parsed, null) : (null, new Refusal(StatusCodes.Status400BadRequest, error));
    }

    private static bool LooksLikeJson(ReadOnlySpan<byte> body)
    {
        var text = body.StartsWith(Encoding.UTF8.Preamble) ? body[Encoding.UTF8.Preamble.Length..] : body;
        return text.TrimStart(" \t\r\n"u8) is [(byte)'{', ..];
    }
}
