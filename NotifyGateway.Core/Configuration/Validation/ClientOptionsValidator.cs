using FluentValidation;

namespace NotifyGateway.Core.Configuration.Validation;

/// <summary>One sender.</summary>
internal sealed class ClientOptionsValidator : AbstractValidator<ClientOptions>
{
    public ClientOptionsValidator()
    {
        this.Text(nameof(ClientOptions.Secret), x => x.Secret, SecretRules.WrongSecret);
        this.Text(nameof(ClientOptions.SecretSha256), x => x.SecretSha256, HexRules.WrongHash);
        RuleFor(x => x.SecretSha256).Null().When(x => x.Secret is not null)
            .WithMessage($"stands beside {nameof(ClientOptions.Secret)}: only one of them may");
        RuleFor(x => x.Secret).NotNull().When(x => x.SecretSha256 is null)
            .WithMessage($"is missing: a client needs {nameof(ClientOptions.Secret)} or {nameof(ClientOptions.SecretSha256)} (the command token prints both)");
        this.Texts(nameof(ClientOptions.To), x => x.To ?? [], DestinationRules.Wrong);
        RuleFor(x => x.PerMinute).Between(1, 1_000_000);
    }
}
