using NotifyGateway.Core.Formatting;
using Xunit;

namespace NotifyGateway.Tests.Formatting;

public sealed class OneLineTests
{
    [Theory]
    [InlineData("", "")]
    [InlineData("one", "one")]
    [InlineData("one\ntwo\r\n\r\nthree\n", "one | two | three")]
    [InlineData("\n\none", "one")]
    [InlineData("a\tb", "a b")]
    [InlineData("a\u001b[31mb\0c", "a\ufffd[31mb\ufffdc")]
    [InlineData("a\u202eb\u2066c", "a\ufffdb\ufffdc")]
    [InlineData("a\u2028b\u0085c", "a | b | c")]
    [InlineData("grün 😀", "grün 😀")]
    public void Of_LeavesOneLineThatIsSafeToShow(string text, string line) => Assert.Equal(line, OneLine.Of(text, 100));

    [Fact]
    public void Of_CutsWhatIsTooLong_NotAmidACharacter()
    {
        Assert.Equal("abc…", OneLine.Of("abcdef", 3));
        Assert.Equal("abc", OneLine.Of("abc", 3));
        Assert.Equal("ab…", OneLine.Of("ab😀", 3));
        Assert.Equal("ab…", OneLine.Of("ab\ncd", 5));
        Assert.Equal("ab | c…", OneLine.Of("ab\ncd", 6));
    }
}
