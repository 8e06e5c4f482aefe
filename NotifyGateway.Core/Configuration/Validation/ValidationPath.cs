using FluentValidation;
using FluentValidation.Results;

namespace NotifyGateway.Core.Configuration.Validation;

/// <summary>
/// Rules for what stands inside, with paths as a user writes them: <c>Irc:libera:Channels:0:Name</c>. FluentValidation's own nesting writes
/// <c>Irc[0].Value.Channels[0].Name</c>, and a network's name may hold a dot. A validator is made with the first value that it is for: each rule is compiled,
/// and most configurations have no more than one or two kinds of session.
/// </summary>
internal static class ValidationPath
{
    public static void Inside<T, TPart>(this AbstractValidator<T> rules, string key, Func<T, TPart?> part, Func<IValidator<TPart>> make)
        where TPart : class
    {
        var inner = new Lazy<IValidator<TPart>>(make);
        rules.RuleFor(x => x).Custom((options, context) =>
        {
            if (part(options) is { } value)
            {
                Add(context, key, inner.Value.Validate(value));
            }
        });
    }

    public static void Named<T, TPart>(this AbstractValidator<T> rules, string key, Func<T, IReadOnlyDictionary<string, TPart>> parts, Func<IValidator<TPart>> make)
    {
        var inner = new Lazy<IValidator<TPart>>(make);
        rules.RuleFor(x => x).Custom((options, context) =>
        {
            foreach (var (name, value) in parts(options))
            {
                Add(context, $"{key}:{name}", inner.Value.Validate(value));
            }
        });
    }

    public static void Listed<T, TPart>(this AbstractValidator<T> rules, string key, Func<T, IReadOnlyList<TPart>> parts, Func<IValidator<TPart>> make)
    {
        var inner = new Lazy<IValidator<TPart>>(make);
        rules.RuleFor(x => x).Custom((options, context) =>
        {
            for (var i = 0; i < parts(options).Count; i++)
            {
                Add(context, $"{key}:{i}", inner.Value.Validate(parts(options)[i]));
            }
        });
    }

    /// <summary>One rule for each text of a list; it says what is wrong, or null.</summary>
    public static void Texts<T>(this AbstractValidator<T> rules, string key, Func<T, IReadOnlyList<string>> texts, Func<string, string?> wrongWith) =>
        rules.RuleFor(x => x).Custom((options, context) =>
        {
            for (var i = 0; i < texts(options).Count; i++)
            {
                context.Fail($"{key}:{i}", wrongWith(texts(options)[i]));
            }
        });

    /// <summary>One rule for a text that may be absent; it says what is wrong, or null.</summary>
    public static void Text<T>(this AbstractValidator<T> rules, string key, Func<T, string?> text, Func<string, string?> wrongWith) =>
        rules.RuleFor(x => x).Custom((options, context) =>
        {
            if (text(options) is { } value)
            {
                context.Fail(key, wrongWith(value));
            }
        });

    /// <summary>Adds an error unless the message is null.</summary>
    public static void Fail<T>(this ValidationContext<T> context, string path, string? message)
    {
        if (message is not null)
        {
            context.AddFailure(new ValidationFailure(path, message));
        }
    }

    private static void Add<T>(ValidationContext<T> context, string path, ValidationResult result)
    {
        foreach (var error in result.Errors)
        {
            context.Fail(error.PropertyName.Length == 0 ? path : $"{path}:{error.PropertyName}", error.ErrorMessage);
        }
    }
}
