using System.Net;
using FsCheck;
using FsCheck.Fluent;
using NotifyGateway.Core.Sessions.Srv;
using NotifyGateway.Tests.Support;
using Xunit;

namespace NotifyGateway.Tests.Sessions.Srv;

public sealed class SrvRecordTests
{
    [Fact]
    public void Order_IsByPriority_AndLosesNobody() => Prop.ForAll(
        Gen.Choose(0, 3).Zip(Gen.Choose(0, 65535)).ListOf().ToArbitrary(),
        Gen.Choose(0, int.MaxValue).ToArbitrary(),
        (numbers, seed) =>
        {
            SrvRecord[] records = [.. numbers.Select((n, i) => new SrvRecord((ushort)n.Item1, (ushort)n.Item2, (ushort)i, "h"))];
            var order = SrvRecord.InOrder(records, new Random(seed));
            return order.Select(r => r.Priority).SequenceEqual(records.Select(r => r.Priority).Order())
                && order.Select(r => r.Port).Order().SequenceEqual(records.Select(r => r.Port).Order());
        }).Holds();

    [Fact]
    public void FirstOne_IsDrawnByWeight()
    {
        var random = new Random(4711);
        SrvRecord[] records = [new(1, 60, 1, "a"), new(1, 30, 2, "b"), new(1, 10, 3, "c"), new(1, 0, 4, "d")];

        var first = Enumerable.Range(0, 10_000).Select(_ => SrvRecord.InOrder(records, random)[0].Port).CountBy(p => p).ToDictionary();

        Assert.InRange(first[1], 5700, 6300);
        Assert.InRange(first[2], 2700, 3300);
        Assert.InRange(first[3], 800, 1200);
        Assert.InRange(first[4], 50, 200); // one of 101: RFC 2782 leaves it a small chance
    }

    [Theory]
    [InlineData("", "127.0.0.1", 5, 2)]
    [InlineData("# nameserver 192.0.2.9\nnameserver 192.0.2.1\n nameserver\t2001:db8::1 \nnameserver nonsense\nsearch example.org\n", "192.0.2.1 2001:db8::1", 5, 2)]
    [InlineData("nameserver 192.0.2.1\r\nnameserver 192.0.2.2\r\nnameserver 192.0.2.3\r\nnameserver 192.0.2.4\r\n", "192.0.2.1 192.0.2.2 192.0.2.3", 5, 2)]
    [InlineData("options ndots:5 timeout:1 attempts:3 edns0\nnameserver 192.0.2.1", "192.0.2.1", 1, 3)]
    [InlineData("options timeout:0 attempts:99\noptions timeout:x", "127.0.0.1", 1, 5)]
    [InlineData("options timeout:3600\noptions attempts:-1", "127.0.0.1", 30, 2)]
    public void ResolverSettings_AreThoseOfResolvConf(string text, string servers, int timeout, int attempts)
    {
        var settings = ResolverSettings.Parse(text);

        Assert.Equal(servers.Split(' ').Select(IPAddress.Parse), settings.Servers);
        Assert.Equal((TimeSpan.FromSeconds(timeout), attempts), (settings.Timeout, settings.Attempts));
    }

    [Fact]
    public void ResolverFile_IsReadAgainWhenItChanged()
    {
        using var folder = new TempFolder();
        var file = new ResolverFile(folder["resolv.conf"]);
        Assert.Equal([IPAddress.Loopback], file.Current().Servers);

        folder.Write("resolv.conf", "nameserver 192.0.2.1\n");
        var first = file.Current();
        Assert.Equal([IPAddress.Parse("192.0.2.1")], first.Servers);
        Assert.Same(first, file.Current());

        folder.Write("resolv.conf", "nameserver 192.0.2.100\n");
        Assert.Equal([IPAddress.Parse("192.0.2.100")], file.Current().Servers);

        File.Delete(folder["resolv.conf"]);
        Assert.Equal([IPAddress.Loopback], file.Current().Servers);
    }
}
