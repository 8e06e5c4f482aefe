using FsCheck;
using FsCheck.Fluent;
using NotifyGateway.Api.Sandbox;
using NotifyGateway.Tests.Support;
using Xunit;

namespace NotifyGateway.Tests.Sandbox;

public sealed class SandboxLineTests
{
    [Theory]
    [InlineData("PING x", "PING", new[] { "x" })]
    [InlineData("  join   #a   key ", "JOIN", new[] { "#a", "key" })]
    [InlineData("PRIVMSG #a ::-) x ", "PRIVMSG", new[] { "#a", ":-) x " })]
    [InlineData("PRIVMSG #a :", "PRIVMSG", new[] { "#a", "" })]
    [InlineData("@a=b;c :who AWAY", "AWAY", new string[0])]
    [InlineData("X 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16", "X", new[] { "1", "2", "3", "4", "5", "6", "7", "8", "9", "10", "11", "12", "13", "14", "15 16" })]
    public void Reads_CommandAndParameters(string text, string command, string[] parameters)
    {
        Assert.True(SandboxLine.TryParse(text, out var line));
        Assert.Equal(command, line.Command);
        Assert.Equal(parameters, line.Parameters);
    }

    [Theory]
    [InlineData("")]
    [InlineData("   ")]
    [InlineData(":prefix")]
    [InlineData("@tags :prefix ")]
    public void Rejects_LineWithoutCommand(string text) => Assert.False(SandboxLine.TryParse(text, out _));

    [Fact]
    public void Takes_AnyText_AndKeepsTheLastParameterWhole() =>
        Prop.ForAll(ArbMap.Default.ArbFor<string?>(), text =>
            (!SandboxLine.TryParse(text ?? "", out var any) || any.Command.Length > 0)
            && SandboxLine.TryParse("PRIVMSG #a :" + text, out var line) && line.Parameters[1] == (text ?? "")).Holds();

    [Theory]
    [InlineData("[a]\\^", "{A}|~")]
    [InlineData("Ab-9_`", "aB-9_`")]
    public void SameNick_UnderRfc1459(string one, string other) => Assert.Equal(SandboxNames.Fold(one), SandboxNames.Fold(other));

    [Theory]
    [InlineData("gateway", true)]
    [InlineData("[x]-9", true)]
    [InlineData("abcdefghijabcdefghijabcdefghij", true)]
    [InlineData("abcdefghijabcdefghijabcdefghijk", false)]
    [InlineData("9x", false)]
    [InlineData("-x", false)]
    [InlineData("a b", false)]
    [InlineData("\u00e9", false)]
    public void KnowsANick(string name, bool valid) => Assert.Equal(valid, SandboxNames.IsNick(name));
}
