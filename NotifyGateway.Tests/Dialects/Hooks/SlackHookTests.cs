using System.Text;
using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using NotifyGateway.Core.Configuration;
using NotifyGateway.Core.Dialects.Hooks;
using NotifyGateway.Core.Formatting;
using NotifyGateway.Core.Templates;
using NotifyGateway.Tests.Support;
using Xunit;

namespace NotifyGateway.Tests.Dialects.Hooks;

public sealed class SlackHookTests
{
    [Theory]
    [InlineData("{", "InvalidPayload")]
    [InlineData("", "InvalidPayload")]
    [InlineData("hello", "InvalidPayload")]
    [InlineData("[]", "InvalidPayload")]
    [InlineData("\"text\"", "InvalidPayload")]
    [InlineData("{}", "NoText")]
    [InlineData("""{"text":null}""", "NoText")]
    [InlineData("""{"text":"\n \n"}""", "NoText")]
    [InlineData("""{"text":{},"attachments":5,"blocks":"x"}""", "NoText")]
    [InlineData("""{"what":"ever"}""", "NoText")]
    [InlineData("""{"attachments":[null,5,[],{"color":"good","footer":"f","fields":[null,5]}],"blocks":[null,{"type":"divider"},{"type":"unknown","text":"x"}]}""", "NoText")]
    public void Slack_RefusesAsSlackDoes(string body, string fault) =>
        Assert.Equal(fault, Assert.IsType<HookReading.Refused>(Read(body, HookFormat.Slack)).Fault.ToString());

    [Theory]
    [InlineData("""{"text":"x"}""", true)]
    [InlineData("""{"attachments":[]}""", true)]
    [InlineData("""{"blocks":[]}""", true)]
    [InlineData("""{"channel":"#a","username":"b"}""", true)]
    [InlineData("{}", true)]
    [InlineData("""{"alerts":[],"status":"firing"}""", false)]
    [InlineData("""{"message":"x","title":"y"}""", false)]
    [InlineData("""{"text":5,"other":1}""", false)]
    [InlineData("[]", false)]
    public void Auto_KnowsTheShape(string body, bool known) => Assert.Equal(known, SlackHook.Sender.Sent(Request(body)));

    [Theory]
    [InlineData("""{"text":"x"}""", false)]
    [InlineData("""{"text":"x","icon_emoji":":a:","username":"b"}""", false)]
    [InlineData("""{"text":"x","alias":"b"}""", true)]
    [InlineData("""{"text":"x","emoji":":a:"}""", true)]
    [InlineData("""{"text":"x","roomId":"b"}""", true)]
    [InlineData("""{"text":"x","attachments":[{"title_link":"u"}]}""", false)]
    [InlineData("""{"text":"x","attachments":[{"title_link":"u","title_link_download":true}]}""", true)]
    public void RocketChatsClients_WantSuccess(string body, bool wants) => Assert.Equal(wants, Message(body).WantsSuccess);

    [Theory]
    [InlineData("""{"text":"*a*"}""", "{b}a{b}")]
    [InlineData("""{"text":"*a*","props":{}}""", "{i}a{i}")]
    [InlineData("""{"text":"*a*","type":"custom_x"}""", "{i}a{i}")]
    [InlineData("""{"text":"*a*","priority":{"priority":"important"}}""", "{i}a{i}")]
    [InlineData("""{"title":"T","text":"x"}""", "x")]
    [InlineData("""{"text":5}""", "5")]
    [InlineData("""{"text":"a <https://e.test|b>","blocks":[{"type":"section","text":{"type":"mrkdwn","text":"*more*\na <https://e.test|b>"}}]}""", "{b}more{b}\na b (https://e.test)")]
    [InlineData("""{"attachments":[{"color":"#fff","title":"T","title_link":"T"}]}""", "{k14}{b}T{b}{k}")]
    [InlineData("""{"attachments":[{"title":"a\nb","fields":[{"title":"k:","value":" v "},{"value":"only"},{"title":"only"}]}]}""", "{b}a b{b}\nk: v\nonly\nonly")]
    [InlineData("""{"attachments":[{"author_name":"A","text":"t"}]}""", "A\nt")]
    [InlineData("""{"attachments":[{"title_link":"https://e.test"}]}""", "https://e.test")]
    [InlineData("""{"attachments":[{"blocks":[{"type":"header","text":{"type":"plain_text","text":"H"}}],"color":"good"}]}""", "{k03}{b}H{b}{o}")]
    public void Texts_AreRead(string body, string rich) => Assert.Equal(Formatting.Shown.Codes(rich), Message(body).Text);

