using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Text;
using Xunit;

namespace NotifyGateway.Tests.Support;

/// <summary>A PRIVMSG or NOTICE that a watcher has seen. <paramref name="Nick"/> is the sender's.</summary>
internal sealed record WatchedMessage(string Prefix, string Command, string Target, string Text)
{
    public string Nick => Prefix.Split('!')[0];
}

/// <summary>
/// An IRC client that sees what really arrives. It shares no code with the gateway, so that both cannot be wrong in the same way.
/// Raw lines are Latin-1, one char a byte; texts of messages are read as UTF-8.
/// </summary>
internal sealed class IrcWatcher : IAsyncDisposable
{
    private readonly Stream _stream;
    private readonly Task _reading;
    private readonly CancellationTokenSource _stop = new();

    private IrcWatcher(Stream stream, string nick)
    {
        _stream = stream;
        Nick = nick;
        Lines = new Journal<string>($"watcher {nick}");
        Messages = new Journal<WatchedMessage>($"watcher {nick}");
        _reading = ReadAsync();
    }

    public string Nick { get; }

    /// <summary>Every raw line of the server.</summary>
    public Journal<string> Lines { get; }

    /// <summary>Every PRIVMSG and NOTICE of a client, in order.</summary>
    public Journal<WatchedMessage> Messages { get; }

    /// <summary>Connects, registers, and joins.</summary>
    public static async Task<IrcWatcher> ConnectAsync(int port, string nick, params string[] channels) =>
        await ConnectAsync(port, nick, null, false, channels);

    /// <inheritdoc cref="ConnectAsync(int, string, string[])"/>
    /// <param name="port">On 127.0.0.1.</param>
    /// <param name="nick">The nick; a watcher does not look for another when it is taken.</param>
    /// <param name="password">The server's, if it has one.</param>
    /// <param name="tls">Speaks TLS; any certificate is good.</param>
    /// <param name="channels">Each <c>#name</c> or <c>#name key</c>.</param>
    public static async Task<IrcWatcher> ConnectAsync(int port, string nick, string? password, bool tls, params string[] channels)
    {
        var watcher = await OpenAsync(port, nick, tls);
        if (password is not null)
        {
            await watcher.SendAsync($"PASS {password}");
        }

        await watcher.SendAsync($"NICK {nick}", $"USER {nick} 0 * :watcher");
        await watcher.NumericAsync("001");
        foreach (var channel in channels)
        {
            await watcher.JoinAsync(channel);
        }

        return watcher;
    }

    /// <summary>Connects and says nothing, for tests that register in their own way.</summary>
    public static async Task<IrcWatcher> OpenAsync(int port, string nick = "?", bool tls = false)
    {
        var client = new TcpClient { NoDelay = true };
        await client.ConnectAsync(IPAddress.Loopback, port).Within();
        Stream stream = client.GetStream();
        if (tls)
        {
            var secured = new SslStream(stream);
#pragma warning disable CA5359 // a watcher only looks
            await secured.AuthenticateAsClientAsync(new SslClientAuthenticationOptions
            {
                TargetHost = "localhost",
                RemoteCertificateValidationCallback = (_, _, _, _) => true,
            }).Within();
#pragma warning restore CA5359
            stream = secured;
        }

        return new IrcWatcher(stream, nick);
    }

    /// <summary>Joins <c>#name</c> or <c>#name key</c>; returns when the server has confirmed it.</summary>
    public async Task JoinAsync(string channel)
    {
        var from = Lines.Entries.Count;
        await SendAsync($"JOIN {channel}");
        var name = channel.Split(' ')[0];
        var answer = await Lines.FirstAsync(
            line => Words(line) is [_, "366" or ['4', _, _], _, var about, ..] && Same(about, name), $"the answer to JOIN {name}", from: from);
        Assert.True(Words(answer)[1] is "366", answer);
    }

    /// <summary>Kicks; returns when the channel has seen it.</summary>
    public async Task KickAsync(string channel, string nick, string reason = "out") =>
        await SendAndSeeAsync($"KICK {channel} {nick} :{reason}", words => words is [_, "KICK", var where, var who, ..] && Same(where, channel) && Same(who, nick));

