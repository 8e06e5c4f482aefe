using NotifyGateway.Core.Templates;
using Xunit;

namespace NotifyGateway.Tests.Templates;

public sealed class TemplateCheckTests
{
    [Theory]
    [InlineData("a\n{{x", "line 2: {{ begins and does not end")]
    [InlineData("{{~x~", "line 1: ~ stands elsewhere than at the brackets")]
    [InlineData("a\n{{x ~ y}}", "line 2: ~ stands elsewhere than at the brackets")]
    [InlineData("{{#if /}}{{/if}}", "line 1: the path / has a part that is empty")]
    [InlineData("{{/x}}{{#if /map}}{{/if}}", "line 1: {{/x}} closes nothing")]
    [InlineData("{{#unless x/}}{{/unless}}", "line 1: the path x/ has a part that is empty")]
    [InlineData("{{bold /map}}", "line 1: the path /map has a part that is empty")]
    [InlineData("{{bold [a//b]}}", "line 1: the path [a//b] has a part that is empty")]
    [InlineData("{{#if @/}}{{/if}}", "line 1: the path @/ has a part that is empty")]
    [InlineData("{{#if a~b}}{{/if}}", "line 1: ~ stands elsewhere than at the brackets")]
    [InlineData("a\n\n{{#if x}}\nb", "line 3: {{#if}} has no {{/if}}")]
    [InlineData("{{#if x}}\n{{/each}}", "line 2: {{/each}} stands where {{/if}} should, of the block in line 1")]
    [InlineData("a{{/if}}", "line 1: {{/if}} closes nothing")]
    [InlineData("a{{else}}b", "line 1: {{else}} stands outside of any block")]
    [InlineData("{{#if a}}{{else}}{{else}}{{/if}}", "line 1: {{else}} stands behind another {{else}}")]
    [InlineData("\n{{nope x}}", "line 2: there is no helper nope")]
    [InlineData("{{upppr x}}", "line 1: there is no helper upppr; did you mean upper?")]
    [InlineData("{{#if (nope x)}}{{/if}}", "line 1: there is no helper nope")]
    [InlineData("{{bold (cut (nope x) 3)}}", "line 1: there is no helper nope")]
    [InlineData("{{cut x}}", "line 1: cut takes 2 arguments, not 1")]
    [InlineData("{{plural x}}", "line 1: plural takes 2 to 3 arguments, not 1")]
    [InlineData("{{bold x y}}", "line 1: bold takes 1 argument, not 2")]
    [InlineData("{{if x}}", "line 1: if is a block: {{#if …}}")]
    [InlineData("{{#if}}x{{/if}}", "line 1: if takes one argument")]
    [InlineData("{{#if a b}}x{{/if}}", "line 1: if takes one argument")]
    [InlineData("{{#each}}x{{/each}}", "line 1: each takes one argument")]
    [InlineData("{{#bold x}}x{{/bold}}", "line 1: there is no block bold; there are if, unless, each, with")]
    [InlineData("{{#nope x}}x{{/nope}}", "line 1: there is no block nope; there are if, unless, each, with")]
    [InlineData("{{#if a}}{{else nope b}}{{/if}}", "line 1: there is no block nope; there are if, unless, each, with")]
    [InlineData("a\n{{> nobody}}", "line 2: there is no template of the name nobody")]
    [InlineData("{{> (lookup . \"x\")}}", "line 1: there is no template of the name (")]
    [InlineData("{{bold x=1}}", "line 1: x=… is known with partials only")]
    [InlineData("{{#if (eq a b}}x{{/if}}", "line 1: ( has no )")]
    [InlineData("{{bold x)}}", "line 1: ) stands where nothing should")]
    [InlineData("{{(bold x)}}", "line 1: a name is missing")]
    [InlineData("{{bold \"x}}", "line 1: {{ begins and does not end")]
    [InlineData("{{}}", "line 1: {{}} says nothing")]
    [InlineData("{{! never\nends", "line 1: a comment begins and does not end")]
    public void Mistake_IsNamedWithItsLine(string template, string expected) => Assert.Equal(expected, TemplateSet.BuiltIn.Wrong(template));

    [Theory]
    [InlineData("{{#*inline \"x\"}}{{> x}}{{/inline}}")]
    [InlineData("{{* decorator}}")]
    [InlineData("{{#> message}}x{{/message}}")]
    [InlineData("{{{{raw}}}}x{{{{/raw}}}}")]
    [InlineData("{{&text}}")]
    [InlineData("{{#if a}}x{{^}}y{{/if}}")]
    public void WhatTheEngineHasBeyond_IsRefused(string template) =>
        Assert.StartsWith("line 1: inline partials, partial blocks", TemplateSet.BuiltIn.Wrong(template), StringComparison.Ordinal);

    [Theory]
    [InlineData("{{#if (and (eq a \"b c\") (not d))}}{{else if (or x y)}}{{else}}{{/if}}")]
    [InlineData("{{#each items as |item index|}}{{index}}{{/each}}")]
    [InlineData("{{> message}}{{> message this}}{{> message title=\"a\" text=(cut b 3)}}")]
    [InlineData("{{~#if a~}}{{~/if~}}{{~a~}}{{~! c}}{{!-- d --}}")]
    [InlineData("{{#list}}{{.}}{{this}}{{../a}}{{@key}}{{[a b]}}{{a.[b }}]}}{{/list}}{{^list}}{{/list}}")]
    [InlineData("{{cut 'a \\'b\\' c' 3}}{{cut \"a \\\"b\\\" c\" 3}}")]
    [InlineData("{{bold \"}}\"}}")]
    [InlineData("a } } b {c} }} d {{x}}")]
    [InlineData("{{first}} {{date}} {{link}}")]
    public void GoodTemplate_IsGood_ForTheEngineToo(string template) => Assert.Null(TemplateSet.BuiltIn.Wrong(template));
}
