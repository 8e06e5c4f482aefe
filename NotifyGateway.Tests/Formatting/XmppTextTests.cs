using FsCheck;
using FsCheck.Fluent;
using NotifyGateway.Core;
using NotifyGateway.Core.Formatting;
using NotifyGateway.Tests.Support;
using Xunit;

namespace NotifyGateway.Tests.Formatting;

public sealed class XmppTextTests
{
    [Theory]
    [InlineData(null, "plain", "plain")]
    [InlineData("Title", "text", "Title\ntext")]
    [InlineData("Title", "", "Title")]
    [InlineData(" ", "text", "text")]
    [InlineData(null, "one\r\ntwo\rthree\n\nfour\n", "one\ntwo\nthree\n\nfour")]
    [InlineData(null, "*bold* _it_ ~no~ `code`\n> quoted", "*bold* _it_ ~no~ `code`\n> quoted")]
    [InlineData(null, "a\u000304,12red\u000f \u0002b\u0002", "ared *b*")]
    [InlineData(null, "\0\u0001\u0007\u000b\u001f\u007f\u0080x\ufffe\uffff", "x")]
    [InlineData(null, "\u0003\u00014 \u0002\u0001x\u0002", "4 *x*")]
    [InlineData(null, "tab\there", "tab\there")]
    [InlineData(null, "]]> <b>&amp;", "]]> <b>&amp;")]
    public void Body_IsWhatTheSenderMeant_AndXmlCanHold(string? title, string text, string body) => Assert.Equal(body, XmppText.Body(Message(text, title)));

    [Fact]
    public void LoneSurrogate_BecomesAReplacementCharacter() => Assert.Equal("\ud83d\ude00 \ufffd\ufffdx", XmppText.Body(Message("\ud83d\ude00 \ud83d\ud83dx")));

    [Fact]
    public void SlackText_BecomesPlain() =>
        Assert.Equal("*see* docs (https://x.test) & @here", XmppText.Body(Message("*see* <https://x.test|docs> &amp; <!here>") with { Markup = Markup.Slack }));

    [Theory]
    [InlineData("")]
    [InlineData(" \n\t\n")]
    [InlineData("\u0002\u0003")]
    public void NothingVisible_IsNoPiece(string text) => Assert.Empty(XmppText.Pieces(Message(text), 1000, 3, null));

    [Fact]
    public void Lines_StayTogether_AsFarAsTheyFit()
    {
        var pieces = XmppText.Pieces(Message(string.Join('\n', Enumerable.Range(0, 5).Select(i => new string((char)('a' + i), 40)))), 100, 9, null);

        Assert.Equal([$"{new string('a', 40)}\n{new string('b', 40)}", $"{new string('c', 40)}\n{new string('d', 40)}", new string('e', 40)], pieces);
    }

    [Theory]
    [InlineData("https://n.test/", "… 3 more lines: https://n.test/m/00000000-0000-0000-0000-000000000000")]
    [InlineData(null, "… 3 more lines")]
    public void WhatIsTooLong_IsToldByAQuantityAndALink(string? url, string last)
    {
        var pieces = XmppText.Pieces(Message(string.Join('\n', Enumerable.Repeat(new string('x', 80), 4))), 100, 2, url is null ? null : new Uri(url));

        Assert.Equal([new string('x', 80), last], pieces);
    }

    [Fact]
    public void ATextThatIsCut_HasNoStyling()
    {
        var pieces = XmppText.Pieces(Message($"\u0002{new string('b', 60)}\u0002\n\u0011{new string('c', 60)}\u0011\n\u0011d\u0011"), 100, 9, null);

        Assert.Equal([new string('b', 60), $"{new string('c', 60)}\nd"], pieces);
    }

    [Fact]
    public void SixtyThousandQuotes_FitInPieces()
    {
        var pieces = XmppText.Pieces(Message(new string('"', 60_000)), 9_000, 100, null);

        Assert.Equal(60_000, pieces.Sum(p => p.Length));
        Assert.All(pieces, p => Assert.InRange(XmppText.EscapedBytes(p), 1, 9_000));
    }

    [Fact]
    public void AnyText_FitsIntoItsPieces_AndIsKept()
    {
        var texts = Gen.Frequency(
            (6, Gen.Choose(0x20, 0x7E)), (1, Gen.Choose(0, 0x1F)), (1, Gen.Choose(0x80, 0xFFFF)), (2, Gen.Constant((int)'\n')), (2, Gen.Constant((int)' ')), (2, Gen.Constant((int)'"')))
            .Select(c => (char)c).ListOf().Select(cs => new string([.. cs]));
        Prop.ForAll(Gen.Zip(texts, Gen.Choose(XmppText.MinBytes, 400)).ToArbitrary(), drawn =>
        {
            var (text, most) = drawn;
            text = string.Concat(Enumerable.Repeat(text, 5));
            var body = XmppText.Body(Message(text));
            var pieces = XmppText.Pieces(Message(text), most, int.MaxValue, null);
            return pieces.All(p => XmppText.EscapedBytes(p) <= most && p.Trim().Length > 0)
                && Visible(string.Concat(pieces)) == Visible(XmppText.EscapedBytes(body) <= most ? body : XmppText.Body(Message(RichText.WithoutCodes(text))));
        }).Holds(1000);
    }

    // At a cut white space of any kind may go.
    private static string Visible(string text) => string.Concat(text.Where(c => !char.IsWhiteSpace(c)));

    private static Notification Message(string text, string? title = null) => new()
    {
        Id = Guid.Empty,
        Client = "tests",
        Input = "tests",
        Title = title,
        Text = text,
        AcceptedAt = default,
        ExpiresAt = DateTimeOffset.MaxValue,
    };
}
