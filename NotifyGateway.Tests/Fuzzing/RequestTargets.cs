using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;
using NotifyGateway.Api.Http;
using NotifyGateway.Core.Dialects;
using NotifyGateway.Core.Dialects.Hooks;
using NotifyGateway.Fuzz;
using static NotifyGateway.Tests.Fuzzing.Inputs;

namespace NotifyGateway.Tests.Fuzzing;

/// <summary>What comes by HTTP and is read by us: JSON, forms, queries and headers.</summary>
internal static class RequestTargets
{
    private const string Dialects = "NotifyGateway.Core.Dialects.";
    private const string Http = "NotifyGateway.Api.Http.";

    public static IReadOnlyList<FuzzTarget> All { get; } =
    [
        new("native-json", [Dialects + "Native", Dialects + "JsonText", Dialects + "FieldFault"], Native)
        {
            Words = ["\"to\":[\"#a\"]", "\"text\":\"x\"", "\"title\":", "\"severity\":\"warning\"", "\"markup\":\"markdown\"", "\"expiresIn\":604800", "\"repeatKey\":\"k\"", "\"reply\":true", "\"client\":", "\"secret\":", "\"txet\":", "\\u0000", "\\ud83d", Secret],
            Samples = () => Inputs.All(
                "{\"to\":[\"libera/#ops\"],\"text\":\"hello\",\"title\":\"T\",\"severity\":\"error\",\"markup\":\"slack\",\"expiresIn\":3600,\"repeatKey\":\"k\",\"client\":\"ci\",\"secret\":\"s\",\"reply\":false}",
                "{\"text\":null,\"title\":\"only\"}", "{\"to\":[],\"txt\":1,\"text\":[],\"expiresIn\":1.5}", "\ufeff{\"text\":\"\\ud83d\\ude00 \\ud83d\"}", "[1]", "{\"text\":\"a\"} x", "{\"text\":\"" + Secret + "\",}"),
        },
        new("prism-request", [Dialects + "TwistedPrismRequest", Dialects + "JsonText", Http + "PrismForm"], Prism)
        {
            AllocatedPerByte = 8192,
            Words = ["message=", "users=", "channels=", "client=", "secret=", "&", "%2C", "%00", "+", "irc://h/nick,isnick", "\"message\":", "\"users\":", "\"channels\":", Secret],
            Samples = () => Inputs.All("message=a+b&users=alice,bob&channels=%23ops", "users=&channels=&message=x&client=ci&secret=s", "{\"message\":\"x\",\"users\":[],\"channels\":\"#a, #b\"}", "message=1&message=2&users=irc://h/n,isnick,x", "&&=&%&%zz=%f"),
        },
        new("headers", [Http + "Credentials", Http + "QueryFields", Http + "FieldErrors", Dialects + "Hooks.EncodedWords", Dialects + "Hooks.HookCharset", "NotifyGateway.Core.NearestName", "NotifyGateway.Core.Routing.PublicName"], Headers)
        {
            AllocatedPerByte = 16 * 1024,
            MaxLength = 512,
            Words = ["Bearer ", "Basic ", "Basic Y2k6czNjcmV0", "=?UTF-8?B?w6Q=?=", "=?iso-8859-1?Q?=E4_x?=", "=?utf-8*en?q?a?=", "utf-16", "utf-7", "windows-1252", "iso-2022-jp", "gb18030", "hz-gb-2312", "utf-32", "shift_jis", "x-user-defined", "ibm037", "limit", "wait", "before"],
            Samples = () => Inputs.All("Bearer abc\nutf-8\nbody", "Basic Y2k6czNjcmV0\niso-8859-1\nlimit=1&wait=99&limt=2&wait=3", "Digest x\nutf-16\nx\u0000y\u0000", "=?UTF-8?B?w6Q=?= =?UTF-8?Q?=C3=A4_b?=\niso-2022-jp\n\u001b$B$\"\u001b(B", "=?x-none?B?!?=\nutf-7\n+AGE-", "Basic !!!\ngb18030\n\u0081"),
        },
        new("form", [Dialects + "Hooks.HookForm", Dialects + "Hooks.HookCharset"], input =>
        {
            var (charset, body) = Headed(input);
            foreach (var (_, values) in HookForm.Parse(body, charset) ?? [])
            {
                Holds(values.Count > 0, "a field without a value");
            }

            _ = HookForm.IsJson(Text(body));
        })
        { AllocatedPerByte = 16 * 1024, Samples = () => Inputs.All("utf-8\na=1&b=%C3%A4+x&a=2&c", "iso-8859-1\na=%E4&%E4=%", "\n{\"a\":1}", "utf-16\na=%61%00") },
    ];

