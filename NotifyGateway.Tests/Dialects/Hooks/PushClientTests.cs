using System.Text;
using NotifyGateway.Core;
using NotifyGateway.Core.Configuration;
using NotifyGateway.Core.Dialects.Hooks;
using NotifyGateway.Core.Templates;
using Xunit;

namespace NotifyGateway.Tests.Dialects.Hooks;

/// <summary>What the doors of ntfy and Gotify hand to their readers, and files that come with a form.</summary>
public sealed class PushClientTests
{
    [Fact]
    public void Ntfy_ReadsTheQuery_WhereThereIsNoHeader()
    {
        var message = Read(Ntfy.Read, "body", query: ["title=Backup", "p=5", "ta=+1,nas", "m=said"]);

        Assert.Equal(("👍 Backup", "said [nas]", Severity.Error), (message.Title, message.Text, message.Severity));
    }

    [Theory]
    [InlineData("")]
    [InlineData(" \n")]
    public void Ntfy_WithoutAWord_SaysWhatNtfySays(string body) => Assert.Equal("triggered", Read(Ntfy.Read, body).Text);

    [Theory]
    [InlineData("{\"title\": \"no topic\"}")]
    [InlineData("[1, 2]")]
    [InlineData("42")]
    public void Ntfy_TakesJsonWithoutATopic_ForText(string body) => Assert.Equal(body, Read(Ntfy.Read, body).Text);

    [Theory]
    [InlineData("max", Severity.Error)]
    [InlineData("5", Severity.Error)]
    [InlineData("HIGH", Severity.Warning)]
    [InlineData("3", null)]
    [InlineData("min", null)]
    [InlineData("u=1, i", null)]
    public void Ntfy_Priority_IsASeverity(string priority, Severity? severity) => Assert.Equal(severity, Read(Ntfy.Read, "x", query: [$"priority={priority}"]).Severity);

    [Theory]
    [InlineData("10", Severity.Error)]
    [InlineData("8", Severity.Error)]
    [InlineData("6", Severity.Warning)]
    [InlineData("5", null)]
    [InlineData("0", null)]
    [InlineData("\"9\"", Severity.Error)]
    [InlineData("null", null)]
    [InlineData("{}", null)]
    [InlineData("1e999", Severity.Error)]
    public void Gotify_Priority_IsASeverity(string priority, Severity? severity) =>
        Assert.Equal(severity, Read(Gotify.Read, $$"""{"message": "x", "priority": {{priority}}}""").Severity);

    [Fact]
    public void Gotify_WithMarkdown_IsMarkdown() =>
        Assert.Equal(Markup.Markdown, Read(Gotify.Read, """{"message": "**x**", "extras": {"client::display": {"contentType": "text/markdown"}}}""").Markup);

    [Theory]
    [InlineData("", "InvalidPayload")]
    [InlineData("[]", "InvalidPayload")]
    [InlineData("{}", "NoText")]
    [InlineData("{\"message\": {}}", "NoText")]
    public void Gotify_WithoutAMessage_IsRefused(string body, string fault) =>
        Assert.Equal(fault, Assert.IsType<HookReading.Refused>(Gotify.Read(Request(body))).Fault.ToString());

    [Fact]
    public void FilesOfAForm_AreNamed()
    {
        var request = Request("", form: ["version=1.0", "title=Report", "message=See", "type=warning"], files: ["a.png", "", "c", "d", "e", "f", "g"]);
        var message = Assert.IsType<HookReading.Message>(new HookReader(TemplateSet.BuiltIn).Read(request, HookFormat.Auto, null));

        Assert.Equal("See\nAttached: a.png, a file without a name, c, d, e and 2 more", message.Text);
    }

    private static HookReading.Message Read(Func<HookRequest, HookReading> read, string body, string[]? query = null) => Assert.IsType<HookReading.Message>(read(Request(body, query: query)));

    private static HookRequest Request(string body, string[]? query = null, string[]? form = null, string[]? files = null) => new()
    {
        Header = _ => null,
        Query = name => query?.Where(q => q.StartsWith(name + "=", StringComparison.Ordinal)).Select(q => q[(name.Length + 1)..]).FirstOrDefault(),
        Text = body,
        Body = Encoding.UTF8.GetBytes(body),
        Form = form is null ? null : [.. form.Select(f => f.Split('=')).Select(f => KeyValuePair.Create(f[0], (IReadOnlyList<string>)[f[1]]))],
        Files = files ?? [],
    };
}
