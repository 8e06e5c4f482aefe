using NotifyGateway.Tests.Support;
using Xunit;

namespace NotifyGateway.Tests.Cli;

public sealed class TemplateCommandTests : IDisposable
{
    private const string Alert = """
        {"version":"4","groupKey":"x","status":"firing","externalURL":"http://am","alerts":[{"status":"firing","labels":{"alertname":"DiskFull","instance":"web1","severity":"critical"},"annotations":{"summary":"full"},"startsAt":"2026-03-01T12:00:00Z"}]}
        """;

    private readonly TempFolder _folder = new();

    public TemplateCommandTests() => _folder.Write("alert.json", Alert);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Try_ShowsWhatPeopleWouldRead()
    {
        var (code, output, error) = await GatewayProcess.RunAsync(_folder.Path, "template", "try", "auto", "alert.json", "-H", "Content-Type: application/json");

        Assert.Equal((0, ""), (code, error));
        Assert.Contains("sender:   alertmanager", output, StringComparison.Ordinal);
        Assert.Contains("severity: error", output, StringComparison.Ordinal);
        Assert.Contains("{k04}{b}ERROR{o} [FIRING:1] {b}DiskFull{b} web1: full", output, StringComparison.Ordinal);
        Assert.Contains("--- XMPP\n[FIRING:1] *DiskFull* web1: full\nhttp://am", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Try_TakesTheDirectorysTemplates_AndTexts()
    {
        Directory.CreateDirectory(_folder["t"]);
        _folder.Write("t/alertmanager.hbs", "mine: {{name}}");
        _folder.Write("gateway.json", """{ "Gateway": { "TemplatesDirectory": "t" } }""");

        var (_, named, _) = await GatewayProcess.RunAsync(_folder.Path, "template", "try", "auto", "alert.json", "--config", "gateway.json");
        var (_, inline, _) = await GatewayProcess.RunAsync(_folder.Path, "template", "try", "{{firing}} of {{plural alerts.length \"alert\"}}", "alert.json");

        Assert.Contains("--- XMPP\nmine: DiskFull", named, StringComparison.Ordinal);
        Assert.Contains("--- XMPP\n1 of 1 alert", inline, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(2, "there is no template alertmanger; did you mean alertmanager?", "try", "alertmanger", "alert.json")]
    [InlineData(2, "there is no helper nope", "try", "{{nope x}}", "alert.json")]
    [InlineData(2, "a header is NAME: VALUE", "try", "auto", "alert.json", "-H", "nonsense")]
    [InlineData(66, "missing.json: no such file", "try", "auto", "missing.json")]
    [InlineData(65, "refused: not valid JSON", "try", "alertmanager", "broken.json")]
    [InlineData(78, "t/bad.hbs: line 2: there is no helper nope", "list", "--config", "gateway.json")]
    [InlineData(2, "there is no template nobody", "show", "nobody")]
    public async Task Fault_HasItsExitCode(int expected, string said, params string[] arguments)
    {
        Directory.CreateDirectory(_folder["t"]);
        _folder.Write("t/bad.hbs", "\n{{nope x}}");
        _folder.Write("broken.json", "{");
        _folder.Write("gateway.json", """{ "Gateway": { "TemplatesDirectory": "t" } }""");

        var (code, output, error) = await GatewayProcess.RunAsync(_folder.Path, ["template", .. arguments]);

        Assert.Equal((expected, ""), (code, output));
        Assert.Contains(said, error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ListAndShow_PrintTheBuiltInOnes()
    {
        var (_, list, _) = await GatewayProcess.RunAsync(_folder.Path, "template", "list");
        var (code, show, _) = await GatewayProcess.RunAsync(_folder.Path, "template", "show", "message");
        var (_, help, _) = await GatewayProcess.RunAsync(_folder.Path, "template", "try", "--help");

        Assert.Contains("alertmanager", list.Split('\n'));
        Assert.Equal(0, code);
        Assert.Contains("{{text}}", show, StringComparison.Ordinal);
        Assert.Contains("Examples:", help, StringComparison.Ordinal);
    }
}
