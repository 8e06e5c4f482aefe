using System.Diagnostics.CodeAnalysis;
using System.Text.Json;

namespace NotifyGateway.Core.Dialects;

/// <summary>
/// TwistedPrism's request, the same over TCP and HTTP: <c>message</c>, and the lists <c>users</c> and <c>channels</c>, each with its own
/// default. A list that is absent or null means its default; one that is present but empty means nobody.
/// </summary>
public sealed record TwistedPrismRequest
{
    /// <summary>The error of a request without a message, word for word as TwistedPrism says it.</summary>
    public const string MessageNotSpecified = "message not specified";

    private const string NickSuffix = "isnick";

    public string? Message { get; init; }

    /// <summary>Null: the default users. Empty: nobody.</summary>
    public IReadOnlyList<string>? Users { get; init; }

    /// <summary>Null: the default channels. Empty: none.</summary>
    public IReadOnlyList<string>? Channels { get; init; }

    public string? Client { get; init; }

    /// <summary>Never to be logged.</summary>
    public string? Secret { get; init; }

    /// <summary>False: the answer is <see cref="MessageNotSpecified"/>.</summary>
    [MemberNotNullWhen(true, nameof(Message))]
    public bool HasMessage => !string.IsNullOrEmpty(Message);

    /// <summary>Whom the request names.</summary>
    public Addressing To => Users is null && Channels is null ? Addressing.Defaults : Addressing.Prism(Users, Channels);

    /// <summary>Reads a request from a JSON object in UTF-8. Never throws; a name that comes twice counts as it comes last, and the message may be missing.</summary>
    /// <param name="error">In words for the sender; holds nothing of the request.</param>
    public static bool TryParse(ReadOnlySpan<byte> json, [NotNullWhen(true)] out TwistedPrismRequest? request, [NotNullWhen(false)] out string? error)
    {
        try
        {
            request = Read(JsonText.WithoutMark(json), out error);
        }
        catch (JsonException e)
        {
            request = null;
            error = JsonText.Fault(e);
        }

        return request is not null;
    }

    /// <summary>
    /// The names of a list as a query, a form or one JSON string writes it: separated by commas, with spaces around them ignored. A URL keeps
    /// irkerd's suffix <c>,isnick</c>.
    /// </summary>
    public static IReadOnlyList<string> Split(IEnumerable<string?> values)
    {
        var names = new List<string>();
        foreach (var name in values.SelectMany(v => (v ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)))
        {
            if (name is NickSuffix && names is [.., var url] && url.Contains("://", StringComparison.Ordinal))
            {
                names[^1] = $"{url},{NickSuffix}";
            }
            else
            {
                names.Add(name);
            }
        }

        return names;
    }

    /// <summary>A record prints its members: this one holds a secret.</summary>
    public override string ToString() => nameof(TwistedPrismRequest);

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
            else
            {
                reader.Skip();
            }

            if (wrong is not null)
            {
                error = wrong;
                return null;
            }
        }

        // Whatever follows the object throws.
        reader.Read();
        error = null;
        return new TwistedPrismRequest { Message = message, Users = users, Channels = channels, Client = client, Secret = secret };
    }

    private static bool TryReadNames(ref Utf8JsonReader reader, out IReadOnlyList<string>? names)
    {
        bool proper;
        if (JsonText.IsListNext(reader))
        {
            proper = JsonText.TryReadStrings(ref reader, out var list);
            names = list is null ? null : [.. list.Select(n => n.Trim()).Where(n => n.Length > 0)];
        }
        else
        {
            proper = JsonText.TryReadString(ref reader, out var single);
            names = single is null ? null : Split([single]);
        }

        return proper;
    }
}
