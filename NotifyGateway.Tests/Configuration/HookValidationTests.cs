using NotifyGateway.Core.Configuration;
using Xunit;

namespace NotifyGateway.Tests.Configuration;

public sealed class HookValidationTests
{
    [Theory]
    [InlineData("\"Format\": \"Template\"", "Template", "needs a template's name")]
    [InlineData("\"Template\": \" \"", "Template", "empty")]
    [InlineData("\"Template\": \"two words\"", "Template", "{{")]
    [InlineData("\"Template\": \"github.psh\"", "Template", "did you mean github.push?")]
    [InlineData("\"Template\": \"{{#if}}\"", "Template", "line 1")]
    [InlineData("\"Template\": \"github.push\", \"Format\": \"Yaml\"", "Template", "no use with the format Yaml")]
    [InlineData("\"SigningSecret\": \"short77\"", "SigningSecret", "shorter than 8")]
    [InlineData("\"SigningSecret\": \"with\\u0000control\"", "SigningSecret", "control")]
    [InlineData("\"SigningSecret\": \"long enough\", \"AllowGet\": true", "AllowGet", "SigningSecret")]
    [InlineData("\"AllowGet\": \"maybe\"", "AllowGet", "true or false")]
    [InlineData("\"PerMinute\": 0", "PerMinute", "1 to 1000000")]
    [InlineData("\"PerMinute\": 1000001", "PerMinute", "1 to 1000000")]
    [InlineData("\"Repeat\": \"-00:00:01\"", "Repeat", "hours:minutes:seconds")]
    [InlineData("\"Repeat\": \"4000.00:00:00\"", "Repeat", "3650")]
    [InlineData("\"Answer\": \"Fine\"", "Answer", "one of Ok, Success")]
    public void Hook_IsChecked(string keys, string key, string message) =>
        Assert.Contains(message, Loading.OnlyErrorAt($"Gateway:Hooks:h:{key}", Loading.Load(Hook(keys))), StringComparison.Ordinal);

    [Fact]
    public void Hook_MayBe()
    {
        var hook = Loading.Good(Hook(""" "Format": "Auto", "Template": "{{title}}: {{text}}", "SigningSecret": "It's a Secret to Everybody", "PerMinute": 5, "Repeat": "00:00:00", "Answer": "Success" """)).Hooks["h"];

        Assert.Equal((HookFormat.Auto, "{{title}}: {{text}}", "It's a Secret to Everybody"), (hook.Format, hook.Template, hook.SigningSecret));
        Assert.Equal((5, TimeSpan.Zero, HookAnswer.Success, false), (hook.PerMinute, hook.Repeat, hook.Answer, hook.AllowGet));
        Loading.Good(Hook(""" "Format": "Slack", "AllowGet": true, "SigningSecret": null """));
        Loading.Good(Hook(""" "Format": "Template", "Template": "github.push" """));
    }

    private static string Hook(string keys) => $$"""{ "Hooks": { "h": { "Token": "long-enough", "To": ["#a"], {{keys}} } } }""";
}
