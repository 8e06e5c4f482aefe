using FluentValidation;

namespace NotifyGateway.Core.Configuration.Validation;

/// <summary>Rules about templates: those of the directory, each by its file.</summary>
internal static class TemplateRules
{
    public static void TemplatesAreGood(GatewayOptions options, ValidationContext<GatewayOptions> context)
    {
        if (options.TemplatesDirectory is { } directory && FileRules.MissingDirectory(directory) is { } missing)
        {
            context.Fail(nameof(GatewayOptions.TemplatesDirectory), missing);
            return;
        }

        var (_, faults) = TemplateFiles.Read(options.TemplatesDirectory);
        foreach (var fault in faults)
        {
            context.Fail(nameof(GatewayOptions.TemplatesDirectory), fault);
        }
    }
}
