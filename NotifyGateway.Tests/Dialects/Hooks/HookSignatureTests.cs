using System.Text;
using NotifyGateway.Core.Dialects.Hooks;
using Xunit;

namespace NotifyGateway.Tests.Dialects.Hooks;

/// <summary>Signatures as their senders publish them. GitHub's and Standard Webhooks' examples are those of their documents.</summary>
public sealed class HookSignatureTests
{
    private const string GitHubSecret = "It's a Secret to Everybody";
    private const string GitHubBody = "Hello, World!";
    private const string GitHubSum = "757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17";
    private const string StandardSecret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
    private const string StandardBody = """{"test": 2432232314}""";
    private const string StandardId = "webhook-id: msg_p5jXN8AQM9LWM0D4loKWxJek";
    private const string StandardSignature = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=";
    private const string GrafanaSecret = "test-hmac-secret";
    private const string GrafanaBody = """{"status":"firing"}""";
    private const string GrafanaSum = "c15dccf5f5f9fe856bad1db009b905491433d426d7280ed9db83dd50b5d280be";
    private const string GrafanaTimedSum = "420b7c5b981af69929dfc30a76d3b09d8a597b901f455acaeb3249cb7948adf1";

    [Theory]
    [InlineData("X-Hub-Signature-256: sha256=" + GitHubSum, true)]
    [InlineData("x-hub-signature-256: SHA256=" + GitHubSum, true)]
    [InlineData("X-Gitea-Signature: " + GitHubSum, true)]
    [InlineData("X-Forgejo-Signature: " + GitHubSum, true)]
    [InlineData("Sentry-Hook-Signature: " + GitHubSum, true)]
    [InlineData("X-Grafana-Alerting-Signature: " + GitHubSum, true)]
    [InlineData("X-Gitlab-Token: " + GitHubSecret, true)]
    [InlineData("X-Gitlab-Token: It's a secret to everybody", false)]
    [InlineData("X-Gitlab-Token: It's a Secret to Everybody.", false)]
    [InlineData("X-Gitlab-Token: ", false)]
    [InlineData("X-Hub-Signature-256: sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e18", false)]
    [InlineData("X-Hub-Signature-256: sha256=" + GitHubSum + "00", false)]
    [InlineData("X-Hub-Signature-256: sha256=75", false)]
    [InlineData("X-Hub-Signature-256: sha256=", false)]
    [InlineData("X-Hub-Signature-256: zz7107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17", false)]
    [InlineData("X-Hub-Signature-256: " + GitHubSum + "," + GitHubSum, false)]
    [InlineData("X-Hub-Signature: sha1=01dc10d0c83e72ed246219cdd91669667fe2ca59", false)]
    [InlineData("Authorization: Bearer " + GitHubSecret, false)]
    public void Body_IsSignedInHex(string header, bool isRight) => Assert.Equal(isRight, IsRight(GitHubSecret, GitHubBody, 0, header));

    [Fact]
    public void OneByteMore_IsAnotherBody()
    {
        Assert.False(IsRight(GitHubSecret, GitHubBody + "\n", 0, $"X-Hub-Signature-256: sha256={GitHubSum}"));
        Assert.False(IsRight(GitHubSecret + " ", GitHubBody, 0, $"X-Hub-Signature-256: sha256={GitHubSum}"));
        Assert.False(IsRight(GitHubSecret, GitHubBody, 0));
    }

    [Theory]
    [InlineData(StandardSecret, 1614265330, StandardSignature, true)]
    [InlineData("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", 1614265330, StandardSignature, true)]
    [InlineData(StandardSecret, 1614265330, "v1,bm9uZQ== v1a,xyz " + StandardSignature, true)]
    [InlineData(StandardSecret, 1614265330 + 300, StandardSignature, true)]
    [InlineData(StandardSecret, 1614265330 - 300, StandardSignature, true)]
    [InlineData(StandardSecret, 1614265330 + 301, StandardSignature, false)]
    [InlineData(StandardSecret, 1614265330 - 301, StandardSignature, false)]
    [InlineData(StandardSecret, 1614265330, "g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=", false)]
    [InlineData(StandardSecret, 1614265330, "v2,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=", false)]
    [InlineData(StandardSecret, 1614265330, "v1,", false)]
    [InlineData(StandardSecret, 1614265330, "", false)]
    [InlineData("whsec_", 1614265330, StandardSignature, false)]
    [InlineData("whsec_AAAA9r8GKYqrTwjUPD8ILPZIo2LaLaSw", 1614265330, StandardSignature, false)]
    public void StandardWebhooks_SignIdTimeAndBody(string secret, long now, string signature, bool isRight) =>
        Assert.Equal(isRight, IsRight(secret, StandardBody, now, StandardId, "webhook-timestamp: 1614265330", $"webhook-signature: {signature}"));

    [Theory]
    [InlineData("webhook-timestamp: 1614265331")]
    [InlineData("webhook-timestamp: 99999999999999999999")]
    [InlineData("webhook-timestamp: -1")]
    [InlineData("x: y")]
    public void StandardWebhooks_WithAnotherTimeOrNone_AreWrong(string timestamp) =>
        Assert.False(IsRight(StandardSecret, StandardBody, 1614265330, StandardId, timestamp, $"webhook-signature: {StandardSignature}"));

    [Fact]
    public void GitLab_MayHaveATokenOfAnotherSecretBeside() => Assert.True(
        IsRight(StandardSecret, StandardBody, 1614265330, "X-Gitlab-Token: another", StandardId, "webhook-timestamp: 1614265330", $"webhook-signature: {StandardSignature}"));

    [Theory]
    [InlineData("X-Grafana-Alerting-Signature-Timestamp", 1700000000, GrafanaTimedSum, true)]
    [InlineData("X-Grafana-Alerting-Timestamp", 1700000000 + 300, GrafanaTimedSum, true)]
    [InlineData("X-Grafana-Alerting-Timestamp", 1700000000 + 301, GrafanaTimedSum, false)]
    [InlineData("X-Another-Timestamp", 1700000000, GrafanaTimedSum, false)]
    [InlineData("X-Another-Timestamp", 1700000000, GrafanaSum, true)]
    public void Grafana_MaySignItsTime(string header, long now, string sum, bool isRight) =>
        Assert.Equal(isRight, IsRight(GrafanaSecret, GrafanaBody, now, $"X-Grafana-Alerting-Signature: {sum}", $"{header}: 1700000000"));

    private static bool IsRight(string secret, string body, long now, params string[] headers)
    {
        var named = headers.Select(h => h.Split(": ", 2)).ToDictionary(h => h[0], h => h[1], StringComparer.OrdinalIgnoreCase);
        return HookSignature.IsRight(secret, named.GetValueOrDefault, Encoding.UTF8.GetBytes(body), DateTimeOffset.FromUnixTimeSeconds(now));
    }
}
