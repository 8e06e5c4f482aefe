using NotifyGateway.Core;
using Xunit;

namespace NotifyGateway.Tests.Configuration;

public sealed class EscalateValidationTests
{
    private const string Programs = """{ "Programs": { "mail": { "Command": ["/bin/true"] } } }""";

    [Fact]
    public void Keys_AreRead()
    {
        var escalate = Loading.Good(Programs, """{ "Escalate": { "To": ["program:mail", "log"], "After": "00:20:00", "Severity": "error" } }""").Escalate!;
        Assert.Equal((2, TimeSpan.FromMinutes(20), Severity.Error), (escalate.To.Count, escalate.After, escalate.Severity));
        Assert.Equal((TimeSpan.FromMinutes(10), null), Loading.Good("""{ "Escalate": { "To": ["log"] } }""").Escalate is { } e ? (e.After, e.Severity) : default);
        Assert.Null(Loading.Good("{}").Escalate);
        Assert.Null(Loading.Good("""{ "Escalate": { "To": ["log"] } }""", """{ "Escalate": null }""").Escalate);
    }

    [Theory]
    [InlineData("{}", "To", "at least one")]
    [InlineData("""{ "To": [] }""", "To", "at least one")]
    [InlineData("""{ "To": ["log", "program:mial"] }""", "To:1", "did you mean program:mail?")]
    [InlineData("""{ "To": ["nowhere/#ops"] }""", "To:0", "cannot be served")]
    [InlineData("""{ "To": ["a b"] }""", "To:0", "spaces")]
    [InlineData("""{ "To": ["log"], "After": "00:00:00" }""", "After", "longer than 00:00:00")]
    [InlineData("""{ "To": ["log"], "Severity": "bad" }""", "Severity", "must be")]
    public void WhatIsWrong_IsToldWithItsPath(string escalate, string key, string message) =>
        Assert.Contains(message, Loading.OnlyErrorAt($"Gateway:Escalate:{key}", Loading.Load(Programs, $$"""{ "Escalate": {{escalate}} }""")), StringComparison.Ordinal);

    [Fact]
    public void LateAfter_MayBeNull_ButNotZero()
    {
        Assert.Equal(TimeSpan.FromMinutes(10), Loading.Good("{}").LateAfter);
        Assert.Null(Loading.Good("""{ "LateAfter": null }""").LateAfter);
        Assert.Contains("longer than 00:00:00", Loading.OnlyErrorAt("Gateway:LateAfter", Loading.Load("""{ "LateAfter": "00:00:00" }""")), StringComparison.Ordinal);
    }

    [Fact]
    public void ItsClientsName_IsTaken() => Assert.Contains(
        "the gateway's own", Loading.OnlyErrorAt("Gateway:Clients:Escalation", Loading.Load("""{ "Clients": { "Escalation": { "Secret": "long-enough" } } }""")), StringComparison.Ordinal);
}
