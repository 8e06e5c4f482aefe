using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using NotifyGateway.Core.Configuration;

namespace NotifyGateway.Core.Formatting;

/// <summary>A message as a program gets it: values for its arguments and environment, and bytes for its standard input.</summary>
internal sealed class ProgramText
{
    /// <summary>What an argument, or a variable with its name, has at most: Linux takes 128 KiB (MAX_ARG_STRLEN) with the NUL at the end.</summary>
    public const int MaxArgumentBytes = (128 * 1024) - 1;

    private const string Cut = "…";

    private static readonly JsonWriterOptions JsonForm = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly Notification _notification;
    private readonly string _title;
    private readonly string _text;
    private readonly string _lead;

    /// <param name="notification">The message.</param>
    /// <param name="lead">Stands before the title, else before the text. Not in JSON, which has the time itself.</param>
    public ProgramText(Notification notification, string lead = "")
    {
        _notification = notification;
        _lead = lead;
        _title = RichText.WithoutCodes(notification.Title ?? "");
        _text = RichText.WithoutCodes(RichText.Of(notification));
    }

    /// <summary>An argument did not fit and was shortened.</summary>
    public bool Shortened { get; private set; }

    /// <summary>One argument of a template, or one variable. What a sender has said stays inside it. NUL, which would end it, is left out.</summary>
    public string Argument(string template)
    {
        var filled = Placeholders.Fill(template, Value).Replace("\0", "", StringComparison.Ordinal);
        if (filled.Length <= MaxArgumentBytes / 3 || Encoding.UTF8.GetByteCount(filled) <= MaxArgumentBytes)
        {
            return filled;
        }

        Shortened = true;
        var room = MaxArgumentBytes - Encoding.UTF8.GetByteCount(Cut);
        var length = 0;
        foreach (var rune in filled.EnumerateRunes())
        {
            // An unpaired surrogate counts, and is written, as U+FFFD.
            room -= rune.Utf8SequenceLength;
            if (room < 0)
            {
                break;
            }

            length += rune.Utf16SequenceLength;
        }

        return string.Concat(filled.AsSpan(0, length), Cut);
    }

    /// <param name="titleIsElsewhere">The title stands in an argument or the environment.</param>
    public byte[] Input(ProgramInput kind, bool titleIsElsewhere) => kind switch
    {
        ProgramInput.None => [],
        ProgramInput.Json => Json(),
        _ => Encoding.UTF8.GetBytes(titleIsElsewhere || string.IsNullOrWhiteSpace(_title) ? LedText : $"{LedTitle}\n{LedText}"),
    };

    private string LedTitle => string.IsNullOrWhiteSpace(_title) ? _title : _lead + _title;

    private string LedText => string.IsNullOrWhiteSpace(_title) && !string.IsNullOrWhiteSpace(_text) ? _lead + _text : _text;

    private string Value(string word) => word switch
    {
        Placeholders.Title => LedTitle,
        Placeholders.Text => LedText,
        Placeholders.Severity => Severity,
        Placeholders.Client => _notification.Client,
        _ => _notification.Id.ToString("D"),
    };

    private string Severity => (_notification.Severity ?? Core.Severity.Info) switch
    {
        Core.Severity.Success => "success",
        Core.Severity.Warning => "warning",
        Core.Severity.Error => "error",
        _ => "info",
    };

    private byte[] Json()
    {
        var bytes = new System.Buffers.ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(bytes, JsonForm))
        {
            json.WriteStartObject();
            json.WriteString("id", _notification.Id);
            json.WriteString("client", Paired(_notification.Client));
            json.WriteString("severity", Severity);
            json.WriteString("title", _notification.Title is null ? null : Paired(_title));
            json.WriteString("text", Paired(_text));
            json.WriteString("acceptedAt", _notification.AcceptedAt);
            json.WriteEndObject();
        }

        return [.. bytes.WrittenSpan, (byte)'\n'];
    }

    /// <summary>The writer throws at an unpaired surrogate.</summary>
    private static string? Paired(string? text) => text is null ? null : Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text));
}
