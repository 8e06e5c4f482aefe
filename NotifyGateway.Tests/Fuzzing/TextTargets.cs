using System.Buffers;
using System.Text;
using System.Text.RegularExpressions;
using NotifyGateway.Core;
using NotifyGateway.Core.Dialects;
using NotifyGateway.Core.Formatting;
using NotifyGateway.Core.Templates;
using NotifyGateway.Fuzz;
using NotifyGateway.Tests.Templates;
using YamlDotNet.RepresentationModel;
using static NotifyGateway.Tests.Fuzzing.Inputs;

namespace NotifyGateway.Tests.Fuzzing;

/// <summary>Texts for people: markup, pretty payloads, and templates.</summary>
internal static partial class TextTargets
{
    private const string Formatting = "NotifyGateway.Core.Formatting.";

    private static readonly PayloadObject Model = Rendering.Model(
        """{"name":"n","text":"t\nu","zero":0,"yes":true,"no":false,"nothing":null,"list":[1,"b",{"c":"d"},[]],"map":{"a":1,"b":{"c":[2,3]}},"time":"2026-01-02T03:04:05Z","url":"https://e.test/x","long":"word word word word word word word word"}""");

    public static IReadOnlyList<FuzzTarget> All { get; } =
    [
        new("markup", [Formatting + "Slack", Formatting + "Markdown", Formatting + "Xmpp", Formatting + "Irc", Formatting + "Line", Formatting + "Inline", Formatting + "OpenFormat", Formatting + "RichText", Formatting + "BareLink", Formatting + "OneLine"], Marked)
        {
            AllocatedPerByte = 16 * 1024,
            Words = ["**", "***", "__", "~~", "```", "~~~", "](", "![", "<https://e.test|x>", "<!here>", "<!date^1^", "<@U1|a>", "&amp;", "&#x41;", "1. ", "> ", "---", "https://e.test/a_b", "|--|", "\u0002", "\u00034,5", "\u0004ff0000", "\u000f", "\u001d", "\\*", "<!--"],
            Samples = () => Inputs.All(
                "*bold* _it_ ~no~ `code` <https://e.test/a|label> &lt;x&gt; <!here> <@U1|al> <#C1|ops> <!date^1^{date}|then>", "# Head\n\n**bold** [a](https://e.test \"t\") ![i](x)\n\n- one\n  - two\n1. n\n\n> quote\n\n```\ncode\n```\n| a | b |\n|---|---|\n| 1 | 2 |\n---\n",
                "plain \u00034,5red\u000f \u0002b\u0002 \u001di\u001d\r\nsecond\n\nthird", "Head\n====\n<b>x</b> &copy; &#65; <https://e.test> https://e.test/a_(b)_c\\*", "word " + new string('x', 600) + " \ud83d\udc68\u200d\ud83d\udc69\u200d\ud83d\udc67"),
        },
        new("payload", ["NotifyGateway.Core.Dialects.Payload", "NotifyGateway.Core.Dialects.JsonText", Formatting + "Payload", Formatting + "Yaml"], Pretty)
        {
            AllocatedPerByte = 32 * 1024,
            Words = ["\"yes\"", "\"~\"", "\"1e5\"", "\"0x1f\"", "\"12:30:45\"", "\"2001-01-01\"", "\": \"", "\" #\"", "\"- \"", "\"\\n\"", "\"\\u0085\"", "\"\\u2028\"", "\"\\ufeff\"", "\"\\u0000\"", "1E400", "-0", "1.50", "\"? a\"", "\"<<\"", "\"...\"", "\"---\"", "\"%\"", "\"&a\"", "\"!!x\""],
            Samples = () => Inputs.All(
                "{\"b\":[\"it's: \\\"x\\\" y\",\"- a\",{\"k\":\"a\\\\tb\\n c \\n\"}],\"\u00fc\":\"word word word word word word word word word word word word word word word word word word\"}", "[1.50,-0,1E5,null,true,\"\",[],{}]",
                "{\"a\":1,\"b\":2,\"a\":3,\"\":\" x\",\"yes\":\"no\",\"k k\":{\"x\":[[1],[\"a\\nb\"]]}}", "\"\\ud83d\\ude00\\u0007\\u0085 tab\\there\"", "1 2"),
        },
        new("template", ["NotifyGateway.Core.Templates."], Template)
        {
            MaxLength = 512,
            AllocatedPerByte = 4 * 1024 * 1024,
            StepsPerByte = 1_000_000,
            Words = ["{{", "}}", "{{#if ", "{{/if}}", "{{#each list}}", "{{/each}}", "{{else}}", "{{> ", "{{#with map}}", "{{/with}}", "{{#unless ", "{{/unless}}", "@root", "@index", "@key", "../", "this", "list", "map", "text", "(eq ", ")", "\"x\"", "{{!-- ", "--}}", "~", "{{{", "}}}", "as |x|", "list.[0]", "map.b.c"],
            Samples = () =>
            [
                .. Inputs.All("{{name}} {{#if yes}}a{{else}}b{{/if}} {{#each list}}{{@index}}={{this}}{{/each}}", "{{#with map as |m|}}{{m.b.c}}{{/with}}{{#each map}}{{@key}}:{{.}} {{/each}}", "{{#if (and (eq name \"n\") (not no))}}{{bold (truncate long 5)}}{{/if}}", "{{> github name=text}} {{!-- c --}}{{~x~}}",
                    "{{colour \"red\" name}}{{link text url}}{{line text}}{{short name}}{{after url \"https://\"}}{{date time}}{{json map}}{{default nothing \"x\"}}", "{{plural list.length \"entry\" \"entries\"}}{{#each (first list 2)}}{{.}}{{/each}}{{more list 3}}{{replace text \"t\" \"u\"}}{{trim text}}{{upper text}}{{lower text}}",
                    "{{#if (lt zero 7.5)}}{{italic text}}{{/if}}{{#if (or no (contains text \"T\"))}}{{code text}}{{strike text}}{{/if}}{{lookup list 1}}{{date 1772366400}}", "{{join list \", \"}}{{#unless zero}}{{lookup map \"a\"}}{{/unless}}{{list.[1]}}{{../x}}"),
                .. TemplateSet.BuiltIn.Names.Select(n => TemplateSet.BuiltIn.Source(n)!).Where(s => s.Length <= 512).Select(Bytes),
            ],
        },
    ];

