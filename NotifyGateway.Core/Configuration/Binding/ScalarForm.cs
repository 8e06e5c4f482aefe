using System.Globalization;
using System.Text.RegularExpressions;

namespace NotifyGateway.Core.Configuration.Binding;

/// <summary>How a type of value is written. Accepts what is meant and nothing else: .NET reads the time "5" as five days and "24:00:00" as 24 days.</summary>
/// <param name="Expected">What is right, for an error: "must be …".</param>
/// <param name="Parse">The value, or null when the text has not this form.</param>
internal sealed partial record ScalarForm(string Expected, Func<string, object?> Parse)
{
    private static readonly ScalarForm Text = new("a text", text => text);
    private static readonly ScalarForm Truth = new("true or false", text => bool.TryParse(text, out var value) ? value : null);

    private static readonly ScalarForm WholeNumber = new("a whole number, like 10", text =>
        int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value) ? value : null);

    private static readonly ScalarForm Number = new("a number, like 1.5", text =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && double.IsFinite(value) ? value : null);

    private static readonly ScalarForm Duration = new("a time, hours:minutes:seconds like 00:00:30, with days 1.00:00:00 and parts of a second 00:00:00.250", text =>
        DurationForm().IsMatch(text) && TimeSpan.TryParseExact(text, "c", CultureInfo.InvariantCulture, out var value) ? value : null);

    private static readonly ScalarForm Moment = new("a date like 2030-01-31, or with a time and its zone 2030-01-31T12:00:00Z", text =>
        MomentForm().IsMatch(text) && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var value) ? value : null);

    private static readonly ScalarForm Address = new("a URL, like https://notify.example.org", text =>
        Uri.TryCreate(text, UriKind.Absolute, out var value) ? value : null);

    /// <summary>The form of a type; null when it is no single value.</summary>
    public static ScalarForm? For(Type type) =>
        type == typeof(string) ? Text
        : type == typeof(bool) ? Truth
        : type == typeof(int) ? WholeNumber
        : type == typeof(double) ? Number
        : type == typeof(TimeSpan) ? Duration
        : type == typeof(DateTimeOffset) ? Moment
        : type == typeof(Uri) ? Address
        : type.IsEnum ? Choice(type)
        : null;

    private static ScalarForm Choice(Type type)
    {
        var names = Enum.GetNames(type);
        return new("one of " + string.Join(", ", names), text =>
            names.FirstOrDefault(n => string.Equals(n, text, StringComparison.OrdinalIgnoreCase)) is { } name ? Enum.Parse(type, name) : null);
    }

    [GeneratedRegex(@"^(\d{1,7}\.)?\d{1,2}:\d{2}:\d{2}(\.\d{1,7})?$", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex DurationForm();

    [GeneratedRegex(@"^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d{1,7})?)?(Z|[+-]\d{2}:\d{2}))?$", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex MomentForm();
}
