using System.Globalization;

namespace NotifyGateway.Core.Sessions.Programs;

/// <summary>How one run of a program went.</summary>
/// <param name="How">In words: <c>exit 3</c>, <c>timed out after 30 s</c>.</param>
/// <param name="Output">The beginning of its standard output, fit to be shown; empty when it said nothing.</param>
/// <param name="Error">The same of its standard error.</param>
/// <param name="Note">What else is to be told; null: nothing.</param>
internal sealed record RunResult(bool Success, string How, string Output, string Error, string? Note = null)
{
    /// <summary>It did not start, for want of something that the system has again sooner or later.</summary>
    public bool IsPassing { get; init; }

    /// <summary>A program that did not start, or of which nobody knows how it ended.</summary>
    public static RunResult Fault(string how) => new(false, how, "", "");

    /// <summary>The whole in one line, for a delivery's reason.</summary>
    public string Reason
    {
        get
        {
            var said = (Error, Output) switch
            {
                ("", "") => How,
                (_, "") => $"{How}: {Error}",
                ("", _) => $"{How}; stdout: {Output}",
                _ => $"{How}: {Error}; stdout: {Output}",
            };
            return Note is null ? said : $"{said} ({Note})";
        }
    }

    /// <summary>What a program's end is called.</summary>
    public static string Of(ExitStatus status) => status switch
    {
        { Code: { } code } => string.Create(CultureInfo.InvariantCulture, $"exit {code}"),
        { Signal: { } signal } => string.Create(CultureInfo.InvariantCulture, $"ended by signal {signal}"),
        _ => "ended, and its exit status is not known",
    };
}