    public static Notification Notification(string text, Markup markup) => new()
    {
        Id = Guid.Empty,
        Client = "fuzz",
        Input = "http",
        Text = text,
        Markup = markup,
        AcceptedAt = DateTimeOffset.UnixEpoch,
        ExpiresAt = DateTimeOffset.UnixEpoch,
    };

    private static void Marked(byte[] input)
    {
        var text = Text(input);
        Holds(SlackText.ToRich(text).Length <= (8 * text.Length) + 32 && MarkdownText.ToRich(text).Length <= (8 * text.Length) + 32, "the text grows much");
        var own = new string([.. text.Where(c => !IrcFormat.Codes.Contains(c))]);
        Holds(new[] { SlackText.ToRich(own), MarkdownText.ToRich(own) }.All(rich => rich.Split('\n').All(line => "\u0002\u001d\u001e\u0011".All(code => line.Count(c => c == code) % 2 == 0))), "a format goes on behind its line");
        foreach (var markup in Enum.GetValues<Markup>())
        {
            var notification = Notification(text, markup);
            Written(notification, new IrcLineLimits("PRIVMSG", 60, 512, 4, Colors: true, new Uri("https://e.test/")));
            Written(notification with { Title = text, Severity = Severity.Error }, new IrcLineLimits("NOTICE", 10, 512, 1000, Colors: false, null));
            foreach (var piece in XmppText.Pieces(notification, 500, 3, null))
            {
                Holds(XmppText.EscapedBytes(piece) <= 500, "a piece is too long");
            }
        }
    }

    private static void Written(Notification notification, in IrcLineLimits limits)
    {
        var output = new ArrayBufferWriter<byte>();
        var count = IrcLines.Write(output, notification, "#ops", limits);
        var lines = Encoding.UTF8.GetString(output.WrittenSpan).Split("\r\n");
        Holds(lines.Length == count + 1 && count <= limits.MaxLines && lines[^1].Length == 0, "another number of lines");
        foreach (var line in lines[..^1])
        {
            Holds(line.AsSpan().IndexOfAny('\r', '\n', '\0') < 0 && Encoding.UTF8.GetByteCount(line) + 2 + limits.PrefixBytes <= limits.LineLength && !line.Contains('\ufffd', StringComparison.Ordinal) | notification.Text.Contains('\ufffd', StringComparison.Ordinal), "a line that does not fit, or is torn");
        }
    }

