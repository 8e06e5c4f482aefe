using Microsoft.AspNetCore.Http.Features;

namespace NotifyGateway.Api.Http;

/// <summary>Reads a multipart form up to a limit, in memory.</summary>
internal static class MultipartBody
{
    private static Refusal Malformed => new(StatusCodes.Status400BadRequest, "malformed form");

    /// <summary>The fields; files are left out.</summary>
    public static async ValueTask<(IFormCollection? Form, Refusal? Refusal)> ReadAsync(HttpRequest request, int limit, CancellationToken cancellationToken)
    {
        if (request.ContentLength > limit)
        {
            return (null, Refusal.TooLarge(limit));
        }

        // multipart/mixed and whatever else there is has no fields.
        if (!request.HasFormContentType)
        {
            return (null, Malformed);
        }

        if (request.HttpContext.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size)
        {
            size.MaxRequestBodySize = limit;
        }

        // The threshold keeps a part in memory, never in a temporary file: the whole is bounded already.
        var options = new FormOptions { ValueCountLimit = 64, ValueLengthLimit = limit, MultipartBodyLengthLimit = limit, MemoryBufferThreshold = limit };
        try
        {
            return (await request.ReadFormAsync(options, cancellationToken), null);
        }
        catch (BadHttpRequestException e) when (e.StatusCode == StatusCodes.Status413PayloadTooLarge)
        {
            return (null, Refusal.TooLarge(limit));
        }
        catch (Exception e) when (e is InvalidDataException || (e is IOException and not BadHttpRequestException))
        {
            return (null, Malformed);
        }
    }
}
