using FluentValidation;
using NotifyGateway.Core.Templates;

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
            if (hook.Template is { } template && HookOptionsValidator.WrongTemplate(template) is null)
            {
                context.Fail($"{nameof(GatewayOptions.Hooks)}:{name}:{nameof(HookOptions.Template)}", Wrong(template, set));
            }
        }
    }

    /// <summary>Without the name as it was written: it may be anything.</summary>
    private static string? Wrong(string template, TemplateSet set) =>
        template.Contains("{{", StringComparison.Ordinal) || set.Source(template) is not null ? set.Wrong(template)
        : NearestName.To(template, set.Names) is { } nearest ? $"there is no template of this name; did you mean {nearest}?"
        : "there is no template of this name (the command template list names them)";
}
