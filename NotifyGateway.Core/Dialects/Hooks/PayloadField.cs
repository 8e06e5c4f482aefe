using System.Text;

namespace NotifyGateway.Core.Dialects.Hooks;

/// <summary>JSON that may come as the body, or inside one field of a form.</summary>
internal static class PayloadField
{
    /// <summary>The JSON in a form's field if there is such a field, else the body; null when it is no object.</summary>
    public static PayloadObject? Of(HookRequest request, string field) =>
        (request.Field(field) is { } json ? Payload.ParseJson(Encoding.UTF8.GetBytes(json), out _) : request.Payload) as PayloadObject;
}
