using System.Text;
using NotifyGateway.Core.Dialects;
using NotifyGateway.Core.Formatting;
using Xunit;
using YamlDotNet.RepresentationModel;

namespace NotifyGateway.Tests.Formatting;

/// <summary>What Python's json and yaml (PyYAML 6) write of the same values.</summary>
public sealed class PayloadTests
{
    [Theory]
    [InlineData("\"foo\"", "\"foo\"")]
    [InlineData("1", "1")]
    [InlineData("null", "null")]
    [InlineData("[]", "[]")]
    [InlineData("{}", "{}")]
    [InlineData("true", "true")]
    [InlineData("{\"b\": 1, \"a\": [1, {\"y\": \"é\", \"x\": null}, []], \"c\": {}}", "{\n  \"b\": 1,\n  \"a\": [\n    1,\n    {\n      \"y\": \"\\u00e9\",\n      \"x\": null\n    },\n    []\n  ],\n  \"c\": {}\n}")]
    [InlineData("\"\\\"\\\\/\\b\\f\\n\\r\\t\\u0000\\u001f\u007f~ ü 😀 \u2028<>&'+\"", "\"\\\"\\\\/\\b\\f\\n\\r\\t\\u0000\\u001f\\u007f~ \\u00fc \\ud83d\\ude00 \\u2028<>&'+\"")]
    [InlineData("{\"a\":1,\"b\":2,\"a\":3}", "{\n  \"a\": 3,\n  \"b\": 2\n}")]
    [InlineData("[1.50,-0,1E5,123456789012345678901234567890]", "[\n  1.50,\n  -0,\n  1E5,\n  123456789012345678901234567890\n]")]
    [InlineData("\"\\ud800 \\ud83d\\ude00\"", "\"\\ufffd \\ud83d\\ude00\"")]
    public void Json_IsThatOfPython(string json, string expected) => Assert.Equal(expected, PayloadJson.Write(Parse(json)));

    [Theory]
    [InlineData("\"foo\"", "foo\n...\n")]
    [InlineData("1", "1\n...\n")]
    [InlineData("null", "null\n...\n")]
    [InlineData("[]", "[]\n")]
    [InlineData("{}", "{}\n")]
    [InlineData("true", "true\n...\n")]
    [InlineData("\"yes\"", "'yes'\n")]
    [InlineData("\"a\\nb\"", "'a\n\n  b'\n")]
    [InlineData("{\"b\": 1, \"a\": [1, {\"y\": \"é\", \"x\": null}], \"c\": {}, \"d\": [], \"B\": false}", "B: false\na:\n- 1\n- x: null\n  y: é\nb: 1\nc: {}\nd: []\n")]
    [InlineData("[[[\"a\"], \"b\"], [{\"c\": [1]}], \"d\"]", "- - - a\n  - b\n- - c:\n    - 1\n- d\n")]
    [InlineData("{\"e\": \"\", \"f\": \"yes\", \"g\": \"1\", \"h\": \"a: b\", \"i\": \"line1\\nline2\", \"j\": \" lead\", \"k\": \"#x\", \"l\": \"null\", \"m\": \"it's\", \"n\": \"tab\\there\", \"o\": \"😀\", \"p\": \"\\u0007\", \"q\": \"- a\"}", "e: ''\nf: 'yes'\ng: '1'\nh: 'a: b'\ni: 'line1\n\n  line2'\nj: ' lead'\nk: '#x'\nl: 'null'\nm: it's\nn: \"tab\\there\"\no: 😀\np: \"\\a\"\nq: '- a'\n")]
    [InlineData("{\"r\": \"~\", \"s\": \"12:30:45\", \"t\": \"2001-01-01\", \"u\": \"trailing \", \"v\": \"a #b\", \"w\": \"'q'\", \"x\": \"\\\"q\\\"\", \"y\": \"@a\", \"z\": \"a\\n\"}", "r: '~'\ns: '12:30:45'\nt: '2001-01-01'\nu: 'trailing '\nv: 'a #b'\nw: '''q'''\nx: '\"q\"'\ny: '@a'\nz: 'a\n\n  '\n")]
    [InlineData("{\"dot\": \"...\", \"hex\": \"0x1f\", \"oct\": \"010\", \"inf\": \".inf\", \"eq\": \"=\", \"lt\": \"<<\", \"off\": \"off\", \"e\": \"1e5\", \"f\": \"1.0e+5\", \"q\": \"? a\", \"p\": \"?a\", \"c\": \"a, b\", \"n\": \"a\u0085b\", \"bom\": \"\ufeff\", \"u\": \"\u00a0x\u2028y\"}", "bom: \"\\uFEFF\"\nc: a, b\ndot: '...'\ne: 1e5\neq: '='\nf: '1.0e+5'\nhex: '0x1f'\ninf: '.inf'\nlt: '<<'\nn: 'a\u0085  b'\noct: '010'\n'off': 'off'\np: ?a\nq: '? a'\nu: '\u00a0x\u2028  y'\n")]
    [InlineData("{\"key: colon\": 1, \"\": 2, \"1\": 3, \"a\\nb\": {\"c\": [\"d\"]}, \"�\": 4, \"😀\": 5}", "? ''\n: 2\n'1': 3\n? 'a\n\n  b'\n: c:\n  - d\n'key: colon': 1\n�: 4\n😀: 5\n")]
    [InlineData("{\"kkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkk\": 1, \"kkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkk\": [1, {\"a\": 2}]}", "kkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkk: 1\n? kkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkk\n: - 1\n  - a: 2\n")]
    [InlineData("{\"plain\": \"word word word word word word word word word word word word word word word word word word end\"}", "plain: word word word word word word word word word word word word word word word\n  word word word end\n")]
    [InlineData("{\"quoted\": \"it's: it's: it's: it's: it's: it's: it's: it's: it's: it's: it's: it's: it's: it's: it's: end\"}", "quoted: 'it''s: it''s: it''s: it''s: it''s: it''s: it''s: it''s: it''s: it''s: it''s:\n  it''s: it''s: it''s: it''s: end'\n")]
    [InlineData("{\"escaped\": \"tab\\t and tab\\t and tab\\t and tab\\t and tab\\t and tab\\t and tab\\t and tab\\t and tab\\t and tab\\t and tab\\t and tab\\t and \"}", "escaped: \"tab\\t and tab\\t and tab\\t and tab\\t and tab\\t and tab\\t and tab\\t and tab\\t\\\n  \\ and tab\\t and tab\\t and tab\\t and tab\\t and \"\n")]
    [InlineData("{\"two  spaces\": \"a  b a  b a  b a  b a  b a  b a  b a  b a  b a  b a  b a  b a  b a  b a  b a  b a  b c\"}", "two  spaces: a  b a  b a  b a  b a  b a  b a  b a  b a  b a  b a  b a  b a  b a  b\n  a  b a  b a  b c\n")]
    [InlineData("[\"\\n\\na\\n\\n b\", \"a \\nb\", \"a\\n b\"]", "- \"\\n\\na\\n\\n b\"\n- \"a \\nb\"\n- \"a\\n b\"\n")]
    [InlineData("[1.50,1E5,1e-5,1.5e+300]", "- 1.50\n- 1.0E+5\n- 1.0e-5\n- 1.5e+300\n")]
    public void Yaml_IsThatOfPython(string json, string expected) => Assert.Equal(expected, PayloadYaml.Write(Parse(json)));

