using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using NotifyGateway.Core;
using NotifyGateway.Core.Formatting;
using Xunit;

namespace NotifyGateway.Tests.Formatting;

public sealed partial class FoldTextTests
{
    private static readonly DateTimeOffset Noon = new(2026, 3, 1, 12, 1, 30, TimeSpan.Zero);
    private static readonly Guid Id = new("0198c1f0-6a5e-7cc1-9d3f-5b8a1c2d3e4f");

    private static Delivery Said(string client, Severity? severity = null, string text = "text", string? title = null, Markup markup = Markup.Plain, DateTimeOffset? at = null) => new(
        1,
        0,
        new Notification { Id = Guid.NewGuid(), Client = client, Input = "test", Text = text, Title = title, Markup = markup, Severity = severity, AcceptedAt = at ?? Noon, ExpiresAt = Noon.AddDays(1) },
        new Destination(new SessionKey("net"), "#ops", "#ops", "net/#ops"));

    private static IEnumerable<Delivery> Many(int count, string client, Severity? severity) => Enumerable.Repeat(Said(client, severity), count);

    private static string Line(IEnumerable<Delivery> deliveries, string? url = "https://notify.example.org", DateTimeOffset? now = null) =>
        FoldText.Line([.. deliveries], Id, url is null ? null : new Uri(url), now ?? Noon.AddHours(1));

    [Fact]
    public void Line_CountsByClientAndSeverity_TheLoudestFirst() => Assert.Equal(
        $"1,312 messages folded (ci: 1,200 info, 12 warning; grafana: 100 warning) since 12:01 UTC: https://notify.example.org/m/{Id}",
        Line([.. Many(100, "grafana", Severity.Warning), .. Many(12, "ci", Severity.Warning), .. Many(1200, "ci", Severity.Info)]));

    [Fact]
    public void Line_JustCounts_WhatHasNoSeverity() => Assert.Contains("(ci: 3, 1 success)", Line([.. Many(3, "ci", null), Said("ci", Severity.Success)]), StringComparison.Ordinal);

    [Fact]
    public void Line_IsSinceTheFirst_AndNamesAnotherDay() =>
        Assert.Contains(" since 2026-02-28 23:59 UTC: ", Line([Said("ci"), Said("ci", at: new DateTimeOffset(2026, 3, 1, 1, 59, 0, TimeSpan.FromHours(2)))]), StringComparison.Ordinal);

    [Theory]
    [InlineData(null, "/m/")]
    [InlineData("https://notify.example.org/gate/", "https://notify.example.org/gate/m/")]
    public void Line_EndsWithTheLink(string? url, string link) => Assert.EndsWith($": {link}{Id}", Line([Said("ci"), Said("ci")], url), StringComparison.Ordinal);

    [Fact]
    public void Line_SumsUpManyClients_AndStaysOneLine()
    {
        var line = Line(Enumerable.Range(0, 300).SelectMany(i => Many(1 + (i % 3), $"client-with-a-name-{i:D3}", Severity.Warning)));
        Assert.Matches(@"^600 messages folded \(client-with-a-name-002: 3 warning; .*; \d+ more clients: \d+\) since", line);
        Assert.InRange(Encoding.UTF8.GetByteCount(line), 100, 350);
        Assert.Equal(600, Count().Matches(line).Sum(m => int.Parse(m.Groups["count"].Value, CultureInfo.InvariantCulture)));
    }

    [GeneratedRegex(@": (?<count>\d+)( warning)?[;)]", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Count();

    [Fact]
    public void List_HasEveryMessage_WithTimeClientAndSeverity_AndIndentsFurtherLines() => Assert.Equal(
        """
        2026-03-01 12:01:30Z ci warning: Title
            first
            second
        2026-03-01 11:00:00Z irker: plain
        2026-03-01 12:01:30Z slack info: see docs (https://example.org)
        2026-03-01 12:01:30Z ci: 

        """,
        FoldText.List(
        [
            Said("ci", Severity.Warning, "\x02" + "first\r\n\r\nsecond", "Title"),
            Said("irker", text: "plain", at: new DateTimeOffset(2026, 3, 1, 13, 0, 0, TimeSpan.FromHours(2))),
            Said("slack", Severity.Info, "see <https://example.org|docs>", markup: Markup.Slack),
            Said("ci", text: ""),
        ]));
}
