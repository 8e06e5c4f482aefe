using System.Security.Cryptography;
using System.Text;

namespace NotifyGateway.Core.Dialects.Hooks;

/// <summary>How requests that a sender makes again are known.</summary>
public static class HookRepeats
{
    /// <summary>Ids that a sender gives to a delivery and keeps when it tries again.</summary>
    private static readonly string[] Deliveries =
        ["Idempotency-Key", "X-GitHub-Delivery", "X-Gitea-Delivery", "X-Forgejo-Delivery", "webhook-id"];

    /// <summary>GitLab's id of what happened: several hooks, and several kinds of requests, may share it.</summary>
    private const string GitLabEvent = "X-Gitlab-Event-UUID";

    /// <summary>The key decides, not the body: a sender may write the same event in other words the second time.</summary>
    private static readonly byte[] NoFingerprint = new byte[SHA256.HashSizeInBytes];

    /// <summary>The id of the delivery by its headers; null when there is none.</summary>
    public static HookRepeat? OfHeaders(HookRequest request)
    {
        foreach (var name in Deliveries)
        {
            if (request.Header(name) is { Length: > 0 } id)
            {
                return new HookRepeat($"{name}: {id}", IsDelivery: true);
            }
        }

        return request.Header(GitLabEvent) is { Length: > 0 } happened
            ? new HookRepeat($"{GitLabEvent}: {happened} {Convert.ToHexStringLower(SHA256.HashData(request.Body.Span))}", IsDelivery: true)
            : null;
    }

    /// <summary>The guard of a submission. The key is kept as its hash: it may be long, and it is the sender's.</summary>
    public static (string Key, byte[] Fingerprint) Guard(HookRepeat repeat) =>
        ($"{(repeat.IsDelivery ? "delivery" : "event")} {Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(repeat.Key)))}", NoFingerprint);
}
