using Microsoft.Extensions.DependencyInjection;
using NotifyGateway.Api.Http;
using NotifyGateway.Core;
using NotifyGateway.Core.Configuration;
using NotifyGateway.Core.Outbox;
using NotifyGateway.Core.Sessions;
using NotifyGateway.Tests.Http;

namespace NotifyGateway.Tests.Page;

/// <summary>A gateway for the page to look at: sessions as the test wants them, an outbox in memory.</summary>
internal sealed class PageHost(DoorHost doors, List<SessionStatus> sessions, List<string> reconnected, List<SessionBacklog> backlog) : IAsyncDisposable
{
    public static readonly DateTimeOffset Since = DateTimeOffset.UtcNow.AddHours(-2);

    /// <summary>Online, one channel, nothing waits.</summary>
    public static readonly SessionStatus Net =
        new("net", "irc", SessionState.Online, "bot", "irc.example.org:6697", Since, [new ChannelStatus("#ops", ChannelState.Joined, null)], 0, null, null);

    public DoorHost Doors { get; } = doors;

    /// <summary>Which sessions were told to connect anew.</summary>
    public List<string> Reconnected { get; } = reconnected;

    /// <summary>What waits for nobody: see <see cref="SessionBoard.Unserved"/>.</summary>
    public List<SessionBacklog> Backlog { get; } = backlog;

    public static async Task<PageHost> StartAsync(AnonymousAccess anonymous = AnonymousAccess.Loopback, params SessionStatus[] sessions)
    {
        List<SessionBacklog> backlog = [];
        var list = sessions.ToList();
        List<string> reconnected = [];
        var board = new SessionBoard(
            () =>
            {
                lock (list)
                {
                    return [.. list];
                }
            },
            name =>
            {
                lock (reconnected)
                {
                    reconnected.Add(name);
                }

                return true;
            })
        {
            Backlog = () => [.. backlog],
            Preview = (notification, destination, _, _) => new(new MessagePreview([$"PRIVMSG {destination.Address} :\u0002{notification.Text}"], Connected: true)),
        };
        var doors = await DoorHost.StartAsync(
            o => o with
            {
                Anonymous = anonymous,
                Hooks = new Dictionary<string, HookOptions>(StringComparer.OrdinalIgnoreCase)
                {
                    ["grafana"] = new() { Token = "token-of-grafana", To = ["#ops"] },
                    ["sealed"] = new() { TokenSha256 = new string('a', 64), To = ["#dev"], SigningSecret = "x" },
                },
            },
            board);
        doors.Services.GetRequiredService<Readiness>().MarkStarted();
        return new PageHost(doors, list, reconnected, backlog);
    }

    /// <summary>Replaces the session of this name, or adds it.</summary>
    public void Set(SessionStatus session)
    {
        lock (sessions)
        {
            sessions.RemoveAll(s => string.Equals(s.Name, session.Name, StringComparison.Ordinal));
            sessions.Add(session);
        }
    }

    /// <summary>Sends as the client of this secret (null: as nobody) and answers with the message's id.</summary>
    public async Task<string> SendAsync(string json, string? secret = null)
    {
        var answer = await Doors.PostJsonAsync("/api/v1/messages", json, secret is null ? [] : [$"Authorization: Bearer {secret}"]);
        return answer.Json.GetProperty("id").GetString()!;
    }

    public ValueTask DisposeAsync() => Doors.DisposeAsync();
}
