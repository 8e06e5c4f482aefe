using FsCheck;
using FsCheck.Fluent;
using NotifyGateway.Core.Protocols.Xmpp;
using NotifyGateway.Tests.Support;
using Xunit;

namespace NotifyGateway.Tests.Protocols.Xmpp;

public sealed class JidTests
{
    // Mostly the examples of RFC 7622, section 3.5.
    [Theory]
    [InlineData("juliet@example.com", "juliet", "example.com", null)]
    [InlineData("juliet@example.com/foo", "juliet", "example.com", "foo")]
    [InlineData("juliet@example.com/foo bar", "juliet", "example.com", "foo bar")]
    [InlineData("juliet@example.com/foo@bar", "juliet", "example.com", "foo@bar")]
    [InlineData("foo\\20bar@example.com", "foo\\20bar", "example.com", null)]
    [InlineData("fussball@example.com", "fussball", "example.com", null)]
    [InlineData("fußball@example.com", "fußball", "example.com", null)]
    [InlineData("Σ@example.com/Foo", "σ", "example.com", "Foo")]
    [InlineData("example.com", null, "example.com", null)]
    [InlineData("a.example.com/b@example.net", null, "a.example.com", "b@example.net")]
    [InlineData("Alice@EXAMPLE.Org./Desk/2", "alice", "example.org", "Desk/2")]
    [InlineData("bot@[::1]/x", "bot", "[::1]", "x")]
    [InlineData("bot@127.0.0.1", "bot", "127.0.0.1", null)]
    [InlineData("ops@conference.localhost/e\u0301", "ops", "conference.localhost", "é")]
    public void Reads(string text, string? local, string domain, string? resource)
    {
        var jid = Jid.Parse(text, out var fault);

        Assert.Null(fault);
        Assert.Equal(new Jid(local, domain, resource), jid);
        Assert.Equal(new Jid(local, domain, null), jid!.Bare);
    }

    [Theory]
    [InlineData("", "it names no domain")]
    [InlineData("@example.com", "nothing stands before the @")]
    [InlineData("juliet@", "it names no domain")]
    [InlineData("juliet@example.com/", "nothing stands behind the slash")]
    [InlineData("\"juliet\"@example.com", "the part before the @ holds no space")]
    [InlineData("foo bar@example.com", "the part before the @ holds no space")]
    [InlineData("a@b@example.com", "only one @")]
    [InlineData("@/", "nothing stands before the @")]
    [InlineData("a@exa mple.com", "is no host name")]
    [InlineData("a@b.test/\u0001", "the part behind the slash holds no control character")]
    public void Refuses_AndSaysWhy(string text, string words)
    {
        Assert.Null(Jid.Parse(text, out var fault));
        Assert.Contains(words, fault, StringComparison.Ordinal);
    }

    [Fact]
    public void Refuses_WhatIsNoText()
    {
        Assert.Null(Jid.Parse("a\ud800@b.test", out var lone));
        Assert.Null(Jid.Parse("a@b.test/\ufffe", out var none));
        Assert.Contains("lone surrogates", lone, StringComparison.Ordinal);
        Assert.Contains("non-characters", none, StringComparison.Ordinal);
    }

    [Fact]
    public void Refuses_PartsBeyond1023Bytes()
    {
        Assert.NotNull(Jid.Parse(new string('a', 1023) + "@b.test/" + new string('c', 1023), out _));
        Assert.Null(Jid.Parse(new string('a', 1024) + "@b.test", out var local));
        Assert.Null(Jid.Parse("a@b.test/" + new string('é', 512), out var resource));
        Assert.Contains("1023 bytes", local, StringComparison.Ordinal);
        Assert.Contains("1023 bytes", resource, StringComparison.Ordinal);
    }

    [Fact]
    public void AnyText_IsAnAddressOrNone_AndWhatItWritesIsReadBack() =>
        Prop.ForAll(Gen.OneOf(Gen.Elements("a", "B", "@", "/", ".", "é", "\ufb01", "\uff21", "[", ":", " ", "\ufffe", "\udc00", "\ud83d\ude00", "ſ", "İ"), Gen.Choose(0, 0xFFFF).Select(c => ((char)c).ToString()))
            .ListOf().Select(string.Concat).ToArbitrary(), text =>
        {
            var jid = Jid.Parse(text, out var fault);
            return jid is null ? fault is not null : Jid.Parse(jid.ToString(), out _) == jid;
        }).Holds(3000);
}
