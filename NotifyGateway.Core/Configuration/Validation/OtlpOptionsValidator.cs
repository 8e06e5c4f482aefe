using FluentValidation;

namespace NotifyGateway.Core.Configuration.Validation;

/// <summary>Where metrics and traces are sent.</summary>
internal sealed class OtlpOptionsValidator : AbstractValidator<OtlpOptions>
{
    public OtlpOptionsValidator()
    {
        RuleFor(x => x.Endpoint).Must(IsCollector).WithMessage("must be an http or https URL without user, query and fragment, like http://127.0.0.1:4318");
        RuleFor(x => x).Custom(HeadersCanBeSent);
        RuleFor(x => x.Headers).Empty().When(x => x.Endpoint is null).WithMessage($"stands without {nameof(OtlpOptions.Endpoint)}: in the environment headers are OTEL_EXPORTER_OTLP_HEADERS");
    }

    private static bool IsCollector(Uri? url) =>
        url is null || (url.Scheme is "http" or "https" && url.Host.Length > 0 && url.UserInfo.Length == 0 && url.Query.Length == 0 && url.Fragment.Length == 0);

    private static void HeadersCanBeSent(OtlpOptions options, ValidationContext<OtlpOptions> context)
    {
        foreach (var (name, value) in options.Headers)
        {
            var path = $"{nameof(OtlpOptions.Headers)}:{name}";
            context.Fail(path, name.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.') ? null : "a header's name has letters, digits, - _ and . only");
            // The exporter takes all headers as one text, and parts it at commas.
            context.Fail(path, value.Length > 0 && value.All(c => c is >= ' ' and <= '~' and not ',') && value.Trim().Length == value.Length ? null : "must be printable ASCII without commas, and neither begin nor end with a space");
        }
    }
}
