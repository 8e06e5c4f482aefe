using System.Text;
using NotifyGateway.Core.Dialects;
using NotifyGateway.Core.Templates;
using Xunit;

namespace NotifyGateway.Tests.Templates;

/// <summary>Templates rendered with JSON.</summary>
internal static class Rendering
{
    public static string Render(string template, string json) => Render(TemplateSet.BuiltIn, template, json);

    public static string Render(TemplateSet set, string template, string json)
    {
        var (text, fault) = set.Render(template, Model(json));
        Assert.Null(fault);
        return text!;
    }

    public static string Fault(TemplateSet set, string template, string json)
    {
        var (text, fault) = set.Render(template, Model(json));
        Assert.Null(text);
        return fault!;
    }

    public static PayloadObject Model(string json) => (PayloadObject)Payload.ParseJson(Encoding.UTF8.GetBytes(json), out _)!;

    /// <summary>The built-in templates and these: name, text, name, text …</summary>
    public static TemplateSet Set(params string[] templates) => new(templates.Chunk(2).ToDictionary(t => t[0], t => t[1], StringComparer.Ordinal));
}
