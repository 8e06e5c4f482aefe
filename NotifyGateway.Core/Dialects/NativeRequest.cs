using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using NotifyGateway.Core.Dialects.Hooks;

namespace NotifyGateway.Core.Dialects;

/// <summary>
/// The native request, the same over TCP and HTTP: <c>{"to": […], "text": …, "title", "severity", "markup", "expiresIn", "repeatKey"}</c>. A name that it
/// does not have is a fault, so that a misspelt one is not lost silently; one that comes twice counts as it comes last.
/// </summary>
public sealed record NativeRequest
{
    /// <summary>Null: the defaults.</summary>
    public IReadOnlyList<string>? To { get; init; }

    /// <summary>Empty only with a title.</summary>
    public string Text { get; init; } = "";

    public string? Title { get; init; }

    public Severity? Severity { get; init; }

    public Markup Markup { get; init; }

    /// <summary>How long it may wait; null: the configured time.</summary>
    public TimeSpan? ExpiresIn { get; init; }

    /// <summary>What the message is about, in the sender's words: one with the same key within <see cref="RepeatWindow"/> is the same message. Null: each is one of its own.</summary>
    public string? RepeatKey { get; init; }

    /// <summary>What makes a <see cref="Submission"/> the same by <see cref="RepeatKey"/>.</summary>
    public (string Key, byte[] Fingerprint)? Repeat => RepeatKey is { } key ? HookRepeats.Guard(new HookRepeat(key, IsDelivery: false)) : null;

    /// <summary>How long <see cref="RepeatKey"/> is remembered: as long as an event of a hook.</summary>
    public static TimeSpan RepeatWindow { get; } = TimeSpan.FromMinutes(5);

    /// <summary>Whether a line is to be answered; HTTP answers always.</summary>
    public bool Reply { get; init; }

    public string? Client { get; init; }

    /// <summary>Never to be logged.</summary>
    public string? Secret { get; init; }

    /// <summary>All that is wrong with the fields. Unless this is empty, only <see cref="Client"/>, <see cref="Secret"/> and <see cref="Reply"/> count.</summary>
    public IReadOnlyList<FieldFault> Faults { get; init; } = [];

    /// <summary>Whom the request names.</summary>
    public Addressing Addressing => To is null ? Addressing.Defaults : Addressing.Named(To);

    /// <summary>Reads a request from a JSON object in UTF-8. Never throws.</summary>
    /// <param name="error">Why it is no JSON object, in words for the sender; holds nothing of it.</param>
    public static bool TryParse(ReadOnlySpan<byte> json, [NotNullWhen(true)] out NativeRequest? request, [NotNullWhen(false)] out string? error)
    {
        request = null;
        try
        {
            var reader = new Utf8JsonReader(JsonText.WithoutMark(json));
            error = reader.Read() && reader.TokenType == JsonTokenType.StartObject ? null : "not a JSON object";
            if (error is null)
            {
                request = new NativeFields().Read(ref reader);
            }
        }
        catch (JsonException e)
        {
            error = JsonText.Fault(e);
        }

        return error is null;
    }

    /// <summary>A record prints its members: this one holds a secret.</summary>
    public override string ToString() => nameof(NativeRequest);
}

/// <summary>What is wrong with one field of a request.</summary>
/// <param name="Field">Its name; as the sender wrote it if <paramref name="IsKnown"/> is false.</param>
/// <param name="Error">To be read behind the name: <c>must be a string</c>. Holds nothing of the request.</param>
public readonly record struct FieldFault(string Field, string Error, bool IsKnown = true)
{
    /// <summary>For a log: holds nothing of the request.</summary>
    public override string ToString() => IsKnown ? $"{Field} {Error}" : $"one of the names {Error}";
}
