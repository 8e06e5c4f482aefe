using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;
using System.Text.Json;

namespace NotifyGateway.Core.Dialects;

/// <summary>
/// TwistedPrism's request, the same over TCP and HTTP: <c>message</c>, and the lists <c>users</c> and <c>channels</c>, each with its own
/// default. A list that is absent or null means its default; one that is present but empty means nobody.
/// </summary>
/// <param name="Message">Never empty.</param>
/// <param name="Users">Null: the default users. Empty: nobody.</param>
/// <param name="Channels">Null: the default channels. Empty: none.</param>
/// <param name="Client">The field <c>client</c>, if any.</param>
/// <param name="Secret">The field <c>secret</c>, if any. Never to be logged.</param>
public sealed record TwistedPrismRequest(
    string Message, IReadOnlyList<string>? Users, IReadOnlyList<string>? Channels, string? Client = null, string? Secret = null)
{
    /// <summary>The error of a request without a message, word for word as TwistedPrism says it.</summary>
    public const string MessageNotSpecified = "message not specified";

    /// <summary>Whom the request names.</summary>
    public Addressing To => Users is null && Channels is null ? Addressing.Defaults : Addressing.Prism(Users, Channels);

    /// <summary>Reads a request from a JSON object in UTF-8. Never throws; a name that comes twice counts as it comes last.</summary>
    /// <param name="error">In words for the sender; holds nothing of the request. <see cref="MessageNotSpecified"/> when just that is missing.</param>
    public static bool TryParse(ReadOnlySpan<byte> json, [NotNullWhen(true)] out TwistedPrismRequest? request, [NotNullWhen(false)] out string? error)
    {
        try
        {
            request = Read(json, out error);
        }
        catch (JsonException e)
        {
            request = null;
            error = $"not valid JSON, at line {e.LineNumber + 1}, byte {e.BytePositionInLine}";
        }

        return request is not null;
    }

    /// <inheritdoc cref="TryParse(ReadOnlySpan{byte}, out TwistedPrismRequest?, out string?)"/>
    public static bool TryParse(JsonElement json, [NotNullWhen(true)] out TwistedPrismRequest? request, [NotNullWhen(false)] out string? error) =>
        TryParse(JsonMarshal.GetRawUtf8Value(json), out request, out error);

    /// <summary>Reads a request from the fields of a query or a form.</summary>
    /// <param name="message">The field <c>message</c>.</param>
    /// <param name="users">Every value of the field <c>users</c>, each a comma-separated list; null when the field is absent. An empty value (<c>users=</c>) means nobody.</param>
    /// <param name="channels">The same for <c>channels</c>.</param>
    /// <param name="error">In words for the sender.</param>
    public static bool TryParse(
        string? message, IEnumerable<string?>? users, IEnumerable<string?>? channels,
        [NotNullWhen(true)] out TwistedPrismRequest? request, [NotNullWhen(false)] out string? error)
    {
        request = string.IsNullOrEmpty(message) ? null : new TwistedPrismRequest(message, Split(users), Split(channels));
        error = request is null ? MessageNotSpecified : null;
        return request is not null;
    }

    /// <summary>The names of a list as a query, a form or one JSON string writes it: separated by commas, with spaces around them ignored.</summary>
    public static IReadOnlyList<string>? Split(IEnumerable<string?>? values) =>
        values is null ? null : [.. values.SelectMany(v => (v ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))];

    private static TwistedPrismRequest? Read(ReadOnlySpan<byte> json, out string? error)
    {
        var reader = new Utf8JsonReader(json);
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
        {
            error = "not a JSON object";
            return null;
        }

        string? message = null, client = null, secret = null, wrong = null;
        IReadOnlyList<string>? users = null, channels = null;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (JsonText.NameIs(in reader, "message"u8))
            {
                wrong ??= JsonText.TryReadString(ref reader, out message) ? null : "message must be a string";
            }
            else if (JsonText.NameIs(in reader, "users"u8))
            {
                wrong ??= TryReadNames(ref reader, out users) ? null : "users must be a list of strings, or one string";
            }
            else if (JsonText.NameIs(in reader, "channels"u8))
            {
                wrong ??= TryReadNames(ref reader, out channels) ? null : "channels must be a list of strings, or one string";
            }
            else if (JsonText.NameIs(in reader, "client"u8))
            {
                wrong ??= JsonText.TryReadString(ref reader, out client) ? null : "client must be a string";
            }
            else if (JsonText.NameIs(in reader, "secret"u8))
            {
                wrong ??= JsonText.TryReadString(ref reader, out secret) ? null : "secret must be a string";
            }

            if (wrong is not null)
            {
                break;
            }

            // Past the value of an unknown name; at the end of a known one this stands still.
            reader.Skip();
        }

        if (wrong is null)
        {
            // Whatever follows the object throws.
            reader.Read();
        }

        error = wrong ?? (string.IsNullOrEmpty(message) ? MessageNotSpecified : null);
        return error is null ? new TwistedPrismRequest(message!, users, channels, client, secret) : null;
    }

    private static bool TryReadNames(ref Utf8JsonReader reader, out IReadOnlyList<string>? names)
    {
        var proper = JsonText.TryReadStrings(ref reader, out var list, out var single);
        names = list is not null ? [.. list.Select(n => n.Trim()).Where(n => n.Length > 0)]
            : single is not null ? Split([single])
            : null;
        return proper;
    }
}
