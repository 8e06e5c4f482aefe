using NotifyGateway.Tests.Support;

namespace NotifyGateway.Tests.Sessions;

/// <summary>What a polite server says; a test says the rest itself.</summary>
internal static class IrcScript
{
    public const string Host = "host.example";

    /// <summary>Login up to the end of the MOTD, and past what the client sends on its own.</summary>
    public static async Task<PeerConnection> WelcomeAsync(this ScriptedPeer peer, string nick = "gateway", string isupport = "CHANLIMIT=#:18")
    {
        var connection = await peer.AcceptAsync();
        await connection.ExpectAsync("CAP LS 302");
        await connection.ExpectEventuallyAsync(l => string.Equals(l, $"NICK {nick}", StringComparison.Ordinal), $"NICK {nick}");
        await connection.ExpectAsync(l => l.StartsWith("USER ", StringComparison.Ordinal), "USER");
        await connection.SendAsync(
            ":srv CAP * LS :multi-prefix", $":srv 001 {nick} :Welcome", $":srv 005 {nick} {isupport} CASEMAPPING=ascii :are supported by this server", $":srv 376 {nick} :End");
        await connection.ExpectAsync("CAP END");
        await connection.ExpectAsync($"USERHOST {nick}");
        var barrier = await connection.ExpectAsync(l => l.StartsWith("PING ", StringComparison.Ordinal), "the login's barrier");
        await connection.SendAsync($":srv 302 {nick} :{nick}=+{nick}@{Host}");
        await connection.PongAsync(barrier[5..]);
        return connection;
    }

    /// <summary>Expects the JOIN and lets it in.</summary>
    public static async Task JoinAsync(this PeerConnection connection, string channel, string nick = "gateway", string? key = null)
    {
        await connection.ExpectAsync(key is null ? $"JOIN {channel}" : $"JOIN {channel} {key}");
        await connection.SendAsync($":{nick}!{nick}@{Host} JOIN {channel}", $":srv 353 {nick} = {channel} :{nick}", $":srv 366 {nick} {channel} :End");
    }

    /// <summary>Expects one message and the barrier behind it; returns the barrier's token.</summary>
    public static async Task<string> MessageAsync(this PeerConnection connection, string target, string text)
    {
        await connection.ExpectAsync($"PRIVMSG {target} :{text}");
        var ping = await connection.ExpectAsync(l => l.StartsWith("PING ", StringComparison.Ordinal), "the barrier");
        return ping[5..];
    }

    public static Task PongAsync(this PeerConnection connection, string token) => connection.SendAsync($":srv PONG srv :{token}");

    /// <summary>Expects one message and proves it.</summary>
    public static async Task ProveAsync(this PeerConnection connection, string target, string text) =>
        await connection.PongAsync(await connection.MessageAsync(target, text));
}
