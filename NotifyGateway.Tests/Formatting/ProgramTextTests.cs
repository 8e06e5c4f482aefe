using System.Text;
using System.Text.Json.Nodes;
using NotifyGateway.Core;
using NotifyGateway.Core.Configuration;
using NotifyGateway.Core.Formatting;
using Xunit;

namespace NotifyGateway.Tests.Formatting;

public sealed class ProgramTextTests
{
    private static readonly DateTimeOffset Noon = new(2026, 5, 1, 12, 0, 0, TimeSpan.Zero);

    private static readonly Notification Message = new()
    {
        Id = new Guid("01980000-0000-7000-8000-000000000001"),
        Client = "ci",
        Input = "test",
        Title = "Disk\nfull",
        Text = "on \"db1\"\0, $(reboot)",
        Severity = Severity.Error,
        AcceptedAt = Noon,
        ExpiresAt = Noon.AddDays(1),
    };

    [Theory]
    [InlineData("-s", "-s")]
    [InlineData("{{title}}", "Disk\nfull")]
    [InlineData("text={{text}}", "text=on \"db1\", $(reboot)")]
    [InlineData("{{severity}} {{client}} {{id}}", "error ci 01980000-0000-7000-8000-000000000001")]
    public void Argument_HoldsWhatTheSenderSaid_WithoutNul(string template, string argument) => Assert.Equal(argument, new ProgramText(Message).Argument(template));

    [Fact]
    public void Argument_WithoutTitleAndSeverity_SaysInfo() =>
        Assert.Equal("[] info", new ProgramText(Message with { Title = null, Severity = null }).Argument("[{{title}}] {{severity}}"));

    [Theory]
    [InlineData("a", 131_071, 131_071, false)]
    [InlineData("a", 131_072, 131_071, true)]
    [InlineData("€", 100_000, 131_070, true)]
    [InlineData("😀", 50_000, 131_071, true)]
    [InlineData("\ud83d", 50_000, 131_070, true)]
    public void Argument_FitsIntoWhatTheKernelTakes(string character, int count, int bytes, bool shortened)
    {
        var text = new ProgramText(Message with { Text = string.Concat(Enumerable.Repeat(character, count)) });

        var argument = Encoding.UTF8.GetBytes(text.Argument("{{text}}"));

        Assert.Equal(shortened, text.Shortened);
        Assert.Equal(bytes, argument.Length);
        Assert.Equal(shortened, argument.AsSpan().EndsWith("…"u8));
    }

    [Fact]
    public void Input_IsTheText_AfterTheTitle_UnlessThatIsElsewhere()
    {
        var text = new ProgramText(Message with { Text = "grün" });

        Assert.Equal("Disk\nfull\ngrün", Encoding.UTF8.GetString(text.Input(ProgramInput.Text, titleIsElsewhere: false)));
        Assert.Equal("grün", Encoding.UTF8.GetString(text.Input(ProgramInput.Text, titleIsElsewhere: true)));
        Assert.Equal("grün", Encoding.UTF8.GetString(new ProgramText(Message with { Title = " ", Text = "grün" }).Input(ProgramInput.Text, titleIsElsewhere: false)));
        Assert.Empty(text.Input(ProgramInput.None, titleIsElsewhere: false));
    }

    [Fact]
    public void Input_OfSlackMarkup_IsReadable() =>
        Assert.Equal("docs (https://example.org)", Encoding.UTF8.GetString(
            new ProgramText(Message with { Title = null, Markup = Markup.Slack, Text = "<https://example.org|docs>" }).Input(ProgramInput.Text, false)));

    [Fact]
    public void Input_AsJson_IsOneLineAndTakesUnpairedSurrogates()
    {
        var line = Encoding.UTF8.GetString(new ProgramText(Message with { Text = "a\nb \ud83d grün" }).Input(ProgramInput.Json, false));

        Assert.Equal(line.Length - 1, line.IndexOf('\n', StringComparison.Ordinal));
        var json = JsonNode.Parse(line)!;
        Assert.Equal(["id", "client", "severity", "title", "text", "acceptedAt"], json.AsObject().Select(k => k.Key));
        Assert.Equal("a\nb \ufffd grün", (string?)json["text"]);
        Assert.Equal("error", (string?)json["severity"]);
        Assert.Equal(Noon, (DateTimeOffset)json["acceptedAt"]!);
    }
}
