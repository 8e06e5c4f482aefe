using System.Collections.Concurrent;
using System.Globalization;
using HandlebarsDotNet;
using NotifyGateway.Core.Dialects;

namespace NotifyGateway.Core.Templates;

/// <summary>The templates that put events into words, by name. Never changes: an override makes another set. May be used from many threads.</summary>
internal sealed class TemplateSet
{
    /// <summary>So many texts of hooks are kept compiled; they come from the configuration, so that there are few.</summary>
    private const int MostInline = 256;

    /// <summary>Stands under a text that was too long.</summary>
    private const string CutMark = "\n… (cut: the template writes more)";

    private readonly ConcurrentDictionary<string, Lazy<Compiled>> _named = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, Compiled> _inline = new(StringComparer.Ordinal);
    private readonly IReadOnlyDictionary<string, string> _sources;
    private readonly Lazy<IHandlebars> _engine;

    /// <param name="overrides">The user's templates by name: they stand in for the built-in ones of the same name, or beside them.</param>
    public TemplateSet(IReadOnlyDictionary<string, string> overrides)
    {
        _sources = BuiltInTemplates.All.Concat(overrides).GroupBy(t => t.Key, StringComparer.Ordinal).ToDictionary(g => g.Key, g => g.Last().Value, StringComparer.Ordinal);
        // A gateway without hooks needs neither the engine nor what is compiled for it: five megabytes.
        _engine = new(MakeEngine);
        foreach (var (name, source) in _sources)
        {
            _named[name] = new(() => Compile(source));
        }
    }

    /// <summary>The built-in templates alone.</summary>
    public static TemplateSet BuiltIn { get; } = new(new Dictionary<string, string>(StringComparer.Ordinal));

    /// <summary>The names of all templates, sorted.</summary>
    public IEnumerable<string> Names => _sources.Keys.Order(StringComparer.Ordinal);

    /// <summary>The text of a template; null when there is none of that name.</summary>
    public string? Source(string name) => _sources.GetValueOrDefault(name);

    /// <summary>What is wrong with a template, compiled and not only read; null: nothing.</summary>
    /// <param name="template">A name, or the text itself if it holds <c>{{</c>.</param>
    public string? Wrong(string template) => Find(template) switch
    {
        { Fault: { } fault } => fault,
        null => NearestName.To(template, Names) is { } nearest ? $"there is no template {template}; did you mean {nearest}?" : $"there is no template {template}; there are {string.Join(", ", Names)}",
        _ => null,
    };

    /// <summary>Puts a model into words.</summary>
    /// <param name="template">A name, or the text itself if it holds <c>{{</c>.</param>
    /// <param name="model">What the template may use, at its root.</param>
    /// <returns>The text, or why there is none. A text that is too long is cut, and says so.</returns>
    public (string? Text, string? Fault) Render(string template, PayloadObject model)
    {
        if (Find(template) is not { Run: { } run, Length: var length })
        {
            return (null, $"{Called(template)}: {Wrong(template)}");
        }

        using var text = new StringWriter(CultureInfo.InvariantCulture);
        var spending = new Spending();
        try
        {
            spending.Enter(length);
            using var bounded = new BoundedText(text);
            run(bounded, TemplateModel.Of(model, spending)!, new Dictionary<string, object>(StringComparer.Ordinal) { [Spending.Name] = spending });
            return (text.ToString().Trim(), null);
        }
        catch (Exception e) when (Innermost(e) is FullException)
        {
            return (text.ToString().Trim() + CutMark, null);
        }
        catch (Exception e) when (Innermost(e) is SpentException or HandlebarsException)
        {
            return (null, $"{Called(template)}: {Innermost(e).Message}");
        }
    }

    private static string Called(string template) => IsText(template) ? "the hook's template" : $"the template {template}";

    private static bool IsText(string template) => template.Contains("{{", StringComparison.Ordinal);

    /// <summary>Each partial around the place wraps what has happened there.</summary>
    private static Exception Innermost(Exception e)
    {
        while (e.InnerException is { } inner)
        {
            e = inner;
        }

        return e;
    }

    private IHandlebars MakeEngine()
    {
        var engine = TemplateEngine.Make();
        foreach (var name in _sources.Keys)
        {
            engine.RegisterTemplate(name, (output, context, _) => WritePartial(name, output, (BindingContext)context!));
        }

        return engine;
    }

    private Compiled? Find(string template)
    {
        if (!IsText(template))
        {
            return _named.GetValueOrDefault(template)?.Value;
        }

        if (_inline.Count > MostInline)
        {
            _inline.Clear();
        }

        return _inline.GetOrAdd(template, Compile);
    }

    private void WritePartial(string name, TextWriter output, BindingContext context)
    {
        if (_named[name].Value is not { Run: { } run, Length: var length })
        {
            throw new HandlebarsException($"{name}, {_named[name].Value.Fault}");
        }

        Spending.Of(context).Enter(length);

        // What stands indented is collected by the engine, beyond the reach of the limit around the whole text.
        using var bounded = new BoundedText(output);
        run(bounded, context, null!);
    }

    private Compiled Compile(string source)
    {
        if (TemplateCheck.Wrong(source, _sources.ContainsKey) is { } wrong)
        {
            return new(null, source.Length, wrong);
        }

        try
        {
            using var reader = new StringReader(source);
            return new(_engine.Value.Compile(reader), source.Length, null);
        }
        catch (HandlebarsException e)
        {
            return new(null, source.Length, e.Message.ReplaceLineEndings(" "));
        }
        catch (InvalidOperationException e)
        {
            // The engine looks for a token that is not there.
            return new(null, source.Length, e.Message);
        }
    }

    private sealed record Compiled(HandlebarsTemplate<TextWriter, object, object>? Run, int Length, string? Fault);
}
