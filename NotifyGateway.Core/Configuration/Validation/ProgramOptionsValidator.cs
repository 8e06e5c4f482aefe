using System.Text;
using FluentValidation;
using NotifyGateway.Core.Formatting;

namespace NotifyGateway.Core.Configuration.Validation;

/// <summary>One program. Whether it is there is seen when it runs: it may be installed later.</summary>
internal sealed class ProgramOptionsValidator : AbstractValidator<ProgramOptions>
{
    private const int MostAtATime = 100;

    public ProgramOptionsValidator()
    {
        RuleFor(x => x.Command).NotEmpty().WithMessage("must be a list of the program and its arguments, like [\"/usr/sbin/sendmail\", \"-t\"]");
        this.Texts(nameof(ProgramOptions.Command), x => x.Command, WrongTemplate);
        RuleFor(x => x).Custom(ProgramIsFixed);
        RuleFor(x => x.Timeout).Positive(RangeRules.LongestTimer);
        RuleFor(x => x.MaxConcurrent).Between(1, MostAtATime);
        RuleFor(x => x.Attempts).Between(1, MostAtATime);
        RuleFor(x => x).Custom(EnvironmentIsWritable);
        this.Text(nameof(ProgramOptions.WorkingDirectory), x => x.WorkingDirectory, WrongDirectory);
    }

    /// <summary>What a sender says must not choose what is run.</summary>
    private static void ProgramIsFixed(ProgramOptions options, ValidationContext<ProgramOptions> context)
    {
        if (options.Command is [var program, ..])
        {
            context.Fail(
                $"{nameof(ProgramOptions.Command)}:0",
                string.IsNullOrWhiteSpace(program) ? "must be the program: a path, or a name that is looked up in PATH"
                : Placeholders.In(program).Any() ? "must not hold a placeholder: what a sender says must not choose the program"
                : null);
        }
    }

    private static void EnvironmentIsWritable(ProgramOptions options, ValidationContext<ProgramOptions> context)
    {
        foreach (var (name, value) in options.Environment)
        {
            var path = $"{nameof(ProgramOptions.Environment)}:{name}";
            context.Fail(path, name.Contains('=', StringComparison.Ordinal) ? "a variable's name must not hold '='" : null);
            context.Fail(path, WrongTemplate(value));
        }
    }

    private static string? WrongTemplate(string template) =>
        template.Contains('\0', StringComparison.Ordinal) ? "must not hold NUL"
        : Encoding.UTF8.GetByteCount(template) > ProgramText.MaxArgumentBytes ? $"must not be longer than {ProgramText.MaxArgumentBytes} bytes"
        : Placeholders.In(template).FirstOrDefault(w => !Placeholders.All.Contains(w, StringComparer.OrdinalIgnoreCase)) is { } unknown ? WrongPlaceholder(unknown)
        : null;

    private static string WrongPlaceholder(string word) => NearestName.To(word, Placeholders.All) is { } nearest
        ? $"holds an unknown placeholder; did you mean {{{{{nearest}}}}}?"
        : $"holds an unknown placeholder; known are {string.Join(", ", Placeholders.All.Select(p => $"{{{{{p}}}}}"))}";

    private static string? WrongDirectory(string path) =>
        path.Length == 0 || path.Any(char.IsControl) ? "must be the path of a directory" : null;
}
