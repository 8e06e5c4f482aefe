using System.Net;
using System.Net.Sockets;
using NotifyGateway.Core.Sessions;
using NotifyGateway.Tests.Support;
using Xunit;

namespace NotifyGateway.Tests.Sessions;

public sealed class AddressRaceTests
{
    private static readonly IPAddress Second = IPAddress.Parse("127.0.0.2");
    private static readonly IPAddress Third = IPAddress.Parse("127.0.0.3");

    [Theory]
    [InlineData("", "")]
    [InlineData("192.0.2.1", "192.0.2.1")]
    [InlineData("2001:db8::1 2001:db8::2 192.0.2.1 192.0.2.2", "2001:db8::1 192.0.2.1 2001:db8::2 192.0.2.2")]
    [InlineData("2001:db8::1 2001:db8::2 2001:db8::3 192.0.2.1", "2001:db8::1 192.0.2.1 2001:db8::2 2001:db8::3")]
    [InlineData("192.0.2.1 192.0.2.2 2001:db8::1", "192.0.2.1 2001:db8::1 192.0.2.2")]
    [InlineData("192.0.2.1 192.0.2.1 2001:db8::1 2001:db8::1", "192.0.2.1 2001:db8::1")]
    public void Families_TakeTurns_InTheResolversOrder(string resolved, string tried) => Assert.Equal(
        tried, string.Join(' ', AddressRace.Interleave(resolved.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(IPAddress.Parse))));

    [Fact]
    public async Task AddressThatIsSilent_HoldsUpTheNextFor250Milliseconds()
    {
        using var hole = await BlackHole.StartAsync();
        await using var peer = ScriptedPeer.Start(new IPEndPoint(Second, hole.Port));
        var time = new ManualTime();
        var race = new AddressRace([IPAddress.Loopback, Second], hole.Port, null, time);
        var running = race.RunAsync(TestContext.Current.CancellationToken);

        time.Advance(TimeSpan.FromMilliseconds(249));
        Assert.False(running.IsCompleted);
        Assert.Equal(0, peer.Connections);
        time.Advance(TimeSpan.FromMilliseconds(1));

        using var socket = await running.Within();
        Assert.Equal(Second, ((IPEndPoint)socket!.RemoteEndPoint!).Address);
        Assert.Null(race.Faults);
    }

    [Fact]
    public async Task AddressThatRefuses_HoldsUpNothing()
    {
        await using var peer = ScriptedPeer.Start(new IPEndPoint(Second, 0));
        var race = new AddressRace([IPAddress.Loopback, Second], peer.Port, null, new ManualTime());

        using var socket = await race.RunAsync(TestContext.Current.CancellationToken).Within();

        Assert.Equal(Second, ((IPEndPoint)socket!.RemoteEndPoint!).Address);
        Assert.Equal("connection refused (127.0.0.1)", race.Faults);
    }

    [Fact]
    public async Task AddressBehindTheWinner_IsNotTried()
    {
        using var hole = await BlackHole.StartAsync();
        await using var peer = ScriptedPeer.Start(new IPEndPoint(Second, hole.Port));
        using var late = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        late.Bind(new IPEndPoint(Third, hole.Port));
        late.Listen();
        var time = new ManualTime();
        var running = new AddressRace([IPAddress.Loopback, Second, Third], hole.Port, null, time).RunAsync(TestContext.Current.CancellationToken);

        time.Advance(AddressRace.AttemptDelay);
        using var socket = await running.Within();
        time.Advance(AddressRace.AttemptDelay);

        Assert.Equal(Second, ((IPEndPoint)socket!.RemoteEndPoint!).Address);
        Assert.False(late.Poll(TimeSpan.Zero, SelectMode.SelectRead));
    }

    [Fact]
    public async Task AllThatFail_AreInTheReason_Shortened()
    {
        var port = FreePort.Next();
        var addresses = Enumerable.Range(1, 6).Select(i => IPAddress.Parse($"127.0.0.{i}")).Append(IPAddress.Parse("255.255.255.255")).ToList();
        var race = new AddressRace(addresses, port, null, new ManualTime());

        Assert.Null(await race.RunAsync(TestContext.Current.CancellationToken).Within());

        Assert.StartsWith("connection refused (127.0.0.1, 127.0.0.2, 127.0.0.3, 127.0.0.4 and 2 more); ", race.Faults, StringComparison.Ordinal);
        Assert.EndsWith("(255.255.255.255)", race.Faults, StringComparison.Ordinal);
    }

    [Fact]
    public async Task OnlyAddress_NeedsNoName()
    {
        var race = new AddressRace([IPAddress.Loopback], FreePort.Next(), null, new ManualTime());

        Assert.Null(await race.RunAsync(TestContext.Current.CancellationToken).Within());
        Assert.Equal("connection refused", race.Faults);
    }

    [Fact]
    public async Task Cancelled_Ends()
    {
        using var hole = await BlackHole.StartAsync();
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        var running = new AddressRace([IPAddress.Loopback, IPAddress.Loopback], hole.Port, null, new ManualTime()).RunAsync(stop.Token);

        await stop.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running.Within());
    }

    [Fact]
    public async Task LocalAddress_IsWhereConnectionsComeFrom()
    {
        await using var peer = ScriptedPeer.Start();
        using var socket = await new AddressRace([IPAddress.Loopback], peer.Port, Third, new ManualTime()).RunAsync(TestContext.Current.CancellationToken).Within();

        Assert.NotNull(socket);
        Assert.Equal(Third, (await peer.AcceptAsync()).Remote.Address);
    }

    [Fact]
    public async Task LocalAddress_ThatIsNotOurs_IsSaid()
    {
        // RFC 5737: for documentation, nobody's.
        var race = new AddressRace([IPAddress.Loopback], FreePort.Next(), IPAddress.Parse("192.0.2.7"), new ManualTime());

        Assert.Null(await race.RunAsync(TestContext.Current.CancellationToken).Within());
        Assert.Equal("192.0.2.7 is no address of this machine", race.Faults);
    }
}
