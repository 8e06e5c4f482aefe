using System.Globalization;
using NotifyGateway.Core.Dialects;
using NotifyGateway.Core.Formatting;

namespace NotifyGateway.Core.Templates;

/// <summary>What templates can do besides naming values. A helper that gets nothing writes nothing.</summary>
internal static class TemplateHelpers
{
    /// <summary>What a cut text ends with.</summary>
    private const string Ellipsis = "…";

    /// <summary>How long a Git hash is shown.</summary>
    private const int ShortHash = 8;

    public static IReadOnlyDictionary<string, TemplateHelper> All { get; } = new[]
    {
        // Format
        Wrap("bold", '\x02'),
        Wrap("italic", '\x1D'),
        Wrap("code", '\x11'),
        Wrap("strike", '\x1E'),
        new TemplateHelper("colour", 2, 2, a => Colour(a.Text(0), a.Text(1))),
        new TemplateHelper("link", 2, 2, a => Link(a.Text(0), a.Text(1))),

        // Texts
        new TemplateHelper("line", 1, 1, a => FirstLine(a.Text(0))),
        new TemplateHelper("cut", 2, 2, a => Cut(a.Text(0), Math.Max(1, a.Number(1)), Ellipsis)),
        new TemplateHelper("short", 1, 1, a => Cut(a.Text(0), ShortHash, "")),
        new TemplateHelper("after", 2, 2, a => a.Text(0) is var text && a.Text(1) is var beginning && text.StartsWith(beginning, StringComparison.Ordinal) ? text[beginning.Length..] : text),
        new TemplateHelper("trim", 1, 1, a => a.Text(0).Trim()),
        new TemplateHelper("upper", 1, 1, a => a.Text(0).ToUpperInvariant()),
        new TemplateHelper("lower", 1, 1, a => a.Text(0).ToLowerInvariant()),
        new TemplateHelper("replace", 3, 3, Replace),
        new TemplateHelper("date", 1, 1, a => ShortDate.Of(a.Text(0))),
        new TemplateHelper("json", 1, 1, Json),
        new TemplateHelper("default", 2, 2, a => a.IsTrue(0) ? a.Value(0) : a.Value(1)),
        new TemplateHelper("plural", 2, 3, Plural),

        // Lists and objects
        new TemplateHelper("first", 2, 2, a => a.List(0) is var list && a.Number(1) is var most && most < list.Count ? a.Listed([.. list.Items.Take(most)]) : list),
        new TemplateHelper("more", 2, 2, a => a.List(0).Count - Math.Max(0, a.Number(1)) is > 0 and var left ? left : ""),
        new TemplateHelper("join", 1, 2, Join),
        new TemplateHelper("lookup", 2, 2, Lookup),

        // Conditions
        new TemplateHelper("eq", 2, 2, a => string.Equals(a.Text(0), a.Text(1), StringComparison.Ordinal)),
        new TemplateHelper("lt", 2, 2, a => Compare(a) < 0),
        new TemplateHelper("gt", 2, 2, a => Compare(a) > 0),
        new TemplateHelper("contains", 2, 2, a => a.Text(0).Contains(a.Text(1), StringComparison.OrdinalIgnoreCase)),
        new TemplateHelper("not", 1, 1, a => !a.IsTrue(0)),
        new TemplateHelper("and", 2, 9, a => Enumerable.Range(0, a.Count).All(a.IsTrue)),
        new TemplateHelper("or", 2, 9, a => Enumerable.Range(0, a.Count).Any(a.IsTrue)),
    }.ToDictionary(h => h.Name, StringComparer.Ordinal);

    private static readonly Dictionary<string, string> Colours = new(StringComparer.Ordinal)
    {
        ["red"] = "04",
        ["orange"] = "07",
        ["green"] = "03",
        ["cyan"] = "10",
        ["blue"] = "12",
        ["purple"] = "06",
        ["grey"] = "14",
    };

    private static TemplateHelper Wrap(string name, char code) => new(name, 1, 1, a => a.Text(0) is { Length: > 0 } text ? $"{code}{text}{code}" : "");

    /// <summary>Bold, on and off, parts the colour's number from digits and commas of the text.</summary>
    private static string Colour(string name, string text) =>
        text.Length > 0 && Colours.TryGetValue(name, out var number) ? $"{IrcFormat.Colour}{number}{IrcFormat.Bold}{IrcFormat.Bold}{text}{IrcFormat.Colour}{IrcFormat.Bold}{IrcFormat.Bold}" : text;

    private static string Link(string label, string url) =>
        url.Length == 0 || string.Equals(label, url, StringComparison.Ordinal) ? label : label.Length == 0 ? url : $"{label} ({url})";

    private static string FirstLine(string text)
    {
        var trimmed = text.AsSpan().TrimStart();
        var end = trimmed.IndexOfAny('\r', '\n');
        return (end < 0 ? trimmed : trimmed[..end]).TrimEnd().ToString();
    }

    private static string Cut(string text, int length, string end)
    {
        if (text.Length <= length)
        {
            return text;
        }

        // Not between the halves of a character.
        return text[..(char.IsHighSurrogate(text[length - 1]) ? length - 1 : length)] + end;
    }

    /// <summary>One that would grow beyond what a text may be is an empty one: replacements in replacements grow without end.</summary>
    private static string Replace(HelperArguments a)
    {
        var (text, old, by) = (a.Text(0), a.Text(1), a.Text(2));
        if (old.Length == 0)
        {
            return text;
        }

        var grown = text.Length + ((long)Count(text, old) * (by.Length - old.Length));
        return grown > BoundedText.MaxBytes ? "" : a.Paid(text.Replace(old, by, StringComparison.Ordinal));
    }

    private static int Count(ReadOnlySpan<char> text, ReadOnlySpan<char> part)
    {
        var count = 0;
        for (; text.IndexOf(part, StringComparison.Ordinal) is >= 0 and var at; text = text[(at + part.Length)..])
        {
            count++;
        }

        return count;
    }

    private static string Json(HelperArguments a) => a.Value(0) switch
    {
        // A number is a text in a model: it is written as it was sent.
        string text when TemplateValue.Number(text) is null => a.Paid(TemplateValue.Json(new PayloadText(text))),
        _ => a.Text(0),
    };

    private static string Plural(HelperArguments a)
    {
        var count = a.Number(0);
        return string.Create(CultureInfo.InvariantCulture, $"{count} {(count == 1 ? a.Text(1) : a.Count > 2 ? a.Text(2) : a.Text(1) + "s")}");
    }

    private static string Join(HelperArguments a) => a.Paid(string.Join(a.Count > 1 ? a.Text(1) : ", ", a.List(0).Select(TemplateValue.Text)));

    private static object? Lookup(HelperArguments a) => a.Value(0) switch
    {
        ModelObject entries => entries[a.Text(1)],
        ModelList list when a.Number(1) is var index && index >= 0 && index < list.Count => list[index],
        _ => null,
    };

    /// <summary>As numbers if both are, else as texts.</summary>
    private static int Compare(HelperArguments a) => TemplateValue.Number(a.Value(0)) is { } left && TemplateValue.Number(a.Value(1)) is { } right
        ? left.CompareTo(right)
        : string.CompareOrdinal(a.Text(0), a.Text(1));
}
