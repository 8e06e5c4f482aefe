using System.Text;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Primitives;
using NotifyGateway.Core.Configuration;
using NotifyGateway.Core.Dialects;

namespace NotifyGateway.Api.Http;

/// <summary>How HTTP carries what a program posts to a hook: JSON, a text or a form.</summary>
internal static class HookBody
{
    /// <summary>What the XMPP MUC Message Gateway says of a body that it cannot read.</summary>
    private const string NotUnderstood = "The browser (or proxy) sent a request that this server could not understand.";

    /// <summary>The text of the message, or why there is none.</summary>
    /// <param name="limit">The most bytes that the body may have.</param>
    public static async ValueTask<(string? Text, Refusal? Refusal)> ReadAsync(HttpRequest request, HookFormat format, int limit, CancellationToken cancellationToken)
    {
        var type = request.ContentType ?? "";
        if (type.StartsWith("multipart/", StringComparison.OrdinalIgnoreCase))
        {
            var (form, refusal) = await MultipartBody.ReadAsync(request, limit, cancellationToken);
            return form is null ? (null, refusal) : Answer(HookText.OfForm(Fields(form), format), "this hook takes a text, not a form");
        }

        if (await BoundedBody.ReadAsync(request, limit, cancellationToken) is not { } body)
        {
            return (null, Refusal.TooLarge(limit));
        }

        var isForm = type.StartsWith("application/x-www-form-urlencoded", StringComparison.OrdinalIgnoreCase);
        var text = HookText.OfBody(body, format, isForm, out var fault);
        return text is null && isForm && body.Length > 0
            ? Answer(HookText.OfForm(Fields(QueryHelpers.ParseQuery(Encoding.UTF8.GetString(body))), format), fault)
            : Answer(text, fault);
    }

    private static (string?, Refusal?) Answer(string? text, string? fault) =>
        text is null ? (null, new Refusal(StatusCodes.Status400BadRequest, $"{NotUnderstood} ({fault})")) : (text, null);

    private static IEnumerable<KeyValuePair<string, IReadOnlyList<string>>> Fields(IEnumerable<KeyValuePair<string, StringValues>> form) =>
        form.Select(f => KeyValuePair.Create(f.Key, (IReadOnlyList<string>)[.. f.Value.Select(v => v ?? "")]));
}
