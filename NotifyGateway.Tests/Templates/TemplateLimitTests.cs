using System.Diagnostics;
using System.Globalization;
using System.Text;
using NotifyGateway.Core.Templates;
using NotifyGateway.Tests.Support;
using Xunit;

namespace NotifyGateway.Tests.Templates;

/// <summary>Whatever the template and the payload are: a rendering ends, soon and with a reason.</summary>
[Collection(Alone.Name)]
public sealed class TemplateLimitTests
{
    /// <summary>Far more than any of them takes, and far less than they would take without limits.</summary>
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(20);

    [Theory]
    [InlineData("{{#each list}}{{#each @root.list}}{{#each @root.list}}{{/each}}{{/each}}{{/each}}")]
    [InlineData("{{#list}}{{#each @root.list}}{{#each @root.list}}{{#if no}}x{{/if}}{{/each}}{{/each}}{{/list}}")]
    [InlineData("{{#each list}}{{#each @root.object}}{{#each @root.object}}{{#if no}}x{{/if}}{{/each}}{{/each}}{{/each}}")]
    [InlineData("{{#each list}}{{#if (contains @root.text \"zzz\")}}x{{/if}}{{/each}}")]
    [InlineData("{{#each list}}{{#if (eq @root.list @root.object)}}x{{/if}}{{/each}}")]
    [InlineData("{{#each list}}{{#each (first @root.list 9000)}}{{#if no}}x{{/if}}{{/each}}{{/each}}")]
    [InlineData("{{#each list}}{{#if (not (join @root.list))}}x{{/if}}{{/each}}")]
    [InlineData("{{> twice}}")]
    [InlineData("{{#each list}}{{#each @root.list}}{{> silent}}{{/each}}{{/each}}")]
    public void Work_IsBounded(string template)
    {
        var set = Rendering.Set("twice", "{{> twice2}}{{> twice2}}", "twice2", Repeat("{{> twice3}}", 100), "twice3", Repeat("{{> twice4}}", 100), "twice4", Repeat("{{> silent}}", 100), "silent", "{{#if no}}x{{/if}}");
        var watch = Stopwatch.StartNew();

        var fault = Rendering.Fault(set, template + "x", Large);

        Assert.Contains("it takes more than 1000000 steps", fault, StringComparison.Ordinal);
        Assert.True(watch.Elapsed < Soon, watch.Elapsed.ToString());
    }

    [Fact]
    public void LongTemplate_IsBounded_WhereLittleOfItIsCounted()
    {
        var watch = Stopwatch.StartNew();

        var fault = Rendering.Fault(TemplateSet.BuiltIn, "{{#each list}}" + Repeat("{{#if @first}}{{/if}}", 1500) + "{{/each}}", Large);

        Assert.Contains("steps", fault, StringComparison.Ordinal);
        Assert.True(watch.Elapsed < Soon, watch.Elapsed.ToString());
    }

    [Fact]
    public void PartialInItself_EndsWithAReason()
    {
        var set = Rendering.Set("self", "{{> self}}", "a", "{{> b}}", "b", "{{> a}}");

        Assert.Contains("recursion", Rendering.Fault(set, "self", "{}"), StringComparison.Ordinal);
        Assert.Contains("recursion", Rendering.Fault(set, "a", "{}"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{{#each list}}{{@root.text}}{{/each}}")]
    [InlineData("{{#each list}}{{#each @root.list}}word {{/each}}{{/each}}")]
    [InlineData("{{#each list}}{{@root.list}}{{/each}}")]
    [InlineData("  {{> text}}\n{{text}}")]
    [InlineData("{{text}}é{{text}}é{{text}}")]
    public void Text_IsCutAndSaysSo(string template)
    {
        var text = Rendering.Render(Rendering.Set("text", "{{#each list}}{{@root.text}}\n{{/each}}\n"), template, Large);

        Assert.EndsWith("… (cut: the template writes more)", text, StringComparison.Ordinal);
        Assert.InRange(Encoding.UTF8.GetByteCount(text), 0, 61 * 1024);
    }

    [Fact]
    public void Replacements_DoNotGrowWithoutEnd()
    {
        var grown = Enumerable.Range(0, 30).Aggregate("\"aa\"", (inner, _) => $"(replace {inner} \"a\" \"aaaaaaaaaaaaaaaa\")");

        Assert.Equal("ok", Rendering.Render($"{{{{#if {grown}}}}}grown{{{{else}}}}ok{{{{/if}}}}", "{}"));
    }

    [Fact]
    public void DeepNesting_IsRefusedBeforeItIsCompiled()
    {
        var deep = Repeat("{{#if a}}", 1000) + Repeat("{{/if}}", 1000);
        var brackets = "{{bold " + Repeat("(bold ", 1000) + "a" + Repeat(")", 1000) + "}}";

        Assert.Equal("line 1: blocks stand in blocks more than 32 deep", TemplateSet.BuiltIn.Wrong(deep));
        Assert.Equal("line 1: brackets stand in brackets more than 32 deep", TemplateSet.BuiltIn.Wrong(brackets));
        Assert.Equal("a template has at most 32768 characters", TemplateSet.BuiltIn.Wrong("{{a}}" + new string('x', 32 * 1024)));
    }

    [Fact]
    public void NamesOfPayloads_AreNotKept()
    {
        var set = Rendering.Set("walk", "{{#each map}}{{@key}}{{#if (lookup @root.map @key)}}y{{/if}}{{> item k=.}}{{/each}}", "item", "{{k}}");
        Render(0, 10);
        var before = GC.GetTotalMemory(forceFullCollection: true);
        Render(1, 100);

        // 100 payloads with 100 names of 1000 letters each are 20 MB.
        Assert.InRange(GC.GetTotalMemory(forceFullCollection: true) - before, long.MinValue, 5_000_000);

        void Render(int round, int times)
        {
            for (var i = 0; i < times; i++)
            {
                var entries = Enumerable.Range(0, 100).Select(k => $"\"{round}-{i}-{k}-{new string('k', 1000)}\":1");
                set.Render("walk", Rendering.Model($"{{\"map\":{{{string.Join(',', entries)}}}}}"));
            }
        }
    }

    private static string Large { get; } = string.Create(CultureInfo.InvariantCulture,
        $"{{\"no\":false,\"text\":\"{new string('t', 30_000)}\",\"list\":[{string.Join(',', Enumerable.Range(0, 10_000))}],\"object\":{{{string.Join(',', Enumerable.Range(0, 5_000).Select(i => $"\"k{i}\":{i}"))}}}}}");

    private static string Repeat(string text, int times) => string.Concat(Enumerable.Repeat(text, times));
}
