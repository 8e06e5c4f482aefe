using NotifyGateway.Core.Dialects.Hooks;
using Xunit;

namespace NotifyGateway.Tests.Dialects.Hooks;

public sealed class EventModelTests
{
    [Theory]
    [InlineData("one\ntwo", "one")]
    [InlineData("\r\n \u2028 \n second", "second")]
    [InlineData("a\tb", "a b")]
    [InlineData("a\u0003" + "04b\u0001\u0000", "a04b")]
    [InlineData("a\u0085b", "a")]
    [InlineData(" \n\t", null)]
    [InlineData(null, null)]
    [InlineData("0123456789", "0123456789")]
    [InlineData("0123456789a", "0123456789…")]
    [InlineData("012345678😀b", "012345678…")]
    public void Line_IsTheFirstWithSomethingInIt_CleanAndBounded(string? text, string? line) => Assert.Equal(line, EventModel.Line(text, 10));

    [Theory]
    [InlineData("https://example.org/a?b=c#d", true)]
    [InlineData("HTTP://example.org", true)]
    [InlineData("javascript:alert(1)", false)]
    [InlineData("https://example.org/ and more", false)]
    [InlineData("https://example.org/\u0003", false)]
    [InlineData("/relative", false)]
    [InlineData(null, false)]
    public void Address_IsOneOfTheWeb_OrNothing(string? text, bool isOne) => Assert.Equal(isOne ? text : null, EventModel.Address(text));

    [Fact]
    public void Address_ThatIsTooLong_IsNotCutButLeftOut() => Assert.Null(EventModel.Address("https://example.org/" + new string('x', 2000)));

    [Theory]
    [InlineData("plain", "plain")]
    [InlineData("=?UTF-8?B?w6Q=?= b", "ä b")]
    [InlineData("=?utf-8?q?a_=C3=A4?=", "a ä")]
    [InlineData("=?UTF-8?B?YQ==?= =?UTF-8?B?Yg==?=", "ab")]
    [InlineData("=?iso-8859-1?Q?=E4?=", "ä")]
    [InlineData("=?none?B?YQ==?=", "=?none?B?YQ==?=")]
    [InlineData("=?UTF-8?B?!?=", "=?UTF-8?B?!?=")]
    [InlineData("=?UTF-8?Q?=ZZ?=", "=?UTF-8?Q?=ZZ?=")]
    [InlineData("=?utf-7?Q?a?=", "=?utf-7?Q?a?=")]
    [InlineData("=?", "=?")]
    public void EncodedWords_AreDecoded_OrLeftAsTheyAre(string value, string decoded) => Assert.Equal(decoded, EncodedWords.Decode(value));
}
