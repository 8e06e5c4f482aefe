using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Extensions;
using NotifyGateway.Api.Http.Hooks;
using NotifyGateway.Core;
using NotifyGateway.Core.Configuration;
using NotifyGateway.Core.Dialects.Hooks;
using NotifyGateway.Core.Formatting;
using NotifyGateway.Core.Templates;
using NotifyGateway.Fuzz;
using NotifyGateway.Tests.Dialects.Hooks;
using static NotifyGateway.Tests.Fuzzing.Inputs;

namespace NotifyGateway.Tests.Fuzzing;

/// <summary>What is posted to a hook: headers, an empty line, the body. The made-up headers <c>Door</c> and <c>Format</c> say to which.</summary>
internal static class HookTargets
{
    private const string Dialects = "NotifyGateway.Core.Dialects.";
    private const string Hooks = Dialects + "Hooks.";
    private const int MaxText = 65536;

    private static readonly string[] Forge = [Hooks + "GitHub", Hooks + "GitLab", Hooks + "Gitea", Hooks + "EventModel", Hooks + "HookSenders", Hooks + "HookReader", Hooks + "HookRepeats"];
    private static readonly string[] Watch = [Hooks + "Alert", Hooks + "Grafana", Hooks + "Sentry", Hooks + "Uptime", Hooks + "Healthchecks", Hooks + "Jenkins", Hooks + "CircleCi", Hooks + "EventModel"];
    private static readonly string[] Push = [Hooks + "Ntfy", Hooks + "Gotify", Hooks + "Apprise", Hooks + "Encoded", Hooks + "Attachments"];

    private static readonly HookReader Reader = new(TemplateSet.BuiltIn, MaxText);

    public static IReadOnlyList<FuzzTarget> All { get; } =
    [
        Target("hook-forges", Forge, name => name.StartsWith("git", StringComparison.Ordinal) || name.StartsWith("forgejo", StringComparison.Ordinal)),
        Target("hook-monitors", Watch, name => name.Split('-')[0] is "alertmanager" or "grafana" or "sentry" or "uptime" or "kuma" or "healthchecks" or "jenkins" or "circleci"),
        Target("hook-slack", [Hooks + "Slack"], name => name.Split('-')[0] is "slack" or "mattermost" or "rocket" or "rocketchat"),
        Target("hook-push", Push, name => name.Split('-')[0] is "ntfy" or "gotify" or "apprise"),
        Target("hook-doors", ["NotifyGateway.Api.Http.Hooks.HookRequests", "NotifyGateway.Api.Http.Hooks.HookMultipart", "NotifyGateway.Api.Http.Hooks.HookTerms", Hooks + "HookRe", Hooks + "HookForm", Hooks + "HookCharset", Hooks + "HookSignature", Dialects + "Payload"], _ => false) with
        {
            Samples = () => Inputs.All(
                "Content-Type: multipart/form-data; boundary=b\n\n--b\r\nContent-Disposition: form-data; name=\"payload\"\r\n\r\n{\"text\":\"hi\"}\r\n--b\r\nContent-Disposition: form-data; name=f; filename=\"a/b.txt\"\r\nContent-Type: text/plain\r\n\r\nx\r\n--b--\r\n",
                "Content-Type: application/x-www-form-urlencoded; charset=iso-8859-1\n\npayload=%7B%22text%22%3A%22%E4%22%7D", "Door: post\nContent-Type: application/x-www-form-urlencoded\n\na=1&b=2&a=3", "Door: post\nFormat: Yaml\nContent-Type: application/json\n\n{\"b\":[1,\"yes\",null],\"a\":\"x\\ny\"}",
                "Format: Template\nX-Hub-Signature-256: sha256=00\nwebhook-id: 1\nwebhook-timestamp: 1\nwebhook-signature: v1,AAAA v1a,x\n\n[1,2]", "Format: Text\nContent-Type: text/plain; charset=utf-16\n\n\u0000a\u0000b",
                "Content-Type: application/json; charset=utf-16le\n\n{\u0000}\u0000", "Format: Slack\n\n{\"attachments\":[]}", "X-Gitlab-Token: x\nX-Grafana-Alerting-Signature: 00\nX-Grafana-Alerting-Signature-Timestamp: 1\n\nplain text\nwith lines"),
        },
    ];

