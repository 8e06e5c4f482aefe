using System.Globalization;
using HandlebarsDotNet;
using HandlebarsDotNet.ValueProviders;

namespace NotifyGateway.Core.Templates;

/// <summary>Handlebars.Net, with these helpers and this access to a model, and without anything else: no files, no members of .NET types, no tables that grow with what was posted.</summary>
internal static class TemplateEngine
{
    /// <summary>How deep templates may stand in templates.</summary>
    private const short MaxPartials = 16;

    /// <summary>What brings the engine's own <c>lookup</c>, which keeps every name that it was asked for; nothing else takes its place while it is there.</summary>
    private const string OwnHelpers = "BuildInHelpersFeatureFactory";

    public static IHandlebars Make()
    {
        var access = new ModelAccess();
        var configuration = new HandlebarsConfiguration { NoEscape = true, FormatProvider = CultureInfo.InvariantCulture, PartialRecursionDepthLimit = MaxPartials };
        configuration.ObjectDescriptorProviders.Add(access);
        configuration.FormatterProviders.Add(access);
        var features = configuration.CompileTimeConfiguration.Features;
        features.Remove(features.Single(f => f.GetType().Name is OwnHelpers));
        var engine = Handlebars.Create(configuration);
        engine.RegisterHelper("with", With);
        foreach (var helper in TemplateHelpers.All.Values)
        {
            helper.Register(engine);
        }

        return engine;
    }

    private static void With(EncodedTextWriter output, BlockHelperOptions options, Context context, Arguments arguments)
    {
        if (!TemplateValue.IsTrue(arguments[0]))
        {
            options.Inverse(output, context);
            return;
        }

        using var frame = options.CreateFrame(arguments[0]);
        if (options.BlockVariables.Length > 0)
        {
            var variables = new BlockParamsValues(frame, options.BlockVariables);
            variables[0] = arguments[0];
        }

        options.Template(output, frame);
    }
}
