using System.Collections.Concurrent;
using HandlebarsDotNet;
using NotifyGateway.Core.Dialects;

namespace NotifyGateway.Core.Templates;

/// <summary>The templates that put events into words, by name. Never changes: an override makes another set.</summary>
internal sealed class TemplateSet
{
    private readonly ConcurrentDictionary<string, HandlebarsTemplate<object, object>> _compiled = new(StringComparer.Ordinal);
    private readonly IReadOnlyDictionary<string, string> _sources;
    private readonly IHandlebars _engine;

    /// <param name="overrides">The user's templates by name: they stand in for the built-in ones of the same name, or beside them.</param>
    public TemplateSet(IReadOnlyDictionary<string, string> overrides)
    {
        _sources = BuiltInTemplates.All.Concat(overrides).GroupBy(t => t.Key, StringComparer.Ordinal).ToDictionary(g => g.Key, g => g.Last().Value, StringComparer.Ordinal);
        _engine = Handlebars.Create(new HandlebarsConfiguration { NoEscape = true });
        TemplateHelpers.Register(_engine);
    }

    /// <summary>The built-in templates alone.</summary>
    public static TemplateSet BuiltIn { get; } = new(new Dictionary<string, string>(StringComparer.Ordinal));

    /// <summary>The names of all templates, sorted.</summary>
    public IEnumerable<string> Names => _sources.Keys.Order(StringComparer.Ordinal);

    /// <summary>Puts a model into words.</summary>
    /// <param name="template">A name, or the text itself if it holds <c>{{</c>.</param>
    /// <param name="model">What the template may use, at its root.</param>
    /// <returns>The text, or why there is none.</returns>
    public (string? Text, string? Fault) Render(string template, PayloadObject model)
    {
        var source = template.Contains("{{", StringComparison.Ordinal) ? template : _sources.GetValueOrDefault(template);
        if (source is null)
        {
            return (null, $"there is no template of the name {template}");
        }

        try
        {
            return (_compiled.GetOrAdd(source, text => _engine.Compile(text))(TemplateModel.Of(model)!).Trim(), null);
        }
        catch (HandlebarsException e)
        {
            return (null, $"the template {template} fails: {e.Message}");
        }
    }
}