    private static FuzzTarget Target(string name, string[] parsers, Func<string, bool> isOfIt) => new(name, parsers, Post)
    {
        MaxLength = 4096,
        AllocatedPerByte = 64 * 1024,
        StepsPerByte = 20_000,
        Words =
        [
            "Content-Type: application/json\n", "Content-Type: multipart/form-data; boundary=b\n", "Content-Type: application/x-www-form-urlencoded\n", "Door: ntfy\n", "Door: gotify\n", "Door: post\n", "Format: Json\n", "Format: Yaml\n", "Format: Slack\n",
            "Format: Text\n", "Format: Template\n", "null", "true", "{}", "[]", "\"\"", "1e999", "\"\\ud83d\"", "--b\r\n", "--b--", "Content-Disposition: form-data; name=", "filename*=UTF-8''%e2%82%ac", "payload=", Secret,
        ],
        Samples = () => Directory.EnumerateFiles(HookCase.Folder, "*.txt").Order(StringComparer.Ordinal).Where(f => isOfIt(Path.GetFileNameWithoutExtension(f))).Select(File.ReadAllText)
            .Select(text => text.ReplaceLineEndings("\n").Split("\n=== ")[0]).Where(text => text.Length <= 4096).Select(Bytes),
    };

    private static void Post(byte[] input)
    {
        var split = input.AsSpan().IndexOf("\n\n"u8);
        var body = split < 0 ? [] : input[(split + 2)..];
        var context = new DefaultHttpContext();
        var (format, terms) = ReadHead(Encoding.UTF8.GetString(split < 0 ? input : input[..split]), context.Request);
        _ = HookSignature.IsRight(Secret, name => context.Request.Headers.TryGetValue(name, out var value) ? value.ToString() : null, body, DateTimeOffset.UnixEpoch);
        var reading = HookRequests.OfAsync(context.Request, body, format, terms, CancellationToken.None).AsTask();
        Holds(reading.IsCompleted, "it waits, though all is there");
        if (reading.GetAwaiter().GetResult() is not { } request)
        {
            return;
        }

        Holds(request.Text is not null && (request.Form is null || request.Payload is not null), "a request that is none");
        var read = terms.Door switch { HookDoors.Ntfy => Ntfy.Read(request), HookDoors.Gotify => Gotify.Read(request), _ => Reader.Read(request, format, null) };
        switch (read)
        {
            case HookReading.Message message:
                Shown(message);
                break;
            case HookReading.Refused refused:
                Holds(refused.Why.Length is > 0 and < 1000 && !refused.Why.Contains(Secret, StringComparison.Ordinal), "a refusal repeats the body");
                break;
            case HookReading.Silence silence:
                Holds(silence.Why.Length > 0, "silence without a reason");
                break;
            default:
                Holds(false, "an event without words");
                break;
        }
    }

    private static void Shown(HookReading.Message message)
    {
        var notification = TextTargets.Notification(message.Text, message.Markup) with { Title = message.Title, Severity = message.Severity };
        foreach (var line in IrcText.Lines(notification, colors: true))
        {
            Holds(line.AsSpan().IndexOfAny('\r', '\n', '\0') < 0, "a line in a line");
        }

        _ = XmppText.Body(notification);
        Holds(message.Repeat is null || HookRepeats.Guard(message.Repeat).Key.Length is > 0 and < 100, "a key that is none");
    }

    private static (HookFormat Format, HookTerms Terms) ReadHead(string head, HttpRequest request)
    {
        var (format, terms) = ((HookFormat?)null, HookTerms.Hooks);
        request.Method = "POST";
        foreach (var line in head.Split('\n'))
        {
            var colon = line.IndexOf(':', StringComparison.Ordinal);
            var (name, value) = colon < 0 ? ("", "") : (line[..colon].Trim(), new string([.. line[(colon + 1)..].Trim().Where(c => !char.IsControl(c))]));
            switch (name)
            {
                case "Door":
                    terms = value switch { "ntfy" => HookTerms.Ntfy, "gotify" => HookTerms.Gotify, "post" => HookTerms.Post, _ => terms };
                    break;
                case "Format":
                    format = Enum.TryParse<HookFormat>(value, out var named) && Enum.IsDefined(named) ? named : format;
                    break;
                case "Query":
                    request.QueryString = new QueryBuilder { { "title", value }, { "p", value }, { "m", value } }.ToQueryString();
                    break;
                // A server lets no other names through.
                case not "" when name.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_'):
                    request.Headers.Append(name, value);
                    break;
            }
        }

        return (format ?? terms.Format, terms);
    }
}
