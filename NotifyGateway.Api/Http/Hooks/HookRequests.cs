using System.Text;
using System.Text.Unicode;
using Microsoft.Net.Http.Headers;
using NotifyGateway.Core.Configuration;
using NotifyGateway.Core.Dialects.Hooks;

namespace NotifyGateway.Api.Http.Hooks;

/// <summary>
/// Understands how HTTP carries what a program posts: JSON in any charset, a form of either kind, a text, or anything under a wrong name, such as JSON that curl
/// declares a form.
/// </summary>
internal static class HookRequests
{
    /// <summary>The field of a form that holds JSON, as Slack's, GitHub's and many others' do.</summary>
    public const string PayloadField = "payload";

    private const string UrlEncoded = "application/x-www-form-urlencoded";

    /// <param name="request">Headers and query.</param>
    /// <param name="body">As it came.</param>
    /// <param name="format">The hook's, or its door's.</param>
    /// <param name="terms">The door's.</param>
    /// <returns>The request, or null when a form is malformed.</returns>
    public static async ValueTask<HookRequest?> OfAsync(HttpRequest request, byte[] body, HookFormat format, HookTerms terms, CancellationToken cancellationToken)
    {
        _ = MediaTypeHeaderValue.TryParse(request.ContentType, out var type);
        var mediaType = (type?.MediaType.ToString() ?? request.ContentType?.Split(';')[0].Trim() ?? "").ToLowerInvariant();
        var charset = type is { Charset.HasValue: true } ? type.Charset.ToString() : null;
        if (HttpMethods.IsGet(request.Method))
        {
            return Filled(request, terms, Made(format, terms, "", "", HookForm.Grouped(request.Query.SelectMany(q => q.Value.Select(v => KeyValuePair.Create(q.Key, v ?? "")))), []));
        }

        if (mediaType.StartsWith("multipart/", StringComparison.Ordinal))
        {
            return await HookMultipart.ReadAsync(body, HeaderUtilities.RemoveQuotes(type?.Boundary ?? "").ToString(), cancellationToken) is { } parts
                ? Filled(request, terms, Made(format, terms, mediaType, "", HookForm.Grouped(parts.Fields), parts.Files))
                : null;
        }

        var text = HookCharset.Decode(body, charset);
        if (mediaType is not UrlEncoded || !IsForm(body, text, format, terms))
        {
            return Filled(request, terms, Made(format, terms, mediaType, text, null, [], body));
        }

        return HookForm.Parse(body, charset) is { } form ? Filled(request, terms, Made(format, terms, mediaType, text, form, [])) : null;
    }

    /// <summary>Whether a body that is declared a form is one: curl declares everything so.</summary>
    private static bool IsForm(byte[] body, string text, HookFormat format, HookTerms terms)
    {
        if (body.Length == 0 || format == HookFormat.Text || terms.Door == HookDoors.Ntfy)
        {
            return false;
        }

        return !HookForm.IsJson(text) && (terms.IsAsBefore(format) || text.Contains('=', StringComparison.Ordinal));
    }

    /// <summary>What the body says; a form whose field <c>payload</c> holds JSON is that JSON.</summary>
    private static Said Made(
        HookFormat format, HookTerms terms, string mediaType, string text, IReadOnlyList<KeyValuePair<string, IReadOnlyList<string>>>? form, IReadOnlyList<string> files, byte[]? raw = null)
    {
        if (form is not null && !terms.IsAsBefore(format) && form.FirstOrDefault(f => f.Key is PayloadField).Value is [var payload, ..])
        {
            return new Said("application/json", payload, null, null, files);
        }

        return new Said(mediaType, text, raw, form, files);
    }

    private static HookRequest Filled(HttpRequest request, HookTerms terms, Said said) => new()
    {
        Door = terms.Door,
        Header = name => request.Headers.TryGetValue(name, out var value) ? value.ToString() : null,
        Query = name => request.Query.TryGetValue(name, out var value) ? value.ToString() : null,
        MediaType = said.MediaType,
        Text = said.Text,
        Body = said.Raw is { } raw && Utf8.IsValid(raw) && !raw.AsSpan().StartsWith(Encoding.UTF8.Preamble) && !raw.AsSpan().Contains((byte)0) ? raw : Encoding.UTF8.GetBytes(said.Text),
        Form = said.Form,
        Files = said.Files,
    };

    /// <summary>What a body came to.</summary>
    /// <param name="Raw">Its bytes, where they are the text's.</param>
    private sealed record Said(
        string MediaType, string Text, byte[]? Raw, IReadOnlyList<KeyValuePair<string, IReadOnlyList<string>>>? Form, IReadOnlyList<string> Files);
}
