using NotifyGateway.Core.Protocols.Irc;
using Xunit;

namespace NotifyGateway.Tests.Protocols.Irc;

public sealed class CaseMappingTests
{
    [Theory]
    [InlineData(CaseMapping.Ascii, "#Ops", "#oPS", true)]
    [InlineData(CaseMapping.Ascii, "#a[", "#a{", false)]
    [InlineData(CaseMapping.Ascii, "#a^", "#a~", false)]
    [InlineData(CaseMapping.Rfc1459, "#A[]\\^", "#a{}|~", true)]
    [InlineData(CaseMapping.Rfc1459Strict, "#A[]\\", "#a{}|", true)]
    [InlineData(CaseMapping.Rfc1459Strict, "#a^", "#a~", false)]
    [InlineData(CaseMapping.Rfc1459, "#Ä", "#ä", false)]
    [InlineData(CaseMapping.Rfc1459, "#a", "#ab", false)]
    [InlineData(CaseMapping.Rfc1459, "#a@", "#a`", false)]
    [InlineData(CaseMapping.Rfc1459, "", "", true)]
    public void Compares_AsTheServerDoes(CaseMapping mapping, string left, string right, bool same)
    {
        Assert.Equal(same, mapping.Same(left, right));
        Assert.Equal(same, mapping.Same(right, left));
        Assert.Equal(same, string.Equals(mapping.Fold(left), mapping.Fold(right), StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(null, CaseMapping.Rfc1459)]
    [InlineData("", CaseMapping.Rfc1459)]
    [InlineData("rfc1459", CaseMapping.Rfc1459)]
    [InlineData("unheard-of", CaseMapping.Rfc1459)]
    [InlineData("ascii", CaseMapping.Ascii)]
    [InlineData("ASCII", CaseMapping.Ascii)]
    [InlineData("precis", CaseMapping.Ascii)]
    [InlineData("rfc7613", CaseMapping.Ascii)]
    [InlineData("strict-rfc1459", CaseMapping.Rfc1459Strict)]
    [InlineData("rfc1459-strict", CaseMapping.Rfc1459Strict)]
    public void Reads_TheServersWord(string? value, CaseMapping mapping) => Assert.Equal(mapping, CaseMappings.Parse(value));
}
