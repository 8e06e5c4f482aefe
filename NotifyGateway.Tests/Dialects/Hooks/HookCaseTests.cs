using NotifyGateway.Core;
using NotifyGateway.Core.Configuration;
using NotifyGateway.Core.Dialects.Hooks;
using NotifyGateway.Core.Formatting;
using NotifyGateway.Core.Templates;
using Xunit;

namespace NotifyGateway.Tests.Dialects.Hooks;

/// <summary>Recorded requests of every sender, and what people read of them.</summary>
public sealed class HookCaseTests
{
    public static TheoryData<string> Names => [.. Directory.EnumerateFiles(HookCase.Folder, "*.txt").Select(f => Path.GetFileNameWithoutExtension(f)).Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Names))]
    public void Case_ReadsAsRecorded(string name)
    {
        var recorded = HookCase.Load(name);
        var reading = new HookReader(TemplateSet.BuiltIn).Read(recorded.Request, HookFormat.Auto, null);

        foreach (var (section, expected) in recorded.Sections)
        {
            Assert.Equal($"{section}\n{expected}", $"{section}\n{Shown(section, reading)}");
        }

        Assert.Contains("irc", recorded.Sections.Keys);
    }

    /// <summary>As a section of the file has it.</summary>
    internal static string Shown(string section, HookReading reading) => reading switch
    {
        HookReading.Message message when section == "facts" => Facts(message),
        HookReading.Message message when section == "irc" => Visible(string.Join('\n', IrcText.Lines(Notification(message), colors: true))),
        HookReading.Message message when section == "xmpp" => XmppText.Body(Notification(message)),
        HookReading.Silence => "(silent)",
        HookReading.Refused refused => $"({refused.Fault})",
        _ => $"no such section: {section}",
    };

    private static string Facts(HookReading.Message message) => string.Join('\n', new[]
    {
        message.Severity is { } severity ? $"severity: {SeverityMark.Word(severity)}" : null,
        message.Repeat is { } repeat ? $"repeat: {repeat.Key}" : null,
        message.Channel is { } channel ? $"channel: {channel}" : null,
    }.OfType<string>());

    private static Notification Notification(HookReading.Message message) => new()
    {
        Id = Guid.Empty,
        Client = "hook:test",
        Input = "http",
        Title = message.Title,
        Text = message.Text,
        Severity = message.Severity,
        Markup = message.Markup,
        AcceptedAt = DateTimeOffset.UnixEpoch,
        ExpiresAt = DateTimeOffset.UnixEpoch,
    };

    private static string Visible(string text) => System.Text.RegularExpressions.Regex.Replace(
        text.Replace("\x02", "{b}", StringComparison.Ordinal).Replace("\x1D", "{i}", StringComparison.Ordinal).Replace("\x1E", "{s}", StringComparison.Ordinal)
            .Replace("\x11", "{c}", StringComparison.Ordinal).Replace("\x0F", "{o}", StringComparison.Ordinal).Replace("\x1F", "{u}", StringComparison.Ordinal),
        "\x03(?<colour>[0-9]{0,2})", "{k${colour}}", System.Text.RegularExpressions.RegexOptions.None, TimeSpan.FromSeconds(1));
}
