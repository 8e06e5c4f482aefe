using FluentValidation;

namespace NotifyGateway.Core.Configuration.Validation;

/// <summary>Login by the network's services.</summary>
internal sealed class NickServOptionsValidator : AbstractValidator<NickServOptions>
{
    public NickServOptionsValidator()
    {
        RuleFor(x => x.Password).NotEmpty().WithMessage("is needed: without it there is nothing to log in with");
        this.Text(nameof(NickServOptions.Password), x => x.Password, IrcWords.WrongAccount);
        this.Text(nameof(NickServOptions.Account), x => x.Account, IrcWords.WrongAccount);
        this.Text(nameof(NickServOptions.Service), x => x.Service, IrcWords.WrongNick);
    }
}
