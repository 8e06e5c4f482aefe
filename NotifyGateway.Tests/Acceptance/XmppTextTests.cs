using System.Globalization;
using System.Net;
using System.Net.Mime;
using System.Text;
using System.Text.Json.Nodes;
using NotifyGateway.Tests.Support;
using Xunit;

namespace NotifyGateway.Tests.Acceptance;

/// <summary>Whatever a text holds, it neither ends the stream nor blocks its lane, and what arrives is well-formed: the watcher's reader is strict.</summary>
public abstract class XmppTextTests(XmppHouse house)
{
    private const string To = "work/watcher@localhost?message";
    private const string ToRoom = $"work/{XmppHouse.Open}?join";

    [Fact]
    public async Task ControlCharacters_AreLeftOut_AndLineEndsKept()
    {
        for (var c = '\0'; c < ' '; c++)
        {
            await house.Gateway.PostAsync([To, ToRoom], Text(c, c.ToString()));
        }

        foreach (var from in Places)
        {
            var seen = await house.Watcher.Messages.CollectAsync(m => m.From == from && m.Body.StartsWith("control ", StringComparison.Ordinal), 32, "one message for each");
            Assert.Equal(Enumerable.Range(0, ' ').Select(c => Text((char)c, (char)c is '\t' or '\n' ? ((char)c).ToString() : c is '\r' ? "\n" : "")), seen.Select(m => m.Body));
        }

        static string Text(char c, string shown) => string.Create(CultureInfo.InvariantCulture, $"control {(int)c}: <{shown}>");
    }

    /// <summary>As JSON may spell them: the door may refuse what is no text.</summary>
    [Theory]
    [InlineData("lone high \\ud800.", "lone high \uFFFD.")]
    [InlineData("lone low \\udc00.", "lone low \uFFFD.")]
    [InlineData("turned round \\udc00\\ud800.", "turned round \uFFFD\uFFFD.")]
    [InlineData("a pair \\ud83d\\ude00.", "a pair \U0001F600.")]
    [InlineData("no characters \\ufffe\\uffff.", "no characters .")]
    [InlineData("end ]]>.", "end ]]>.")]
    [InlineData("markup <a b='c'>&amp;</a>&#0; \\\"'.", "markup <a b='c'>&amp;</a>&#0; \"'.")]
    [InlineData("stanza </body></message></stream:stream>.", "stanza </body></message></stream:stream>.")]
    public async Task WhatXmlCannotHold_ArrivesWellFormed_OrIsRefused(string json, string shown)
    {
        using var answer = await PostAsync($$"""{ "to": ["{{To}}", "{{ToRoom}}"], "text": "{{json}}" }""");
        if (answer.StatusCode == HttpStatusCode.BadRequest)
        {
            Assert.Contains("\\ud", json, StringComparison.Ordinal);
        }
        else
        {
            Assert.Equal("delivered", JsonNode.Parse(await answer.Content.ReadAsStringAsync())!.Text("status"));
            foreach (var from in Places)
            {
                await house.Watcher.Messages.FirstAsync(m => m.From == from && m.Body == shown, shown);
            }
        }

        // The lanes go on.
        Assert.Equal("delivered", (await house.Gateway.PostAsync([To, ToRoom], "next", wait: 10)).Text("status"));
    }

    /// <summary>In several stanzas: some servers allow no more than 10,000 bytes for one.</summary>
    [Theory]
    [InlineData('x')]
    [InlineData('&')]
    public async Task SixtyKilobytes_ArriveWhole_OrSayThatThereIsMore(char letter)
    {
        var words = Enumerable.Range(0, 600).Select(n => string.Create(CultureInfo.InvariantCulture, $"{letter}{n:000} {new string(letter, 94)}"));
        using var answer = await PostAsync($$"""{ "to": ["{{To}}", "{{ToRoom}}"], "text": "{{string.Join("\\n", words)}}" }""");
        await house.Gateway.PostAsync([To, ToRoom], $"after many {letter}", wait: 10);

        Assert.Equal("delivered", JsonNode.Parse(await answer.Content.ReadAsStringAsync())!.Text("status"));
        foreach (var from in Places)
        {
            await house.Watcher.Messages.FirstAsync(m => m.From == from && m.Body == $"after many {letter}", "the message behind");
            var pieces = house.Watcher.Messages.Entries.Where(m => m.From == from && m.Body.StartsWith(letter)).ToList();
            var lines = pieces.SelectMany(m => m.Body.Split('\n')).ToList();
            Assert.Equal(words.Take(lines.Count), lines);
            Assert.True(lines.Count == 600 || pieces.Count == 9, $"{lines.Count} lines in {pieces.Count} pieces");
        }
    }

    /// <summary>The user sees our address, the room our nick.</summary>
    private static string[] Places => ["work@localhost/notify", $"{XmppHouse.Open}/work"];

    private async Task<HttpResponseMessage> PostAsync(string json)
    {
        using var content = new StringContent(json, Encoding.UTF8, MediaTypeNames.Application.Json);
        return await house.Gateway.Http.PostAsync(new Uri("/api/v1/messages?wait=10", UriKind.Relative), content);
    }
}

public sealed class XmppTextOnProsodyTests(ProsodyHouse house) : XmppTextTests(house), IClassFixture<ProsodyHouse>;

public sealed class XmppTextOnEjabberdTests(EjabberdHouse house) : XmppTextTests(house), IClassFixture<EjabberdHouse>;
