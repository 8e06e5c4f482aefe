using FluentValidation;

namespace NotifyGateway.Core.Configuration.Validation;

/// <summary>Sessions made on demand.</summary>
internal sealed class DynamicOptionsValidator : IrcSessionOptionsValidator<DynamicOptions>
{
    private const string NoName = "needs an Account: Nick holds a place for a number, and names none";

    public DynamicOptionsValidator()
    {
        RuleFor(x => x.MaxSessions).Between(1, 100_000);
        RuleFor(x => x.IdleAfter).Positive(RangeRules.LongestTimer);
        RuleFor(x => x.ChannelIdleAfter).Positive(RangeRules.LongestTimer);
        RuleFor(x => x.NeverSeenAfter).Positive(RangeRules.LongestTimer);
        this.Text(nameof(DynamicOptions.Nick), x => x.Nick, IrcWords.WrongNickTemplate);
        RuleFor(x => x.Sasl).Must((x, sasl) => sasl is not { Account: null, Password: not null } || IsName(x.Nick)).WithMessage(NoName);
        RuleFor(x => x.NickServ).Must((x, services) => services is not { Account: null } || IsName(x.Nick)).WithMessage(NoName);
    }

    private static bool IsName(string nick) => !nick.Contains('%', StringComparison.Ordinal);
}
