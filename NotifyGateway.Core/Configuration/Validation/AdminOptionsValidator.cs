using FluentValidation;

namespace NotifyGateway.Core.Configuration.Validation;

/// <summary>The administrator's secret. None at all is right: then nobody is administrator.</summary>
internal sealed class AdminOptionsValidator : AbstractValidator<AdminOptions>
{
    public AdminOptionsValidator()
    {
        this.Text(nameof(AdminOptions.Secret), x => x.Secret, SecretRules.WrongSecret);
        this.Text(nameof(AdminOptions.SecretSha256), x => x.SecretSha256, HexRules.WrongHash);
        RuleFor(x => x.SecretSha256).Null().When(x => x.Secret is not null)
            .WithMessage($"stands beside {nameof(AdminOptions.Secret)}: only one of them may");
    }
}