    [Fact]
    public void SixtyBlocks_AreCounted_NotShown()
    {
        var text = Message($$"""{"attachments":[{{string.Join(',', Enumerable.Repeat("""{"text":"a"}""", 100))}}],"blocks":[{{string.Join(',', Enumerable.Repeat("""{"type":"section","text":{"type":"mrkdwn","text":"b"}}""", 60))}}]}""").Text.Split('\n');

        Assert.Equal((50, 100, "… 10 more blocks", 151), (text.Count(l => l == "b"), text.Count(l => l == "a"), text[50], text.Length));
    }

    [Theory]
    [InlineData("good", "03")]
    [InlineData("warning", "07")]
    [InlineData("danger", "04")]
    [InlineData("#36a64f", "03")]
    [InlineData("#2EB886", "03")]
    [InlineData("#D63232", "04")]
    [InlineData("#e01e5a", "04")]
    [InlineData("#daa038", "07")]
    [InlineData("#439FE0", "12")]
    [InlineData("#764FA5", "06")]
    [InlineData("#0bb", "10")]
    [InlineData("#808080", "14")]
    [InlineData("#12345g", null)]
    [InlineData("#1234567", null)]
    [InlineData("green", null)]
    [InlineData("", null)]
    [InlineData(null, null)]
    public void Colours_AreThoseOfIrc(string? colour, string? code) => Assert.Equal(code, IrcColour.Nearest(colour));

    private static readonly string[] Names =
    [
        "text", "attachments", "blocks", "type", "elements", "fields", "title", "value", "short", "color", "fallback", "pretext", "title_link", "actions", "url", "style", "bold", "props", "payload",
        "mrkdwn", "mrkdwn_in", "indent", "offset", "accessory", "alt_text", "image_url", "user_id", "name", "channel", "alias", "code",
    ];

    private static readonly string[] Words =
    [
        "\"header\"", "\"section\"", "\"context\"", "\"rich_text\"", "\"markdown\"", "\"image\"", "\"actions\"", "\"rich_text_section\"", "\"rich_text_list\"", "\"rich_text_quote\"", "\"rich_text_preformatted\"",
        "\"text\"", "\"link\"", "\"plain_text\"", "\"mrkdwn\"", "\"ordered\"", "\"\"", "\"*a* <b|c>\\n```d```\"", "\"\\ud800\\u0002\"", "\"good\"", "true", "false", "null", "-1", "1e999", "99999999999999999999",
    ];

    private static Gen<string> Json(int depth) => depth == 0 ? Gen.Elements(Words) : Gen.OneOf(
        Gen.Elements(Words),
        Json(depth - 1).ListOf().Select(items => $"[{string.Join(',', items.Take(4))}]"),
        Gen.Zip(Gen.Elements(Names), Json(depth - 1)).ListOf().Select(entries => $"{{{string.Join(',', entries.Take(6).Select(e => $"{JsonSerializer.Serialize(e.Item1)}:{e.Item2}"))}}}"));

    [Fact]
    public void AnyJson_IsReadOrRefused_AndGrowsLittle() => Prop.ForAll(Arb.From(Json(7)), body =>
    {
        var reading = Read(body, HookFormat.Slack);
        return reading is HookReading.Refused || (reading is HookReading.Message message && message.Text.Length <= (16 * body.Length) + 64);
    }).Holds(1500);

    private static HookReading Read(string body, HookFormat format) => new HookReader(TemplateSet.BuiltIn).Read(Request(body), format, null);

    private static HookReading.Message Message(string body) => Assert.IsType<HookReading.Message>(Read(body, HookFormat.Slack));

    private static HookRequest Request(string body) => new() { Header = _ => null, Query = _ => null, MediaType = "application/json", Text = body, Body = Encoding.UTF8.GetBytes(body) };
}
