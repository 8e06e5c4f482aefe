using System.Net.Http.Headers;
using System.Text;
using NotifyGateway.Core.Configuration;
using NotifyGateway.Core.Outbox;

namespace NotifyGateway.Tests.Http;

/// <summary>The doors with a hook for each thing that a hook may be told to do; a hook's token is its name and <c>-token-4714</c>.</summary>
internal static class HookHost
{
    public const string Secret = "It's a Secret to Everybody";

    public static string Token(string hook) => $"{hook}-token-4714";

    public static Task<DoorHost> StartAsync(Func<GatewayOptions, GatewayOptions>? change = null, IOutbox? outbox = null, TimeProvider? time = null)
    {
        HookOptions ops = new() { To = ["net/#ops"] };
        var hooks = new Dictionary<string, HookOptions>(StringComparer.OrdinalIgnoreCase)
        {
            ["auto"] = ops,
            ["slack"] = ops with { To = ["net/#ops", "net/#dev"], Format = HookFormat.Slack },
            ["template"] = ops with { Format = HookFormat.Template, Template = "{{host}} is {{state}}" },
            ["doorbell"] = ops with { Format = HookFormat.Template, Template = "Ding dong{{! whatever comes }}", AllowGet = true },
            ["text"] = ops with { Format = HookFormat.Text },
            ["json"] = ops with { Format = HookFormat.Json },
            ["yaml"] = ops with { Format = HookFormat.Yaml },
            ["success"] = ops with { Answer = HookAnswer.Success },
            ["get"] = ops with { AllowGet = true },
            ["signed"] = ops with { SigningSecret = Secret },
            ["slow"] = ops with { PerMinute = 2 },
            ["none"] = ops with { To = ["#nope"] },
            ["some"] = ops with { To = ["#nope", "net/#dev"] },
        };
        return DoorHost.StartAsync(
            o => (change ?? (x => x))(o with { Anonymous = AnonymousAccess.None, Hooks = hooks.ToDictionary(h => h.Key, h => h.Value with { Token = Token(h.Key) }, StringComparer.OrdinalIgnoreCase) }),
            outbox: outbox,
            time: time);
    }

    /// <summary>Posts a body as it is; null: without a content type.</summary>
    public static Task<Answer> PostAsync(this DoorHost host, string path, byte[] body, string? type, params string[] headers)
    {
        var content = new ByteArrayContent(body);
        content.Headers.ContentType = type is null ? null : MediaTypeHeaderValue.Parse(type);
        return host.SendAsync(HttpMethod.Post, path, content, headers);
    }

    /// <inheritdoc cref="PostAsync(DoorHost, string, byte[], string?, string[])"/>
    public static Task<Answer> PostAsync(this DoorHost host, string path, string body, string? type, params string[] headers) => host.PostAsync(path, Encoding.UTF8.GetBytes(body), type, headers);
}
