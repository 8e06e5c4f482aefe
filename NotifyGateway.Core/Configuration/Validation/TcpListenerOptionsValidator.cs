using FluentValidation;

namespace NotifyGateway.Core.Configuration.Validation;

/// <summary>A TCP door.</summary>
internal sealed class TcpListenerOptionsValidator : AbstractValidator<TcpListenerOptions>
{
    public TcpListenerOptionsValidator()
    {
        this.Text(nameof(TcpListenerOptions.Endpoint), x => x.Endpoint, ListenersOptionsValidator.WrongEndpoint);
        RuleFor(x => x.CloseAfter).Positive(RangeRules.LongestTimer);
        this.Inside(nameof(TcpListenerOptions.Tls), x => x.Tls, () => new ListenerTlsOptionsValidator());
        RuleFor(x => x.IdleTimeout).Positive(RangeRules.LongestTimer);
        RuleFor(x => x.MaxConnections).Between(1, 1_000_000);
        this.Texts(nameof(TcpListenerOptions.AllowFrom), x => x.AllowFrom, AddressRanges.Wrong);
    }
}