    [Fact]
    public void Yaml_IsReadAgainAsItWas()
    {
        const string Json = """{"b":["it's: \"x\" y","- a",{"k":"a\\tb\n c \n"}],"ü":"word word word word word word word word word word word word word word word word word word"}""";
        var yaml = new YamlStream();
        yaml.Load(new StringReader(PayloadYaml.Write(Parse(Json))));

        var root = Assert.IsType<YamlMappingNode>(Assert.Single(yaml.Documents).RootNode);

        Assert.Equal(["it's: \"x\" y", "- a"], ((YamlSequenceNode)root["b"]).Take(2).Select(n => ((YamlScalarNode)n).Value));
        Assert.Equal("a\\tb\n c \n", ((YamlScalarNode)root["b"][2]["k"]).Value);
        Assert.Equal(string.Join(' ', Enumerable.Repeat("word", 18)), ((YamlScalarNode)root["ü"]).Value);
    }

    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData("{")]
    [InlineData("[1,]")]
    [InlineData("1 2")]
    [InlineData("{} x")]
    [InlineData("nul")]
    [InlineData("{'a':1}")]
    [InlineData("\"a\nb\"")]
    [InlineData("NaN")]
    public void WhatIsNoJson_IsRefused(string json)
    {
        Assert.Null(Payload.ParseJson(Encoding.UTF8.GetBytes(json), out var fault));
        Assert.StartsWith("not valid JSON, at line 1", fault, StringComparison.Ordinal);
    }

    [Fact]
    public void DeepNesting_IsRefused()
    {
        Assert.NotNull(Payload.ParseJson(Encoding.UTF8.GetBytes(new string('[', 64) + new string(']', 64)), out _));
        Assert.Null(Payload.ParseJson(Encoding.UTF8.GetBytes(new string('[', 65) + new string(']', 65)), out _));
    }

    [Fact]
    public void Bytes_ThatAreNoUnicode_AreReadAsTheLineDoorsDo() =>
        Assert.Equal("\"gr\\u00fcn\"", PayloadJson.Write(Payload.ParseJson([.. "\uFEFF\"gr"u8, 0xFC, .. "n\""u8], out _)!));

    [Fact]
    public void Form_IsAnObject() =>
        Assert.Equal("{\n  \"b\": \"1\",\n  \"a\": [\n    \"2\",\n    \"3\"\n  ]\n}", PayloadJson.Write(Payload.OfForm([new("b", ["1"]), new("a", ["2", "3"])])));

    private static Payload Parse(string json) => Payload.ParseJson(Encoding.UTF8.GetBytes(json), out _)!;
}
