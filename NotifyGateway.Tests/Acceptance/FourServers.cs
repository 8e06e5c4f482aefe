using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;
using NotifyGateway.Tests.Support;
using NotifyGateway.Tests.Support.Servers;
using Xunit;
using Xunit.Sdk;

namespace NotifyGateway.Tests.Acceptance;

/// <summary>One of the four, and the wire over which the gateway reaches it. The gateway's network is called as its software.</summary>
internal sealed record ServerPlace(IrcServer Server, Wire Wire)
{
    public string Network => Server.Software;

    /// <summary>For <c>{ "to": … }</c>: the address as a URL, with a slash at its end.</summary>
    public string Url => string.Create(CultureInfo.InvariantCulture, $"irc://127.0.0.1:{Wire.Port}/");

    public Task<IrcWatcher> WatcherAsync(string nick, params string[] channels) => IrcWatcher.ConnectAsync(Server.Port, nick, channels);
}

/// <summary>
/// The four real servers and one gateway that has them as networks. What a test does with one, it does with all at the same time, since some
/// are slow by design; each case of its theory tells how one of them went.
/// </summary>
public abstract class FourServers : IAsyncLifetime
{
    private readonly Dictionary<string, ServerPlace> _places = [];
    private readonly Dictionary<string, SemaphoreSlim> _turns = [];
    private readonly Dictionary<(string Scenario, string Software), Task<string>> _scenarios = [];

    public static TheoryData<string> Software { get; } = new(IrcServer.AllSoftware);

    internal Installation Gateway { get; private set; } = null!;

    internal IEnumerable<ServerPlace> Places => _places.Values;

    private protected virtual ServerOptions Options => new();

    public async ValueTask InitializeAsync()
    {
        foreach (var software in IrcServer.AllSoftware)
        {
            var server = IrcServer.Prepare(software, Options);
            _places[software] = new ServerPlace(server, new Wire(server.Port));
            _turns[software] = new SemaphoreSlim(1);
        }

        Gateway = new Installation(new JsonObject(_places.Values.SelectMany(Networks).Select(n => KeyValuePair.Create(n.Name, (JsonNode?)n.Network))), Change);
        await SettleAsync();
    }

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        // A filter may have left out the cases that would have waited for them; how they went is nobody's concern then.
        await Task.WhenAll(_scenarios.Values).ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
        await LeaveAsync();
        if (Gateway is not null)
        {
            await Gateway.DisposeAsync();
        }

        foreach (var place in _places.Values)
        {
            await place.Wire.DisposeAsync();
            await place.Server.DisposeAsync();
        }
    }

    /// <summary>
    /// Runs a scenario with all four, unless it runs already; returns when it is over with this one, with what is worth telling. A server is in
    /// one scenario at a time.
    /// </summary>
    internal Task<string> EachAsync(string software, Func<ServerPlace, Task<string>> scenario, [CallerMemberName] string name = "")
    {
        foreach (var other in IrcServer.AllSoftware)
        {
            if (!_scenarios.ContainsKey((name, other)))
            {
                _scenarios[(name, other)] = InTurnAsync(other, scenario);
            }
        }

        return _scenarios[(name, software)];
    }

    internal ServerPlace Place(string software) => _places[software];

    /// <summary>Starts all servers and lets the gateway reach them.</summary>
    private protected Task StartServersAsync(Func<ServerPlace, Task>? beforeTheGatewayArrives = null) => Task.WhenAll(_places.Values.Select(async place =>
    {
        await place.Server.StartAgainAsync();
        if (beforeTheGatewayArrives is not null)
        {
            await beforeTheGatewayArrives(place);
        }

        place.Wire.Plug();
    }));

    /// <summary>The gateway's networks on a server.</summary>
    private protected virtual IEnumerable<(string Name, JsonObject Network)> Networks(ServerPlace place) => [(place.Network, Installation.Network(place.Wire.Port))];

    private protected virtual void Change(JsonObject settings)
    {
    }

    /// <summary>Starts the servers and the gateway, in the order that the test is about.</summary>
    private protected abstract Task SettleAsync();

    private protected virtual Task LeaveAsync() => Task.CompletedTask;

    private async Task<string> InTurnAsync(string software, Func<ServerPlace, Task<string>> scenario)
    {
        await _turns[software].WaitAsync();
        try
        {
            return await scenario(_places[software]);
        }
        catch (XunitException failure) when (Gateway.Process.IsRunning)
        {
            var sessions = (await Gateway.SessionsAsync()).Where(s => s!.Text("name")!.StartsWith(software, StringComparison.Ordinal));
            throw new XunitException($"{failure.Message}\nThe gateway says: {string.Join('\n', sessions.Select(s => s!.ToJsonString()))}", failure);
        }
        finally
        {
            _turns[software].Release();
        }
    }
}