    private static void Pretty(byte[] input)
    {
        if (Payload.ParseJson(input, out var fault) is not { } payload)
        {
            Holds(fault is { Length: > 0 and < 300 } && !fault.Contains(Secret, StringComparison.Ordinal), "a fault that is not for people");
            return;
        }

        var json = PayloadJson.Write(payload);
        Same(json, PayloadJson.Write(Payload.ParseJson(Bytes(json), out _)!), "JSON is other JSON when it is read again");
        if (json.Contains("\\u0085", StringComparison.Ordinal) || json.Contains("\\u2028", StringComparison.Ordinal) || json.Contains("\\u2029", StringComparison.Ordinal))
        {
            // The ends of lines of Unicode: PyYAML, which is followed here, takes them for such, and the reader below does not.
            return;
        }

        var yaml = new YamlStream();
        yaml.Load(new StringReader(PayloadYaml.Write(payload)));
        Same(Plain(payload), Plain(yaml.Documents.Single().RootNode), "YAML says something else");
    }

    /// <summary>What both say, without kinds: keys sorted, as YAML has them.</summary>
    private static string Plain(Payload value) => value switch
    {
        PayloadText { Text: var text } => "t" + text.Length + text,
        PayloadWord { Word: var word } => "w" + Number(word),
        PayloadList { Items: var items } => $"[{string.Concat(items.Select(Plain))}]",
        PayloadObject { Entries: var entries } => $"{{{string.Concat(entries.Select(e => "t" + e.Key.Length + e.Key + Plain(e.Value)).Order(StringComparer.Ordinal))}}}",
        _ => throw new FuzzException("a payload of an unknown kind"),
    };

    private static string Plain(YamlNode node) => node switch
    {
        YamlScalarNode { Value: { } text } scalar => IsWord(scalar) ? "w" + Number(text) : "t" + text.Length + text,
        YamlSequenceNode list => $"[{string.Concat(list.Children.Select(Plain))}]",
        YamlMappingNode map => $"{{{string.Concat(map.Children.Select(c => "t" + ((YamlScalarNode)c.Key).Value!.Length + ((YamlScalarNode)c.Key).Value + Plain(c.Value)).Order(StringComparer.Ordinal))}}}",
        _ => throw new FuzzException("YAML of an unknown kind"),
    };

    /// <summary>Null, a truth value, or a number as YAML 1.1 has them: there an exponent wants a point before it and a sign.</summary>
    private static bool IsWord(YamlScalarNode scalar) => scalar.Style == YamlDotNet.Core.ScalarStyle.Plain
        && (scalar.Value is "null" or "true" or "false" || (Payload.ParseJson(Bytes(scalar.Value!), out _) is PayloadWord && (!scalar.Value!.Contains('e', StringComparison.OrdinalIgnoreCase) || Exponent().IsMatch(scalar.Value))));

    [GeneratedRegex("\\.[0-9]+[eE][-+]", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Exponent();

    /// <summary>YAML wants a point and a sign where JSON does not.</summary>
    private static string Number(string word) => word.Replace(".0e", "e", StringComparison.OrdinalIgnoreCase).Replace("+", "", StringComparison.Ordinal).ToUpperInvariant();

    private static void Template(byte[] input)
    {
        var source = Text(input);
        var template = source.Contains("{{", StringComparison.Ordinal) ? source : "{{name}}" + source;
        var wrong = TemplateSet.BuiltIn.Wrong(template);
        var (text, fault) = TemplateSet.BuiltIn.Render(template, Model);
        Holds(text is null != fault is null && (wrong is null || text is null), "a template that is wrong is rendered, or one says nothing");
        Holds(text is null || Encoding.UTF8.GetByteCount(text) < 70 * 1024, "a text without end");
        Holds((fault ?? text)?.Contains("System.", StringComparison.Ordinal) != true || template.Contains("System.", StringComparison.Ordinal), "a type's name is shown");
    }
}
