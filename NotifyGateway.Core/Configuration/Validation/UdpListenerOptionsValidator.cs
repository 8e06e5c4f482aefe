using FluentValidation;

namespace NotifyGateway.Core.Configuration.Validation;

/// <summary>A UDP door.</summary>
internal sealed class UdpListenerOptionsValidator : AbstractValidator<UdpListenerOptions>
{
    public UdpListenerOptionsValidator()
    {
        this.Text(nameof(UdpListenerOptions.Endpoint), x => x.Endpoint, ListenersOptionsValidator.WrongEndpoint);
        RuleFor(x => x.Dialect).Equal(Dialect.Irker).WithMessage($"must be {Dialect.Irker}: only that dialect is spoken over UDP");
    }
}
