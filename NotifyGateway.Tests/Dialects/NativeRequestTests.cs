using System.Text;
using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using NotifyGateway.Core;
using NotifyGateway.Core.Dialects;
using NotifyGateway.Tests.Support;
using Xunit;

namespace NotifyGateway.Tests.Dialects;

/// <summary>The one set of rules for both doors; how each of them answers is tested there.</summary>
public sealed class NativeRequestTests
{
    [Fact]
    public void Reads_EveryField()
    {
        var request = Read("""{"to":["#a","libera/bob"],"text":"x","title":"T","severity":"warning","markup":"markdown","expiresIn":604800,"reply":true,"repeatKey":null,"client":"ci","secret":"s"}""");
        Assert.Empty(request.Faults);
        Assert.Equal("to=[#a|libera/bob] users=[] channels=[]", request.Addressing.Show());
        Assert.Equal(
            ("x", "T", Severity.Warning, Markup.Markdown, TimeSpan.FromDays(7), true, "ci", "s"),
            (request.Text, request.Title, request.Severity, request.Markup, request.ExpiresIn, request.Reply, request.Client, request.Secret));
    }

    [Theory]
    [InlineData("""{"text":"x"}""")]
    [InlineData("""{"text":"x","to":null,"title":null,"severity":null,"markup":null,"expiresIn":null,"reply":null,"client":null,"secret":null}""")]
    public void Takes_NullForAbsent(string json)
    {
        var request = Read(json);
        Assert.Empty(request.Faults);
        Assert.Equal("to=default users=default channels=default", request.Addressing.Show());
        Assert.Equal((null, null, Markup.Plain, null, false), (request.Title, request.Severity, request.Markup, request.ExpiresIn, request.Reply));
    }

    [Theory]
    [InlineData("""{"to":[],"text":"x"}""", "to names nobody; leave it out to reach the defaults")]
    [InlineData("""{"to":"#a","text":"x"}""", "to must be a list of strings")]
    [InlineData("""{"to":[1],"text":"x"}""", "to must be a list of strings")]
    [InlineData("""{"to":[{"a":[{}]},["b"]],"text":"x"}""", "to must be a list of strings")]
    [InlineData("""{"to":["#a"," "],"text":"x"}""", "to names an empty destination")]
    [InlineData("{}", "text is required")]
    [InlineData("""{"text":null}""", "text is required")]
    [InlineData("""{"text":["x"]}""", "text must be a string")]
    [InlineData("""{"text":"","title":""}""", "text may not be empty unless there is a title")]
    [InlineData("""{"text":"x","title":{"a":{}}}""", "title must be a string")]
    [InlineData("""{"text":"x","severity":"Error"}""", "severity must be info, success, warning or error")]
    [InlineData("""{"text":"x","severity":"3"}""", "severity must be info, success, warning or error")]
    [InlineData("""{"text":"x","severity":3}""", "severity must be info, success, warning or error")]
    [InlineData("""{"text":"x","markup":"html"}""", "markup must be plain, slack or markdown")]
    [InlineData("""{"text":"x","expiresIn":0}""", "expiresIn must be a whole number of seconds from 1 to 604800")]
    [InlineData("""{"text":"x","expiresIn":604801}""", "expiresIn must be a whole number of seconds from 1 to 604800")]
    [InlineData("""{"text":"x","expiresIn":1e99}""", "expiresIn must be a whole number of seconds from 1 to 604800")]
    [InlineData("""{"text":"x","expiresIn":{"a":1}}""", "expiresIn must be a whole number of seconds from 1 to 604800")]
    [InlineData("""{"text":"x","reply":"yes"}""", "reply must be true or false")]
    [InlineData("""{"text":"x","reply":[true]}""", "reply must be true or false")]
    [InlineData("""{"text":"x","repeatKey":""}""", "repeatKey must have 1 to 255 characters")]
    [InlineData("""{"text":"x","secret":1}""", "secret must be a string")]
    [InlineData("""{"text":"x","other":[{}]}""", "one of the names is no property of a message")]
    [InlineData("""{"text":"x","titel":"y"}""", "one of the names is no property of a message; did you mean \"title\"?")]
    public void Names_TheFault(string json, string fault) => Assert.Equal([fault], Read(json).Faults.Select(f => f.ToString()));

