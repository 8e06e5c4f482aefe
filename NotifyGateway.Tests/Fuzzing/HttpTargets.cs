using System.Text;
using NotifyGateway.Fuzz;
using NotifyGateway.Tests.Http;
using static NotifyGateway.Tests.Fuzzing.Inputs;

namespace NotifyGateway.Tests.Fuzzing;

/// <summary>Whole requests by every route: a request line, headers, an empty line, the body.</summary>
internal static class HttpTargets
{
    /// <summary>What earlier requests have left is forgotten after so many.</summary>
    private const int RequestsForOne = 500;

    private static HttpVictim? _victim;
    private static int _served;

    public static IReadOnlyList<FuzzTarget> All { get; } =
    [
        new("http", ["NotifyGateway.Api.Http.", "NotifyGateway.Api.Controllers.", "NotifyGateway.Core.Intake", "NotifyGateway.Core.FailedAttempts"], Ask)
        {
            AllocatedPerByte = 1024 * 1024,
            StepsPerByte = 100_000,
            Words =
            [
                "GET ", "POST ", "PUT ", "DELETE ", "HEAD ", "OPTIONS ", "/api/v1/messages", "/api/v1/messages?limit=2&status=queued", "?before=", "?to=", "/retry", "/lines", "/m/", "/notification/send", "/hooks/", "/services/a/b/", "/post/", "/ntfy/", "/message?token=",
                "/swagger", "/openapi/v1.json", "/metrics", "/health/ready", "Authorization: Bearer " + DoorHost.CiSecret + "\n", "Authorization: Bearer " + DoorHost.AdminSecret + "\n", "Authorization: Bearer wrong\n", "X-Api-Key: " + DoorHost.OtherSecret + "\n",
                "?client=ci&secret=" + DoorHost.CiSecret, "Content-Type: application/json\n", "Content-Type: application/x-www-form-urlencoded\n", "Content-Type: multipart/form-data; boundary=b\n", "Idempotency-Key: k\n", "Accept: application/json\n", "Accept: text/plain;q=0.5, */*\n",
                "Origin: https://evil.test\n", "Sec-Fetch-Site: cross-site\n", "Referer: https://evil.test/x\n", "Host: evil.test\n", "X-Forwarded-For: 1.2.3.4, [::1]:5\n", "X-Forwarded-Proto: https\n", "X-Forwarded-Host: a, b\n", "traceparent: 00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01\n",
                "Content-Encoding: gzip\n", "Transfer-Encoding: chunked\n", "X-Gotify-Key: auto-token-4714\n", "If-None-Match: *\n", "Range: bytes=0-1\n", "{\"to\":[\"net/#ops\"],\"text\":\"x\"}", "auto-token-4714", "signed-token-4714", "get-token-4714", "?wait=1",
            ],
            Samples = () => Inputs.All(
                $"POST /api/v1/messages?wait=1\nAuthorization: Bearer {DoorHost.CiSecret}\nContent-Type: application/json\nIdempotency-Key: k\n\n{{\"to\":[\"net/#ops\"],\"text\":\"x\",\"repeatKey\":\"r\"}}", $"GET /api/v1/messages?limit=2&status=queued&to=net%2F%23ops\nX-Api-Key: {DoorHost.AdminSecret}\n\n",
                "GET /notification/send?message=a&users=alice&channels=%23ops\n\n", "POST /notification/send\nContent-Type: application/x-www-form-urlencoded\n\nmessage=x&users=", "POST /notification/send\nContent-Type: multipart/form-data; boundary=b\n\n--b\r\nContent-Disposition: form-data; name=message\r\n\r\nx\r\n--b--\r\n",
                "POST /hooks/auto-token-4714\nContent-Type: application/json\n\n{\"text\":\"x\",\"channel\":\"#ops\"}", "POST /services/a/b/auto-token-4714\nContent-Type: application/x-www-form-urlencoded\n\npayload=%7B%22text%22%3A%22x%22%7D", "POST /post/json-token-4714\nContent-Type: application/json\n\n{\"a\":1}",
                "PUT /ntfy/auto-token-4714\nTitle: t\nPriority: 5\nTags: warning\n\nbody", "POST /message?token=auto-token-4714\nContent-Type: application/json\n\n{\"message\":\"x\",\"priority\":8}", "GET /hooks/get-token-4714?text=x\n\n", "POST /hooks/signed-token-4714\nX-Hub-Signature-256: sha256=00\n\n{}",
                $"DELETE /api/v1/messages/01980000-0000-7000-8000-000000000000\nAuthorization: Bearer {DoorHost.AdminSecret}\n\n", $"POST /api/v1/sessions/net/reconnect\nAuthorization: Bearer {DoorHost.AdminSecret}\n\n", $"GET /api/v1/hooks/auto/token\nAuthorization: Basic YWRtaW46{Convert.ToBase64String(Encoding.UTF8.GetBytes(DoorHost.AdminSecret))}\n\n",
                "GET /health/ready\nAccept: text/plain\n\n", "GET /metrics\n\n", "GET /api/v1/whoami?secret=wrong\n\n", "GET /\nAccept: text/html\n\n", "GET /openapi/v1.json\n\n", "GET /swagger/index.html\n\n", "GET /api/v1/destinations\n\n", "GET /api/v1/configuration\nAuthorization: Bearer " + DoorHost.AdminSecret + "\n\n",
                "GET /m/01980000-0000-7000-8000-000000000000\n\n", "POST /api/v1/messages\nOrigin: https://evil.test\nHost: evil.test\nX-Forwarded-For: 1.2.3.4\n\n{}"),
        },
    ];

    private static void Ask(byte[] input)
    {
        // The stream of events has no end.
        if (Text(input).Contains("events", StringComparison.OrdinalIgnoreCase))
        {
            return;
        }

        if (_victim is null || _served++ % RequestsForOne == 0)
        {
            _victim?.Dispose();
            _victim = new HttpVictim();
        }

        if (_victim.Ask(input) is var (status, answer))
        {
            Holds(status is >= 200 and < 500 or 503, $"the answer is {status}: {answer}");
            foreach (var secret in new[] { DoorHost.CiSecret, DoorHost.OtherSecret, DoorHost.AdminSecret, HookHost.Secret })
            {
                Holds(!answer.Contains(secret, StringComparison.Ordinal) || Text(input).Contains(secret, StringComparison.Ordinal), "an answer tells a secret");
            }

            Holds(_victim.Ask("GET /health/live\n\n"u8.ToArray()) is (200, _), "the door serves nobody any more");
        }
    }
}
