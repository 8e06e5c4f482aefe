using NotifyGateway.Core.Formatting;
using Xunit;

namespace NotifyGateway.Tests.Formatting;

public sealed class PlaceholdersTests
{
    [Theory]
    [InlineData("{{title}}", "<title>")]
    [InlineData("a {{ Title }}{{TEXT}} b", "a <title><text> b")]
    [InlineData("{{severity}}/{{client}}/{{id}}", "<severity>/<client>/<id>")]
    [InlineData("{title} {{.Names}} {{{title}}} {{}} {{a b}}", "{title} {{.Names}} {<title>} {{}} {{a b}}")]
    [InlineData("no braces, $(none) `either` %s", "no braces, $(none) `either` %s")]
    [InlineData("{{subject}}", "{{subject}}")]
    public void Fill_ReplacesTheKnownWordsAndNothingElse(string template, string filled) =>
        Assert.Equal(filled, Placeholders.Fill(template, word => $"<{word}>"));

    [Fact]
    public void Fill_NeverLooksAtAValueAgain() =>
        Assert.Equal("{{text}} {{title}} $1 \\0", Placeholders.Fill("{{title}} {{text}}", word => word == "title" ? "{{text}}" : "{{title}} $1 \\0"));
}
