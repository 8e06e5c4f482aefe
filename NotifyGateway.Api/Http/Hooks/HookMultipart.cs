using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Net.Http.Headers;
using NotifyGateway.Core.Dialects.Hooks;

namespace NotifyGateway.Api.Http.Hooks;

/// <summary>A multipart form that is in memory already.</summary>
/// <param name="Fields">Names and values; a file counts as a field whose value is its name.</param>
/// <param name="Files">The names of the files.</param>
internal sealed record HookMultipart(IReadOnlyList<KeyValuePair<string, string>> Fields, IReadOnlyList<string> Files)
{
    private const int LongestBoundary = 200;
    private const int LongestFileName = 100;
    private const int MaxHeaders = 32;
    private const int MaxHeaderBytes = 16 * 1024;

    /// <summary>Null when it is malformed or has too many parts.</summary>
    public static async ValueTask<HookMultipart?> ReadAsync(byte[] body, string boundary, CancellationToken cancellationToken)
    {
        if (boundary.Length is 0 or > LongestBoundary)
        {
            return null;
        }

        var fields = new List<KeyValuePair<string, string>>();
        var files = new List<string>();
        try
        {
            using var stream = new MemoryStream(body, writable: false);
            var reader = new MultipartReader(boundary, stream) { HeadersCountLimit = MaxHeaders, HeadersLengthLimit = MaxHeaderBytes, BodyLengthLimit = body.Length };
            while (await reader.ReadNextSectionAsync(cancellationToken) is { } section)
            {
                if (fields.Count == HookForm.MaxFields)
                {
                    return null;
                }

                await AddAsync(section, fields, files, cancellationToken);
            }
        }
        catch (Exception e) when (e is InvalidDataException or IOException)
        {
            return null;
        }

        return new HookMultipart(fields, files);
    }

    private static async ValueTask AddAsync(MultipartSection section, List<KeyValuePair<string, string>> fields, List<string> files, CancellationToken cancellationToken)
    {
        if (!ContentDispositionHeaderValue.TryParse(section.ContentDisposition, out var disposition))
        {
            return;
        }

        var name = HeaderUtilities.RemoveQuotes(disposition.Name).ToString();
        var file = disposition.FileNameStar.HasValue ? disposition.FileNameStar : HeaderUtilities.RemoveQuotes(disposition.FileName);
        if (file.HasValue && name is not HookRequests.PayloadField)
        {
            // A path or a control character in it is of no interest.
            var shown = string.Concat(file.ToString().Split('/', '\\')[^1].Where(c => !char.IsControl(c)).Take(LongestFileName));
            files.Add(shown);
            fields.Add(new(name, shown));
            return;
        }

        using var value = new MemoryStream();
        await section.Body.CopyToAsync(value, cancellationToken);
        _ = MediaTypeHeaderValue.TryParse(section.ContentType, out var type);
        fields.Add(new(name, HookCharset.Decode(value.ToArray(), type?.Charset.ToString())));
    }
}
