using System.Text.Json.Nodes;
using NotifyGateway.Tests.Support;
using Xunit;

namespace NotifyGateway.Tests.Acceptance;

/// <summary>What the tests of one class share: a real IRC server, and a gateway whose network <c>net</c> it is.</summary>
public abstract class House : IAsyncLifetime
{
    internal NgircdServer Server { get; private set; } = null!;

    internal Installation Gateway { get; private set; } = null!;

    /// <summary>For <c>{ "to": … }</c>: the server's address as a URL, with a slash at its end.</summary>
    internal string Url => $"irc://127.0.0.1:{Server.Port}/";

    private protected virtual NgircdOptions Options => new();

    public async ValueTask InitializeAsync()
    {
        Server = await NgircdServer.StartAsync(Options);
        await ArriveAsync();
        Gateway = await Installation.StartAsync(Networks(), Change);
        await SettleAsync();
    }

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        await LeaveAsync();
        if (Gateway is not null)
        {
            await Gateway.DisposeAsync();
        }

        if (Server is not null)
        {
            await Server.DisposeAsync();
        }
    }

    private protected virtual JsonObject Networks() => new() { ["net"] = Installation.Network(Server.Port) };

    private protected virtual void Change(JsonObject settings)
    {
    }

    /// <summary>Before the gateway starts.</summary>
    private protected virtual Task ArriveAsync() => Task.CompletedTask;

    /// <summary>When the gateway is ready.</summary>
    private protected virtual Task SettleAsync() => Task.CompletedTask;

    private protected virtual Task LeaveAsync() => Task.CompletedTask;
}
