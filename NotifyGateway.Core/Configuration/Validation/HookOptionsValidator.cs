using FluentValidation;
using NotifyGateway.Core.Configuration.Binding;

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
        RuleFor(x => x.Format).Must(f => f is null or HookFormat.Text or HookFormat.Json or HookFormat.Yaml)
            .WithMessage($"{UnsupportedKeys.Message} with this value; {nameof(HookFormat.Text)}, {nameof(HookFormat.Json)} and {nameof(HookFormat.Yaml)} are");
    }

    /// <summary>A token is one part of a URL's path, which the sender may percent-encode.</summary>
    private static string? WrongToken(string token) =>
        SecretRules.WrongSecret(token) ?? (token.Contains('/', StringComparison.Ordinal) ? "must not hold a slash: it is one part of a URL" : null);
}
