using FluentValidation;

namespace NotifyGateway.Core.Configuration.Validation;

/// <summary>Rules about templates: those of the directory, each by its file, and those that hooks name.</summary>
internal static class TemplateRules
{
    public static void TemplatesAreGood(GatewayOptions options, ValidationContext<GatewayOptions> context)
    {
        if (options.TemplatesDirectory is { } directory && FileRules.MissingDirectory(directory) is { } missing)
        {
            context.Fail(nameof(GatewayOptions.TemplatesDirectory), missing);
            return;
        }

        var (set, faults) = TemplateFiles.Read(options.TemplatesDirectory);
        foreach (var fault in faults)
        {
            context.Fail(nameof(GatewayOptions.TemplatesDirectory), fault);
        }

        foreach (var (name, hook) in options.Hooks)
        {
            if (hook.Template is { Length: > 0 } template)
            {
                context.Fail($"{nameof(GatewayOptions.Hooks)}:{name}:{nameof(HookOptions.Template)}", set.Wrong(template));
            }
        }
    }
}
