using NotifyGateway.Core.Protocols.Sasl;
using Xunit;

namespace NotifyGateway.Tests.Protocols.Sasl;

public sealed class SaslPrepTests
{
    // The first five are RFC 4013's own, section 3.
    [Theory]
    [InlineData("I\u00ADX", "IX")]
    [InlineData("user", "user")]
    [InlineData("USER", "USER")]
    [InlineData("\u00AA", "a")]
    [InlineData("\u2168", "IX")]
    [InlineData("", "")]
    [InlineData("a\u00A0b\u3000c", "a b c")]
    [InlineData("e\u0301", "\u00E9")]
    [InlineData("\uFB01", "fi")]
    [InlineData("pass\uFEFFword", "password")]
    [InlineData("\U0001F511", "\U0001F511")]
    public void Prepares(string text, string prepared) => Assert.Equal(prepared, SaslPrep.Prepare(text));

    [Theory]
    [InlineData("\u0007")]
    [InlineData("a\u007F")]
    [InlineData("ü\u0085")]
    [InlineData("\uE000")]
    [InlineData("\uFFFE")]
    [InlineData("\uFDD0")]
    [InlineData("\U0001FFFF")]
    [InlineData("\U0010FFFD")]
    [InlineData("\uFFFD")]
    [InlineData("\u202E")]
    [InlineData("\U000E0041")]
    public void Refuses_WhatMustNotBeInIt(string text) => Assert.Null(SaslPrep.Prepare(text));

    // Half a surrogate pair cannot stand in an attribute.
    [Fact]
    public void Refuses_HalfACharacter() => Assert.Null(SaslPrep.Prepare("ü" + (char)0xD800 + "x"));
}
