using System.Text;
using NotifyGateway.Core.Sessions.Programs;
using Xunit;

namespace NotifyGateway.Tests.Sessions.Programs;

public sealed class SecretMaskTests
{
    private static readonly SecretMask Mask = new(["hunter2xyz", "hunter2xyz-longer", "k1"]);

    [Theory]
    [InlineData("login with hunter2xyz failed\nbye", "login with *** failed | bye")]
    [InlineData("xhunter2xyzx hunter2xyz-longer", "x***x ***")]
    [InlineData("key k1, not k12", "key ***, not k12")]
    [InlineData("nothing", "nothing")]
    public void Show_MasksSecrets(string said, string shown) => Assert.Equal(shown, Mask.Show(Encoding.UTF8.GetBytes(said), isCut: false));

    // The mask holds such a secret itself.
    [Theory]
    [InlineData("*", "a *** b")]
    [InlineData("**", "a *** *")]
    public void Show_MasksASecretOfStars(string secret, string shown) =>
        Assert.Equal(shown, new SecretMask([secret]).Show(Encoding.UTF8.GetBytes(secret == "*" ? "a * b" : "a ** *"), isCut: false));

    [Fact]
    public void Show_MasksShortSecretsThatStandSideBySide() => Assert.Equal("******.", new SecretMask(["-a"]).Show("-a-a."u8, isCut: false));

    /// <summary>Work that grew with the square would show in memory.</summary>
    [Fact]
    public void Show_MasksManyShortSecrets_AtACostOfTheirNumber()
    {
        var said = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat("k1 ", 2500)));
        Mask.Show(said, isCut: true);
        var before = GC.GetAllocatedBytesForCurrentThread();

        Mask.Show(said, isCut: true);

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1_000_000);
    }

    [Fact]
    public void Show_TakesBytesThatAreNoText() => Assert.Equal("a\ufffdb", Mask.Show([(byte)'a', 0xff, (byte)'b'], isCut: false));

    [Fact]
    public void Show_EndsAfterFourKilobytes()
    {
        Assert.Equal(new string('x', 4096), Mask.Show(Encoding.UTF8.GetBytes(new string('x', 4096)), isCut: false));
        Assert.Equal(new string('x', 4096) + "…", Mask.Show(Encoding.UTF8.GetBytes(new string('x', 4097)), isCut: false));
    }

    // The mask is shorter than the secret: what stood far behind moves to where it is shown.
    [Fact]
    public void Show_MasksTheBeginningOfASecretAtTheCut()
    {
        var said = string.Concat(Enumerable.Repeat("hunter2xyz-longer ", 450)) + "end hunter2xyz-lo";

        var shown = Mask.Show(Encoding.UTF8.GetBytes(said), isCut: true);

        Assert.DoesNotContain("hunter2", shown, StringComparison.Ordinal);
        Assert.EndsWith("end ***", shown, StringComparison.Ordinal);
    }
}
