using System.Globalization;
using HandlebarsDotNet;
using NotifyGateway.Core.Formatting;

namespace NotifyGateway.Core.Templates;

/// <summary>What templates can do besides naming values. A helper that gets nothing writes nothing.</summary>
internal static class TemplateHelpers
{
    /// <summary>What a cut text ends with.</summary>
    private const string Ellipsis = "…";

    /// <summary>How long a Git hash is shown.</summary>
    private const int ShortHash = 8;

    public static void Register(IHandlebars engine)
    {
        // {{bold title}}, {{italic …}}, {{code …}}, {{strike …}}
        Wrap(engine, "bold", '\x02');
        Wrap(engine, "italic", '\x1D');
        Wrap(engine, "code", '\x11');
        Wrap(engine, "strike", '\x1E');

        // {{colour "green" text}}: see Colours for the names; an unknown one leaves the text as it is.
        engine.RegisterHelper("colour", (output, _, arguments) => output.WriteSafeString(Colour(Text(arguments, 0), Text(arguments, 1))));

        // {{short after}}: the first 8 digits of a hash. {{line message}}: the first line. {{cut text 80}}: at most so many characters.
        engine.RegisterHelper("short", (output, _, arguments) => output.WriteSafeString(Cut(Text(arguments, 0), ShortHash, "")));
        engine.RegisterHelper("line", (output, _, arguments) => output.WriteSafeString(FirstLine(Text(arguments, 0))));
        engine.RegisterHelper("cut", (output, _, arguments) => output.WriteSafeString(Cut(Text(arguments, 0), Math.Max(1, Number(arguments, 1)), Ellipsis)));

        // {{after ref "refs/heads/"}}: without that beginning.
        engine.RegisterHelper("after", (output, _, arguments) => output.WriteSafeString(After(Text(arguments, 0), Text(arguments, 1))));

        // {{plural commits.length "commit"}}: "1 commit", "3 commits"; a third argument is the plural of irregular words.
        engine.RegisterHelper("plural", (output, _, arguments) => output.WriteSafeString(Plural(arguments)));

        // {{#if (eq state "open")}} compares texts; {{#each (first commits 3)}} takes at most so many; {{more commits 3}} is how many are left, nothing if none are.
        engine.RegisterHelper("eq", (_, arguments) => string.Equals(Text(arguments, 0), Text(arguments, 1), StringComparison.Ordinal));
        engine.RegisterHelper("first", (_, arguments) => List(arguments, 0).Take(Number(arguments, 1)).ToList());
        engine.RegisterHelper("more", (_, arguments) => List(arguments, 0).Count - Number(arguments, 1) is > 0 and var left ? (object)left : "");
    }

    private static void Wrap(IHandlebars engine, string name, char code) =>
        engine.RegisterHelper(name, (output, _, arguments) => output.WriteSafeString(Text(arguments, 0) is { Length: > 0 } text ? $"{code}{text}{code}" : ""));

    private static string Colour(string name, string text) =>
        text.Length > 0 && Colours.TryGetValue(name, out var number) ? $"{IrcFormat.Colour}{number}{IrcFormat.Bold}{IrcFormat.Bold}{text}{IrcFormat.Colour}{IrcFormat.Bold}{IrcFormat.Bold}" : text;

    private static readonly Dictionary<string, string> Colours = new(StringComparer.Ordinal)
    {
        ["red"] = "04", ["orange"] = "07", ["green"] = "03", ["cyan"] = "10", ["blue"] = "12", ["purple"] = "06", ["grey"] = "14",
    };

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

    private static string After(string text, string beginning) => text.StartsWith(beginning, StringComparison.Ordinal) ? text[beginning.Length..] : text;

    private static string Plural(Arguments arguments)
    {
        var count = Number(arguments, 0);
        var word = count == 1 ? Text(arguments, 1) : arguments.Length > 2 ? Text(arguments, 2) : Text(arguments, 1) + "s";
        return $"{count.ToString(CultureInfo.InvariantCulture)} {word}";
    }

    private static List<object?> List(Arguments arguments, int index) => arguments.Length > index && arguments[index] is List<object?> list ? list : [];

    private static string Text(Arguments arguments, int index) =>
        arguments.Length > index && arguments[index] is { } value and not UndefinedBindingResult ? Convert.ToString(value, CultureInfo.InvariantCulture) ?? "" : "";

    private static int Number(Arguments arguments, int index) => int.TryParse(Text(arguments, index), CultureInfo.InvariantCulture, out var number) ? number : 0;
}
