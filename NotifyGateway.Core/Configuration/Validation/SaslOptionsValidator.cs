using FluentValidation;

namespace NotifyGateway.Core.Configuration.Validation;

/// <summary>Login by SASL.</summary>
internal sealed class SaslOptionsValidator : AbstractValidator<SaslOptions>
{
    public SaslOptionsValidator()
    {
        this.Text(nameof(SaslOptions.Account), x => x.Account, IrcWords.WrongAccount);
        this.Text(nameof(SaslOptions.Password), x => x.Password, IrcWords.WrongLine);
        RuleFor(x => x.Password).NotEmpty()
            .When(x => x.Mechanism is SaslMechanism.Plain or SaslMechanism.ScramSha256)
            .WithMessage("is needed for this mechanism");
    }
}
