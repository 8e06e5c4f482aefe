using FluentValidation;

namespace NotifyGateway.Core.Configuration.Validation;

/// <summary>Certificate and key of a TCP door: both, as files.</summary>
internal sealed class ListenerTlsOptionsValidator : AbstractValidator<ListenerTlsOptions>
{
    public ListenerTlsOptionsValidator()
    {
        this.Text(nameof(ListenerTlsOptions.Certificate), x => x.Certificate, FileRules.Missing);
        this.Text(nameof(ListenerTlsOptions.Key), x => x.Key, FileRules.Missing);
    }
}