    private static void Native(byte[] input)
    {
        if (!NativeRequest.TryParse(input, out var request, out var error))
        {
            Holds(error.Length is > 0 and < 300 && !error.Contains(Secret, StringComparison.Ordinal), "an error repeats the request");
            return;
        }

        Holds(request.Faults.Count <= 20 && request.Faults.All(f => !f.Error.Contains(Secret, StringComparison.Ordinal) && f.Field.Length <= 201), "a fault that is not for people");
        if (request.Faults.Count > 0)
        {
            return;
        }

        Holds(request.To is not [] && (request.Text.Length > 0 || !string.IsNullOrEmpty(request.Title)), "a message that says nothing, or to nobody");
        var written = JsonSerializer.SerializeToUtf8Bytes(new
        {
            to = request.To,
            text = request.Text,
            title = request.Title,
            severity = request.Severity?.ToString().ToLowerInvariant(),
            markup = request.Markup.ToString().ToLowerInvariant(),
            expiresIn = (int?)request.ExpiresIn?.TotalSeconds,
            repeatKey = request.RepeatKey,
            reply = request.Reply,
            client = request.Client,
            secret = request.Secret,
        });
        Holds(NativeRequest.TryParse(written, out var again, out _), "what was written again is no request");
        Same(Shown(request), Shown(again!), "a request is another one when it is written and read again");
    }

    private static string Shown(NativeRequest r) =>
        $"{string.Join('|', r.To ?? ["-"])} {r.Text} {r.Title} {r.Severity} {r.Markup} {r.ExpiresIn} {r.RepeatKey} {r.Repeat?.Key} {r.Reply} {r.Client} {r.Secret} {string.Join('|', r.Faults)}";

    private static void Prism(byte[] input)
    {
        var form = PrismForm.FromPairs(QueryHelpers.ParseQuery(Text(input)));
        if (!TwistedPrismRequest.TryParse(input, out var request, out var error))
        {
            Holds(error.Length is > 0 and < 300 && !error.Contains(Secret, StringComparison.Ordinal), "an error repeats the request");
        }

        foreach (var one in new[] { form, PrismForm.Merge(request ?? form, form) })
        {
            var names = (one.Users ?? []).Concat(one.Channels ?? []).ToList();
            Holds(names.TrueForAll(n => n.Trim().Length == n.Length && n.Length > 0), "a name that is none");
            Holds(!one.ToString()!.Contains(Secret, StringComparison.Ordinal) && one.To is not null, "a request tells its secret");
        }

        var split = TwistedPrismRequest.Split([Text(input)]);
        Same(string.Join('|', split), string.Join('|', TwistedPrismRequest.Split([string.Join(" , ", split)])), "names change when they are joined and split again");
    }

    private static void Headers(byte[] input)
    {
        var (header, rest) = Headed(input);
        var (charset, body) = Headed(rest);
        var headers = new HeaderDictionary { ["Authorization"] = header };
        Same("credentials", Credentials.FromHeaders(headers).ToString(), "credentials tell of themselves");
        _ = EncodedWords.Decode(header);
        _ = HookCharset.Decode(body, charset);
        var query = new QueryCollection(QueryHelpers.ParseQuery(Encoding.UTF8.GetString(body)));
        var errors = new FieldErrors();
        _ = Credentials.FromQuery(query);
        QueryFields.Check(query, errors, "limit", "wait", "before");
        Holds(QueryFields.Number(query, "limit", 1, 100, errors) is null or (>= 1 and <= 100), "a number out of its range");
        _ = errors.ToRefusal();
    }
}
