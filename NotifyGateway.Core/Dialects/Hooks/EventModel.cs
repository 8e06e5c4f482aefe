using System.Globalization;
using System.Text;

namespace NotifyGateway.Core.Dialects.Hooks;

/// <summary>
/// What a template may use: all that the sender sent under the sender's own names, and beside it the values that the built-in templates show. Those come from strangers
/// too, so each is one line of bounded length without control characters, or null; a template need not guard against them.
/// </summary>
internal sealed class EventModel
{
    /// <summary>The most characters of a name: a repository, a person, a branch.</summary>
    public const int NameLength = 80;

    /// <summary>The most characters of a title: a commit's subject, an issue's title.</summary>
    public const int TitleLength = 150;

    /// <summary>The most characters of the beginning of a longer text.</summary>
    public const int TextLength = 250;

    /// <summary>A link is shown whole or not at all.</summary>
    private const int LinkLength = 1000;

    private static readonly PayloadWord Nothing = new("null");

    public EventModel(Payload? payload)
    {
        foreach (var (name, value) in (payload as PayloadObject)?.Entries ?? [])
        {
            Entries.Set(name, value);
        }
    }

    public PayloadObject Entries { get; } = new();

    /// <summary>Adds the first line of a text that is no longer than a name, or what stands in for it.</summary>
    public EventModel Name(string name, string? text, string? otherwise = null) => Text(name, Line(text, NameLength) ?? otherwise);

    /// <summary>Adds the first line of a text, cut at <paramref name="most"/> characters.</summary>
    public EventModel Title(string name, string? text, int most = TitleLength) => Text(name, Line(text, most));

    /// <summary>Adds an address; nothing that is not one of the web.</summary>
    public EventModel Link(string name, string? address) => Text(name, Address(address));

    /// <summary>Adds a number; nothing for 0 and less.</summary>
    public EventModel Count(string name, long count) => Text(name, count > 0 ? Math.Min(count, int.MaxValue).ToString(CultureInfo.InvariantCulture) : null);

    public EventModel Flag(string name, bool isSet) => Value(name, isSet ? new PayloadWord("true") : Nothing);

    public EventModel List(string name, IEnumerable<EventModel> items) => Value(name, new PayloadList([.. items.Select(i => i.Entries)]));

    /// <summary>Adds a text of this program, as it is.</summary>
    public EventModel Text(string name, string? text) => Value(name, text is null ? Nothing : new PayloadText(text));

    /// <summary>The first line with something in it, trimmed, without control characters, cut at <paramref name="most"/> characters; null if there is none.</summary>
    public static string? Line(string? text, int most)
    {
        foreach (var line in (text ?? "").AsSpan().EnumerateLines())
        {
            // The work is bounded by what is shown, not by the text.
            var clean = new StringBuilder();
            for (var i = 0; i < line.Length && clean.Length <= 2 * most; i++)
            {
                if (line[i] == '\t' || !char.IsControl(line[i]))
                {
                    clean.Append(line[i] == '\t' ? ' ' : line[i]);
                }
            }

            if (clean.ToString().Trim() is { Length: > 0 } shown)
            {
                return Cut(shown, most);
            }
        }

        return null;
    }

    /// <summary>An address of the web; null for anything else.</summary>
    public static string? Address(string? text) =>
        text is { Length: <= LinkLength } && (text.StartsWith("https://", StringComparison.OrdinalIgnoreCase) || text.StartsWith("http://", StringComparison.OrdinalIgnoreCase))
            && !text.Any(c => char.IsWhiteSpace(c) || char.IsControl(c)) ? text : null;

    // Not between the halves of a character.
    private static string Cut(string text, int most) => text.Length <= most ? text : text[..(char.IsHighSurrogate(text[most - 1]) ? most - 1 : most)].TrimEnd() + "…";

    private EventModel Value(string name, Payload value)
    {
        Entries.Set(name, value);
        return this;
    }
}