    /// <summary>Sets modes; returns when the channel has seen it.</summary>
    public async Task ModeAsync(string channel, string modes) =>
        await SendAndSeeAsync($"MODE {channel} {modes}", words => words is [_, "MODE", var where, ..] && Same(where, channel));

    /// <summary>Becomes an IRC operator.</summary>
    public async Task OperAsync(string name, string password) => await SendAndSeeAsync($"OPER {name} {password}", words => words is [_, "381", ..]);

    public Task SayAsync(string target, string text) => SendAsync($"PRIVMSG {target} :{text}");

    /// <summary>Sends raw lines, as UTF-8.</summary>
    public async Task SendAsync(params string[] lines) =>
        await _stream.WriteAsync(Encoding.UTF8.GetBytes(string.Concat(lines.Select(line => line + "\r\n"))), _stop.Token);

    public async Task SendRawAsync(ReadOnlyMemory<byte> bytes) => await _stream.WriteAsync(bytes, _stop.Token);

    /// <summary>The first numeric of that kind.</summary>
    public Task<string> NumericAsync(string numeric, int from = 0) =>
        Lines.FirstAsync(line => Words(line) is [_, var command, ..] && Same(command, numeric), $"numeric {numeric}", from: from);

    /// <summary>The first so many messages to the target; fails with all that was seen.</summary>
    public Task<IReadOnlyList<WatchedMessage>> MessagesAsync(string target, int count, TimeSpan? limit = null) =>
        Messages.CollectAsync(message => Same(message.Target, target), count, $"messages to {target}", limit);

    /// <summary>Proves that everything which the server had for us until now has been seen: asks it, and waits for its answer.</summary>
    public async Task SettleAsync()
    {
        var token = Guid.NewGuid().ToString("N");
        await SendAsync($"PING :{token}");
        await Lines.FirstAsync(line => line.Contains("PONG", StringComparison.Ordinal) && line.EndsWith(token, StringComparison.Ordinal), "PONG");
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _stream.DisposeAsync();
        await _reading;
        _stop.Dispose();
    }

    private async Task SendAndSeeAsync(string command, Func<string[], bool> seen)
    {
        var from = Lines.Entries.Count;
        await SendAsync(command);
        await Lines.FirstAsync(line => seen(Words(line)), $"the effect of {command}", from: from);
    }

    // A server says a channel's name as its first member wrote it.
    private static bool Same(string one, string other) => string.Equals(one, other, StringComparison.OrdinalIgnoreCase);

    private async Task ReadAsync()
    {
        using var reader = new StreamReader(_stream, Encoding.Latin1);
        var reason = "the server has closed the connection";
        try
        {
            while (await reader.ReadLineAsync(_stop.Token) is { } line)
            {
                if (line.StartsWith("PING ", StringComparison.Ordinal))
                {
                    await SendAsync("PONG " + line[5..]);
                }

                See(line);
            }
        }
        catch (Exception over) when (over is IOException or ObjectDisposedException or OperationCanceledException)
        {
            reason = over.Message;
        }

        Lines.End(reason);
        Messages.End(reason);
    }

    private void See(string line)
    {
        // The message first: who has waited for the line finds it.
        if (Words(line) is [var prefix, "PRIVMSG" or "NOTICE", var target, var text] && prefix.Contains('!', StringComparison.Ordinal))
        {
            Messages.Add(new WatchedMessage(prefix, Words(line)[1], target, Encoding.UTF8.GetString(Encoding.Latin1.GetBytes(text))));
        }

        Lines.Add(line);
    }

    /// <summary>Prefix without colon, or empty; command; parameters.</summary>
    private static string[] Words(string line)
    {
        var words = new List<string>();
        if (!line.StartsWith(':'))
        {
            words.Add("");
        }

        var rest = line.TrimStart(':');
        var trailing = rest.IndexOf(" :", StringComparison.Ordinal);
        words.AddRange((trailing < 0 ? rest : rest[..trailing]).Split(' ', StringSplitOptions.RemoveEmptyEntries));
        if (trailing >= 0)
        {
            words.Add(rest[(trailing + 2)..]);
        }

        return [.. words];
    }
}
