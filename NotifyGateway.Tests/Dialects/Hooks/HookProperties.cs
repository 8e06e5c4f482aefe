using System.Text;
using FsCheck;
using FsCheck.Fluent;
using NotifyGateway.Core.Configuration;
using NotifyGateway.Core.Dialects;
using NotifyGateway.Core.Dialects.Hooks;
using NotifyGateway.Core.Formatting;
using NotifyGateway.Core.Templates;
using NotifyGateway.Tests.Support;
using Xunit;

namespace NotifyGateway.Tests.Dialects.Hooks;

/// <summary>Whatever is posted, a reader gives an answer, and what people read of it is whole.</summary>
public sealed class HookProperties
{
    private const int MostLines = 10;

    /// <summary>What a line holds if a value is missing, or is not what the template took it for.</summary>
    private static readonly string[] Torn = ["System.", "undefined", "()", "[]", "( ", " )", "#:", "# ", "  ", "{{", "}}", ": :", "HandlebarsDotNet"];

    private static readonly string[] Headers =
    [
        "X-GitHub-Event: push", "X-GitHub-Event: pull_request", "X-GitHub-Event: issues", "X-GitHub-Event: workflow_run", "X-GitHub-Event: release", "X-GitHub-Event: status",
        "X-Gitea-Event: push", "X-Gitea-Event: delete", "X-Gitea-Event: pull_request_approved", "X-Forgejo-Event: issue_comment", "X-Gitlab-Event: Push Hook",
        "Sentry-Hook-Resource: issue", "Sentry-Hook-Resource: event_alert", "Circleci-Event-Type: workflow-completed", "X-Title: t", "X-Tags: warning,,x", "Title: =?UTF-8?Q?=F?=",
        "User-Agent: healthchecks.io", "User-Agent: Apprise", "Idempotency-Key: ", "X-GitHub-Delivery: 1", "Content-Type: application/xml", "Content-Type: application/json",
    ];

    private static readonly string[] Pieces =
    [
        "{", "}", "[", "]", ":", ",", "\"", "null", "true", "1e9", "-1", "{}", "[]", "\"\"", "\"ref\":", "\"refs/heads/x\"", "\"action\":", "\"opened\"", "\"object_kind\":", "\"push\"",
        "\"message\":", "\"version\":", "\"type\":", "\"info\"", "\"topic\":", "\"msg\":", "\"heartbeat\":", "\"monitor\":", "\"name\":", "\"status\":", "\"build\":", "\"x\"",
        "<", ">", "</", "/>", "<Envelope>", "<Notification>", "<Message>", "</Message>", "&lt;", "&x;", "<!DOCTYPE", "<![CDATA[", "]]>", "\u0000", "\ud800", "😀", "\n",
    ];

    private static Gen<string> Bodies => Gen.Elements(Pieces).ListOf().Select(string.Concat);

    private static Gen<string[]> SomeHeaders => Gen.Elements(Headers).ListOf().Select(h => h.ToArray());

    private static readonly HookCase[] Recorded = [.. HookCaseTests.Names.Select(n => HookCase.Load(n.Data)).Where(c => Payload.ParseJson(Encoding.UTF8.GetBytes(c.Body), out _) is PayloadObject)];

    [Fact]
    public void AnyBody_WithAnyHeaders_IsReadBySomeone_NeverAnException() =>
        Prop.ForAll(Bodies.ToArbitrary(), SomeHeaders.ToArbitrary(), (body, headers) => Read(body, headers) is not null)
            .Holds(3000);

    [Fact]
    public void AnyBody_AtTheDoorsOfNtfyAndGotify_IsRead() =>
        Prop.ForAll(Bodies.ToArbitrary(), SomeHeaders.ToArbitrary(), (body, headers) => Ntfy.Read(Request(body, headers)) is not null && Gotify.Read(Request(body, headers)) is not null)
            .Holds(1000);