    [Theory]
    [InlineData("""{"text":"a","te\u0078t":"b"}""")]
    [InlineData("""{"text":5,"text":"b"}""")]
    public void Takes_ANameThatComesTwice_AsItComesLast(string json)
    {
        var request = Read(json);
        Assert.Empty(request.Faults);
        Assert.Equal("b", request.Text);
    }

    [Fact]
    public void Tells_UnknownNamesOfAStranger_ShortAndNotWithoutEnd()
    {
        var names = Enumerable.Range(0, 100).Select(i => $"\"irc://u:pw{i}@h/{new string('n', 1000)}\":1");
        var faults = Read("{\"text\":\"x\"," + string.Join(',', names) + "}").Faults;
        Assert.InRange(faults.Count, 1, 20);
        Assert.All(faults, f => Assert.InRange(f.Field.Length, 1, 201));
        Assert.All(faults, f => Assert.DoesNotContain("pw", f.Field, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("[]", "not a JSON object")]
    [InlineData("", "not valid JSON, at line 1, byte 1")]
    [InlineData("{\n\"text\":x}", "not valid JSON, at line 2, byte 8")]
    [InlineData("""{"text":"x"}y""", "not valid JSON, at line 1, byte 13")]
    public void Refuses_WhatIsNoObject(string json, string reason)
    {
        Assert.False(NativeRequest.TryParse(Encoding.UTF8.GetBytes(json), out _, out var error));
        Assert.Equal(reason, error);
    }

    [Theory]
    [InlineData(1, true)]
    [InlineData(255, true)]
    [InlineData(0, false)]
    [InlineData(256, false)]
    public void RepeatKey_HasALength(int length, bool good)
    {
        var request = Read($$"""{"text":"x","repeatKey":"{{new string('k', length)}}"}""");
        Assert.Equal(good, request.Faults.Count == 0);
    }

    [Fact]
    public void Hides_ItsSecret() => Assert.DoesNotContain("s3cret", $"{Read("""{"text":"x","secret":"s3cret"}""")}", StringComparison.Ordinal);

    [Fact]
    public void AnyBytes_AreARequestOrAnError() =>
        Prop.ForAll(Garbage().ToArbitrary(), bytes => NativeRequest.TryParse(bytes, out var request, out var error) ? request.Faults.Count > 0 || request.Text.Length + (request.Title?.Length ?? 0) > 0 : error.Length > 0)
            .Holds(2000);

    [Fact]
    public void AnyText_ComesThroughAsItWas() =>
        Prop.ForAll<NonEmptyString>(text =>
        {
            var json = JsonSerializer.SerializeToUtf8Bytes(new Dictionary<string, string>(StringComparer.Ordinal) { ["text"] = text.Get });
            return NativeRequest.TryParse(json, out var request, out _) && request.Faults.Count == 0
                && string.Equals(request.Text, Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text.Get)), StringComparison.Ordinal);
        }).Holds();

    private static readonly string[] Pieces =
        ["{", "}", "[", "]", ":", ",", "\"", "\\", "\\ud800", "\\u0000", "\"text\":", "\"title\":", "\"to\":", "\"reply\":", "\"expiresIn\":", "null", "1e999", "\"x\"", " ", "é", "\ufeff", "true"];

    private static Gen<byte[]> Garbage() => Gen.OneOf(
        Gen.ArrayOf(Gen.Choose(0, 255).Select(i => (byte)i)),
        Gen.ArrayOf(Gen.Elements(Pieces)).Select(p => Encoding.UTF8.GetBytes(string.Concat(p))),
        Gen.ArrayOf(Gen.Elements(Pieces)).Select(p => Encoding.UTF8.GetBytes("{" + string.Concat(p) + "}")));

    private static NativeRequest Read(string json)
    {
        Assert.True(NativeRequest.TryParse(Encoding.UTF8.GetBytes(json), out var request, out var error), error);
        return request;
    }
}
