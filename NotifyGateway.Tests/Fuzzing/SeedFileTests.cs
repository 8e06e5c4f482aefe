using FsCheck;
using FsCheck.Fluent;
using NotifyGateway.Fuzz;
using NotifyGateway.Tests.Support;
using Xunit;

namespace NotifyGateway.Tests.Fuzzing;

public sealed class SeedFileTests
{
    [Fact]
    public void AnyInput_IsOneLine_AndComesBackAsItWas() => Prop.ForAll<byte[]>(input =>
    {
        var line = SeedFile.Escape(input);
        return line.Length > 0 && line[0] != '#' && line.All(c => c is >= ' ' and <= '~') && line[^1] != ' ' && SeedFile.Unescape(line).AsSpan().SequenceEqual(input);
    }).Holds(500);

    [Theory]
    [InlineData("a\\")]
    [InlineData("\\x4")]
    [InlineData("\\q")]
    public void WhatIsNoLine_IsRefused(string line) => Assert.Throws<FormatException>(() => SeedFile.Unescape(line));

    [Fact]
    public void WhatPeopleWrote_Stays()
    {
        using var folder = new TempFolder();
        var path = folder.Write("x.txt", "# a comment\nkept\n");

        SeedFile.Write(path, ["first"u8.ToArray(), "#\n "u8.ToArray()]);
        SeedFile.Write(path, ["second"u8.ToArray()]);

        Assert.Equal(["kept", "second"], SeedFile.Read(path).Select(System.Text.Encoding.ASCII.GetString));
        Assert.Equal(["kept"], SeedFile.ReadKept(path).Select(System.Text.Encoding.ASCII.GetString));
        Assert.StartsWith("# a comment\n", File.ReadAllText(path), StringComparison.Ordinal);
    }
}
