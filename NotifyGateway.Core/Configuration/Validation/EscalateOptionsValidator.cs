using FluentValidation;
using NotifyGateway.Core.Configuration.Binding;
using NotifyGateway.Core.Routing;

namespace NotifyGateway.Core.Configuration.Validation;

/// <summary>Who is told of what does not arrive.</summary>
internal sealed class EscalateOptionsValidator : AbstractValidator<EscalateOptions>
{
    public EscalateOptionsValidator()
    {
        RuleFor(x => x.To).NotEmpty().WithMessage("must name at least one destination");
        this.Texts(nameof(EscalateOptions.To), x => x.To, DestinationRules.Wrong);
        RuleFor(x => x.After).Positive(RangeRules.LongestAge);
    }

    /// <summary>What is named and nothing serves: the one word that must arrive has to have a way. Asked only of options that are good otherwise.</summary>
    public static IEnumerable<(string Path, string Message)> Unserved(GatewayOptions options)
    {
        if (options.Escalate is not { } escalate)
        {
            yield break;
        }

        var router = new Router(options);
        for (var i = 0; i < escalate.To.Count; i++)
        {
            foreach (var unknown in router.Resolve(Addressing.Named(escalate.To[i])).Unknown)
            {
                yield return ($"{OptionShape.Section}:{nameof(GatewayOptions.Escalate)}:{nameof(EscalateOptions.To)}:{i}", $"names a destination that cannot be served: {unknown}");
            }
        }
    }
}
