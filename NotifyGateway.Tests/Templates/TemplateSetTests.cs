using System.Globalization;
using NotifyGateway.Core.Templates;
using Xunit;

namespace NotifyGateway.Tests.Templates;

public sealed class TemplateSetTests
{
    private const string Model = """
        {"text":"<b>&\"é'","yes":true,"no":false,"zero":0,"one":1,"price":1.50,"nothing":null,"list":["a","b",null],"none":[],"object":{"k":"v","list":[1,{"ü":true}]},"link":"http://x","dashed-key":"d"}
        """;

    [Theory]
    [InlineData("{{text}}", "<b>&\"é'")]
    [InlineData("{{{text}}}", "<b>&\"é'")]
    [InlineData("{{yes}} {{no}} {{zero}} {{one}} {{price}}", "true false 0 1 1.50")]
    [InlineData("[{{nothing}}{{missing}}{{missing.deeper.still}}{{list.9}}{{text.Length}}{{list.Count}}]", "[]")]
    [InlineData("{{object}}", """{"k":"v","list":[1,{"ü":true}]}""")]
    [InlineData("{{list}}", """["a","b",null]""")]
    [InlineData("{{list.length}} {{list.0}} {{list.[1]}} {{object.k}} {{[dashed-key]}} {{dashed-key}}", "3 a b v d d")]
    [InlineData("{{#each list}}{{@index}}{{.}}{{#unless @last}},{{/unless}}{{/each}}", "0a,1b,2")]
    [InlineData("{{#each object}}{{@key}}={{.}};{{/each}}", """k=v;list=[1,{"ü":true}];""")]
    [InlineData("{{#each none}}x{{else}}none{{/each}} {{#each missing}}x{{else}}none{{/each}} {{#each text}}x{{else}}none{{/each}}", "none none none")]
    [InlineData("{{#if zero}}x{{/if}}{{#if none}}x{{/if}}{{#if no}}x{{/if}}{{#if nothing}}x{{/if}}{{#if one}}1{{/if}}{{#if yes}}2{{/if}}", "12")]
    [InlineData("{{#list}}({{.}}){{/list}}{{^none}}none{{/none}}{{#object}}{{k}}{{/object}}", "(a)(b)()nonev")]
    [InlineData("{{#with object}}{{k}} {{../one}} {{@root.one}}{{/with}}", "v 1 1")]
    [InlineData("{{#each list as |item at|}}{{at}}{{item}}{{/each}}", "0a1b2")]
    [InlineData("{{#if no}}a{{else if yes}}b{{else}}c{{/if}}", "b")]
    [InlineData("{{link}} {{this.link}} {{@spending}}", "http://x http://x")]
    [InlineData("{{! nothing }}a{{!-- {{text}} --}}b {{~one~}} c", "ab1c")]
    public void Template_WritesTheModel(string template, string expected) => Assert.Equal(expected, Rendering.Render(template, Model));

    [Theory]
    [InlineData("a\n{{#if yes}}\nb\n{{else}}\nc\n{{/if}}\nd\n", "a\nb\nd")]
    [InlineData("{{#each list}}\n  - {{.}}\n{{/each}}\nend", "- a\n  - b\n  - \nend")]
    [InlineData("{{! first }}\na\n  {{! second }}\nb\n{{#if no}}\nx\n{{/if}}\nc", "a\nb\nc")]
    [InlineData("a\n{{> part}}\nb", "a\nP1\nb")]
    public void LinesOfBlocksAlone_LeaveNothingBehind(string template, string expected) =>
        Assert.Equal(expected, Rendering.Render(Rendering.Set("part", "P{{one}}\n"), template, Model));

    [Fact]
    public void Partial_SeesWhatItIsGiven()
    {
        var set = Rendering.Set("item", "[{{k}}{{name}}{{@root.one}}]");

        Assert.Equal("[1] [v1] [n1] [v1]", Rendering.Render(set, "{{> item}} {{> item object}} {{> item name=\"n\"}} {{#with object}}{{> item}}{{/with}}", Model));
    }

    [Fact]
    public void Override_StandsInForTheBuiltIn_AndBesideIt()
    {
        var set = Rendering.Set("message", "mine: {{text}}", "other", "{{> message}}!");

        Assert.Equal("mine: x!", Rendering.Render(set, "other", """{"text":"x"}"""));
        Assert.Equal("x", Rendering.Render(TemplateSet.BuiltIn, "message", """{"text":"x"}"""));
        Assert.Contains("other", set.Names);
        Assert.DoesNotContain("other", TemplateSet.BuiltIn.Names);
    }

    [Fact]
    public void Culture_OfTheMachineDoesNotMatter()
    {
        var before = CultureInfo.CurrentCulture;
        try
        {
            CultureInfo.CurrentCulture = new CultureInfo("tr-TR");
            Assert.Equal("TITLE 1.5 yes 12", Rendering.Render("{{upper \"title\"}} {{n}} {{#if (lt n 1.6)}}yes{{/if}} {{list.length}}", """{"n":1.5,"list":[1,2,3,4,5,6,7,8,9,10,11,12]}"""));
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    [Fact]
    public async Task OneSet_ServesManyThreads()
    {
        var set = Rendering.Set("outer", "{{#each list}}{{> inner}}{{/each}}", "inner", "{{k}}{{cut text 3}}{{@root.n}} ");

        var texts = await Task.WhenAll(Enumerable.Range(0, 16).Select(n => Task.Run(() => Enumerable.Range(0, 50)
            .Select(_ => Rendering.Render(set, "outer", $$"""{"n":{{n}},"list":[{"k":"a","text":"long text"},{"k":"b","text":"s"}]}""")).Distinct().Single())));

        Assert.All(texts, (text, n) => Assert.Equal($"alon…{n} bs{n}", text));
    }

    [Fact]
    public void HooksOwnText_IsATemplateToo()
    {
        Assert.Null(TemplateSet.BuiltIn.Wrong("{{text}}"));
        Assert.Equal("line 1: there is no helper nope", TemplateSet.BuiltIn.Wrong("{{nope text}}"));
        Assert.Equal("the hook's template: line 1: there is no helper nope", Rendering.Fault(TemplateSet.BuiltIn, "{{nope text}}", Model));
    }

    [Fact]
    public void UnknownName_IsAFaultWithASuggestion()
    {
        Assert.Equal("there is no template mesage; did you mean message?", TemplateSet.BuiltIn.Wrong("mesage"));
        Assert.Equal("the template mesage: there is no template mesage; did you mean message?", Rendering.Fault(TemplateSet.BuiltIn, "mesage", Model));
    }

    [Fact]
    public void EveryBuiltInTemplate_IsGood() => Assert.All(TemplateSet.BuiltIn.Names, name => Assert.Null(TemplateSet.BuiltIn.Wrong(name)));
}
