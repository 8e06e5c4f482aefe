using FsCheck;
using FsCheck.Fluent;
using NotifyGateway.Core.Sessions;
using NotifyGateway.Tests.Support;
using Xunit;

namespace NotifyGateway.Tests.Sessions;

public sealed class WholeWritesTests
{
    [Theory]
    [InlineData(100, new int[0], new[] { 100 })]
    [InlineData(100, new[] { 0, 50 }, new[] { 100 })]
    [InlineData(100_000, new int[0], new[] { 100_000 })]
    [InlineData(9000, new[] { 0, 5000 }, new[] { 5000, 9000 })]
    [InlineData(8192, new[] { 0, 4096 }, new[] { 8192 })]
    [InlineData(30_000, new[] { 0, 100, 29_000 }, new[] { 100, 29_000, 30_000 })]
    [InlineData(0, new int[0], new int[0])]
    public void Divides_BeforeElements(int count, int[] starts, int[] expected)
    {
        List<int> ends = [1];

        WholeWrites.Divide(count, [.. starts], ends);

        Assert.Equal(expected, ends);
    }

    [Fact]
    public void NoElementIsCut_AndNoPieceOfSeveralIsLong() => Prop.ForAll(ArbMap.Default.ArbFor<PositiveInt[]>(), lengths =>
    {
        List<int> starts = [0];
        foreach (var length in lengths)
        {
            starts.Add(starts[^1] + (length.Get * 397 % 12_000) + 1);
        }

        var count = starts[^1];
        starts.RemoveAt(starts.Count - 1);
        List<int> ends = [];

        WholeWrites.Divide(count, starts, ends);

        var begins = ends.Prepend(0).SkipLast(1).ToList();
        return ends.SkipLast(1).All(starts.Contains)
            && (count == 0 ? ends.Count == 0 : ends[^1] == count)
            && begins.Zip(ends).All(p => p.Second > p.First && (p.Second - p.First <= WholeWrites.MaxPiece || starts.Count(s => s >= p.First && s < p.Second) == 1));
    }).Holds();
}
