using FluentValidation;

namespace NotifyGateway.Core.Configuration.Validation;

/// <summary>One hook.</summary>
internal sealed class HookOptionsValidator : AbstractValidator<HookOptions>
{
    public HookOptionsValidator()
    {
        this.Text(nameof(HookOptions.Token), x => x.Token, WrongToken);
        this.Text(nameof(HookOptions.TokenSha256), x => x.TokenSha256, HexRules.WrongHash);
        RuleFor(x => x.TokenSha256).Null().When(x => x.Token is not null)
            .WithMessage($"stands beside {nameof(HookOptions.Token)}: only one of them may");
        RuleFor(x => x.Token).NotNull().When(x => x.TokenSha256 is null)
            .WithMessage($"is missing: a hook needs {nameof(HookOptions.Token)} or {nameof(HookOptions.TokenSha256)} (the command token prints both)");
        RuleFor(x => x.To).NotEmpty().WithMessage("must name at least one destination");
        this.Texts(nameof(HookOptions.To), x => x.To, DestinationRules.Wrong);
        this.Text(nameof(HookOptions.Nick), x => x.Nick, XmppRules.WrongNick);
        this.Text(nameof(HookOptions.Template), x => x.Template, WrongTemplate);
        RuleFor(x => x.Template).NotNull().When(x => x.Format == HookFormat.Template)
            .WithMessage($"is missing: the format {nameof(HookFormat.Template)} needs a template's name, or its text");
        RuleFor(x => x.Template).Null().When(x => x.Format is HookFormat.Text or HookFormat.Json or HookFormat.Yaml)
            .WithMessage(x => $"is of no use with the format {x.Format}; {nameof(HookFormat.Template)} and {nameof(HookFormat.Auto)} use it");
        this.Text(nameof(HookOptions.SigningSecret), x => x.SigningSecret, WrongSigningSecret);
        RuleFor(x => x.AllowGet).Equal(false).When(x => x.SigningSecret is not null)
            .WithMessage($"cannot be true beside {nameof(HookOptions.SigningSecret)}: nobody signs a query");
        RuleFor(x => x.PerMinute).Between(1, 1_000_000);
        RuleFor(x => x.Repeat).Must(t => t >= TimeSpan.Zero && t <= RangeRules.LongestAge)
            .WithMessage($"must be 00:00:00 (each is sent) to {RangeRules.LongestAge:c}");
    }

    /// <summary>Whether it can be a template at all.</summary>
    public static string? WrongTemplate(string template) =>
        string.IsNullOrWhiteSpace(template) ? "must not be empty"
        : !template.Contains("{{", StringComparison.Ordinal) && template.Any(c => char.IsControl(c) || char.IsWhiteSpace(c)) ? "must be a template's name, or the text itself, which holds {{"
        : null;

    /// <summary>The sender's own choice: a GitHub secret may hold spaces.</summary>
    private static string? WrongSigningSecret(string secret) =>
        secret.Any(char.IsControl) ? "must not hold control characters"
        : secret.Length < SecretRules.Shortest ? $"must not be shorter than {SecretRules.Shortest} characters"
        : null;

    /// <summary>A token is one part of a URL's path, which the sender may percent-encode.</summary>
    private static string? WrongToken(string token) =>
        SecretRules.WrongSecret(token) ?? (token.Contains('/', StringComparison.Ordinal) ? "must not hold a slash: it is one part of a URL" : null);
}
