namespace NotifyGateway.Core.Configuration.Validation;

/// <summary>Sessions made on demand.</summary>
internal sealed class DynamicOptionsValidator : IrcSessionOptionsValidator<DynamicOptions>
{
    public DynamicOptionsValidator()
    {
        RuleFor(x => x.MaxSessions).Between(1, 100_000);
        RuleFor(x => x.IdleAfter).Positive(RangeRules.LongestTimer);
        RuleFor(x => x.ChannelIdleAfter).Positive(RangeRules.LongestTimer);
        RuleFor(x => x.NeverSeenAfter).Positive(RangeRules.LongestTimer);
        this.Text(nameof(DynamicOptions.Nick), x => x.Nick, IrcWords.WrongNickTemplate);
    }
}