    [Fact]
    public void ARecordedPayload_WithAnythingMissingOrOfAnotherKind_ReadsAsWholeSentences() =>
        Prop.ForAll(Gen.Elements(Recorded).SelectMany(c => Broken(c).Select(body => (c, body))).ToArbitrary(), broken =>
        {
            var request = Request(broken.body, [.. broken.c.Headers.Select(h => $"{h.Key}: {h.Value}")]);
            if (HookSenders.Of(request)?.Read(request) is not HookReading.Event happened)
            {
                return true; // silent, refused, or a person's own text
            }

            var (text, fault) = TemplateSet.BuiltIn.Render(happened.Template, happened.Model);
            if (IsOfAGroup(happened))
            {
                Assert.True(text is not null, $"{broken.c.Name}: {fault}");
                return true;
            }

            var torn = text is null ? fault : Array.Find(Torn, t => text.Contains(t, StringComparison.Ordinal));
            Assert.True(torn is null && text!.Split('\n') is { Length: <= MostLines } lines && lines.All(l => l.Trim() == l && l.Length > 0), $"{broken.c.Name}: {torn}\n{text}");
            return true;
        }).Holds(5000);

    /// <summary>Every alert of a group is told, with the words of its rule as they are.</summary>
    private static bool IsOfAGroup(HookReading.Event happened) => happened.Template is "alertmanager" or "grafana" or "grafana-legacy";

    /// <summary>The case's payload with up to three of its values taken away or put in place of each other.</summary>
    private static Gen<string> Broken(HookCase recorded) =>
        Gen.Choose(0, int.MaxValue - 1).ListOf(3).Select(choices =>
        {
            var payload = Payload.ParseJson(Encoding.UTF8.GetBytes(recorded.Body), out _)!;
            return PayloadJson.Write(choices.Aggregate(payload, (p, choice) => Break(p, choice % Size(p), choice / 7 % 8)));
        });

    private static int Size(Payload value) => 1 + (value switch
    {
        PayloadObject entries => entries.Entries.Sum(e => Size(e.Value)),
        PayloadList list => list.Items.Sum(Size),
        _ => 0,
    });

    /// <summary>The value with its <paramref name="at"/>th part, counted in the order of reading, put out of order.</summary>
    private static Payload Break(Payload value, int at, int how)
    {
        if (at == 0)
        {
            return how switch
            {
                0 => new PayloadWord("null"),
                1 => new PayloadWord("true"),
                2 => new PayloadWord("-12"),
                3 => new PayloadText(""),
                4 => new PayloadText("\n\t\r"),
                5 => new PayloadText("first\nsecond\u2028" + new string('x', 2000)),
                6 => new PayloadList([]),
                _ => new PayloadObject(),
            };
        }

        at--;
        var parts = value switch { PayloadObject entries => [.. entries.Entries.Select(e => e.Value)], PayloadList list => list.Items, _ => [] };
        var changed = new List<Payload>();
        foreach (var part in parts)
        {
            changed.Add(at >= 0 && at < Size(part) ? Break(part, at, how) : part);
            at -= Size(part);
        }

        return value is PayloadObject named ? Named(named, changed) : new PayloadList(changed);
    }

    private static PayloadObject Named(PayloadObject names, List<Payload> values)
    {
        var entries = new PayloadObject();
        for (var i = 0; i < values.Count; i++)
        {
            entries.Set(names.Entries[i].Key, values[i]);
        }

        return entries;
    }

    private static HookReading Read(string body, string[] headers) => new HookReader(TemplateSet.BuiltIn).Read(Request(body, headers), HookFormat.Auto, null);

    private static HookRequest Request(string body, string[] headers)
    {
        string? Header(string name) => headers.FirstOrDefault(h => h.StartsWith(name + ":", StringComparison.OrdinalIgnoreCase)) is { } header ? header[(name.Length + 1)..].Trim() : null;
        return new HookRequest
        {
            Header = Header,
            Query = _ => null,
            MediaType = Header("Content-Type") ?? "",
            Text = body,
            Body = Encoding.UTF8.GetBytes(body),
        };
    }
}
