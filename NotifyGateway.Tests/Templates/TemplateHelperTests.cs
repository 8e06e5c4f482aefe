using Xunit;

namespace NotifyGateway.Tests.Templates;

public sealed class TemplateHelperTests
{
    private const string Model = """
        {"text":"Hello wörld","lines":"\n first \r\nsecond","hash":"0123456789abcdef","ref":"refs/heads/main","empty":"","emoji":"ab😀cd","html":"<a>",
         "list":["a","b","c","d"],"none":[],"one":[1],"object":{"a":"1","b":"2"},"n":7,"big":"10","zero":0,"when":"2026-03-01T12:34:56.789+02:00","unix":1772366400,"millis":1772366400000,"never":"0001-01-01T00:00:00Z","flag":true,"key":"b"}
        """;

    [Theory]
    [InlineData("{{bold text}}{{italic n}}{{code n}}{{strike n}}{{bold empty}}{{bold missing}}", "\u0002Hello wörld\u0002\u001D7\u001D\u00117\u0011\u001E7\u001E")]
    [InlineData("{{colour \"red\" n}}", "\x03" + "04\x02\x02" + "7\x03\x02\x02")]
    [InlineData("{{colour \"pinkish\" n}}{{colour \"red\" empty}}", "7")]
    [InlineData("{{link text \"http://x\"}}|{{link text empty}}|{{link empty \"http://x\"}}|{{link \"u\" \"u\"}}", "Hello wörld (http://x)|Hello wörld|http://x|u")]
    [InlineData("{{line lines}}|{{line missing}}", "first|")]
    [InlineData("{{cut text 5}}|{{cut text 50}}|{{cut emoji 3}}|{{cut text 0}}|{{cut text \"x\"}}", "Hello…|Hello wörld|ab…|H…|H…")]
    [InlineData("{{short hash}}|{{short n}}", "01234567|7")]
    [InlineData("{{after ref \"refs/heads/\"}}|{{after ref \"x\"}}", "main|refs/heads/main")]
    [InlineData("[{{trim \"  a b \"}}] {{upper text}} {{lower text}}", "[a b] HELLO WÖRLD hello wörld")]
    [InlineData("{{replace ref \"/\" \" > \"}}|{{replace ref \"\" \"x\"}}|{{replace ref missing \"x\"}}", "refs > heads > main|refs/heads/main|refs/heads/main")]
    [InlineData("{{date when}}|{{date unix}}|{{date millis}}|{{date never}}|{{date text}}|{{date missing}}|{{date n}}", "2026-03-01 10:34 UTC|2026-03-01 12:00 UTC|2026-03-01 12:00 UTC||Hello wörld||1970-01-01 00:00 UTC")]
    [InlineData("{{json object}} {{json list}} {{json html}} {{json n}} {{json flag}}", """{"a":"1","b":"2"} ["a","b","c","d"] "<a>" 7 true""")]
    [InlineData("{{default missing \"x\"}} {{default text \"x\"}} {{default zero \"x\"}} {{default empty n}}", "x Hello wörld x 7")]
    [InlineData("{{plural 1 \"commit\"}}, {{plural n \"commit\"}}, {{plural list.length \"entry\" \"entries\"}}, {{plural missing \"commit\"}}", "1 commit, 7 commits, 4 entries, 0 commits")]
    [InlineData("{{#each (first list 2)}}{{.}}{{/each}} {{#each (first list 9)}}{{.}}{{/each}} {{#each (first missing 2)}}x{{else}}none{{/each}} {{#each (first list 0)}}x{{else}}none{{/each}}", "ab abcd none none")]
    [InlineData("{{more list 3}}|{{more list 4}}|{{more missing 3}}|{{#if (more list 1)}}yes{{/if}}", "1|||yes")]
    [InlineData("{{join list}} {{join list \"\"}} {{join none}}{{join text}}", "a, b, c, d abcd")]
    [InlineData("{{lookup object key}} {{lookup list 1}} {{lookup list n}}{{lookup object missing}}{{lookup text key}}", "2 b")]
    [InlineData("{{#if (eq text \"Hello wörld\")}}1{{/if}}{{#if (eq n 7)}}2{{/if}}{{#if (eq flag true)}}3{{/if}}{{#if (eq text \"hello\")}}x{{/if}}{{#if (eq missing \"\")}}4{{/if}}", "1234")]
    [InlineData("{{#if (lt n big)}}1{{/if}}{{#if (gt big n)}}2{{/if}}{{#if (lt \"a\" \"b\")}}3{{/if}}{{#if (gt n n)}}x{{/if}}{{#if (lt n 7.5)}}4{{/if}}", "1234")]
    [InlineData("{{#if (contains text \"WÖRLD\")}}1{{/if}}{{#if (contains text \"x\")}}x{{/if}}", "1")]
    [InlineData("{{#if (and flag text n)}}1{{/if}}{{#if (and flag empty)}}x{{/if}}{{#if (or empty zero n)}}2{{/if}}{{#if (or empty none)}}x{{/if}}{{#if (not missing)}}3{{/if}}{{#if (not one)}}x{{/if}}", "123")]
    public void Helper_Writes(string template, string expected) => Assert.Equal(expected, Rendering.Render(template, Model));
}
