using System.Text.RegularExpressions;

namespace NotifyGateway.Core.Formatting;

/// <summary>
/// The words in double braces, <c>{{title}}</c>, that a program's arguments and environment may hold. Braces around anything but one word are left alone:
/// other programs have templates too.
/// </summary>
internal static partial class Placeholders
{
    public const string Title = "title";
    public const string Text = "text";
    public const string Severity = "severity";
    public const string Client = "client";
    public const string Id = "id";

    public static readonly IReadOnlyList<string> All = [Title, Text, Severity, Client, Id];

    /// <summary>The words that a template holds, known or not, without their braces.</summary>
    public static IEnumerable<string> In(string template) => Form().Matches(template).Select(m => m.Groups["word"].Value);

    /// <summary>Whether a template holds this word. Case does not count.</summary>
    public static bool Has(string template, string word) => In(template).Contains(word, StringComparer.OrdinalIgnoreCase);

    /// <summary>Replaces the known words. A value is never looked at again, whatever it holds.</summary>
    /// <param name="value">The value of a word of <see cref="All"/>.</param>
    public static string Fill(string template, Func<string, string> value) => Form().Replace(
        template,
        match => All.FirstOrDefault(w => w.Equals(match.Groups["word"].Value, StringComparison.OrdinalIgnoreCase)) is { } word ? value(word) : match.Value);

    [GeneratedRegex(@"\{\{\s*(?<word>\w+)\s*\}\}", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Form();
}
