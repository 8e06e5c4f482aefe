namespace NotifyGateway.Api.Sandbox;

/// <summary>All state of the sandbox: who is here, in which channels, and what follows from a line. Belongs to the server's owner loop.</summary>
internal sealed partial class SandboxNetwork(SandboxLimits limits, ILogger logger, TimeProvider time)
{
    private const string Name = "sandbox.localhost";
    private const string Version = "notify-gateway-sandbox";

    private readonly HashSet<SandboxClient> _clients = [];
    private readonly Dictionary<string, SandboxClient> _nicks = new(StringComparer.Ordinal);
    private readonly Dictionary<string, SandboxChannel> _channels = new(StringComparer.Ordinal);
    private readonly List<SandboxClient> _slow = [];

    public void Handle(SandboxEvent happened)
    {
        switch (happened)
        {
            case { Kind: SandboxEventKind.Tick }:
                KeepAlive();
                break;
            case { Kind: SandboxEventKind.Connected, Client: { } client }:
                Welcome(client);
                break;
            case { Client: { IsGone: false } client }:
                Hear(client, happened);
                break;
        }

        // While lines are handed out the lists of members must stand still: who read too slowly goes afterwards.
        while (_slow.Count > 0)
        {
            var slow = _slow[^1];
            _slow.RemoveAt(_slow.Count - 1);
            Remove(slow, "SendQ exceeded");
            slow.Link.Abort();
        }
    }

    private void Welcome(SandboxClient client)
    {
        if (_clients.Count >= limits.Clients)
        {
            logger.Refused(client.Host, limits.Clients);
            Expel(client, "Too many clients");
            return;
        }

        _clients.Add(client);
    }

    private void Hear(SandboxClient client, SandboxEvent happened)
    {
        client.HeardAt = time.GetTimestamp();
        client.PingedAt = null;
        switch (happened.Kind)
        {
            case SandboxEventKind.Closed:
                Remove(client, happened.Text);
                client.Link.Close();
                break;
            case SandboxEventKind.LineTooLong:
                Reply(client, "417", ":Input line was too long");
                break;
            default:
                if (SandboxLine.TryParse(happened.Text, out var line))
                {
                    Obey(client, line);
                }

                break;
        }
    }

    private void KeepAlive()
    {
        foreach (var client in _clients.ToArray())
        {
            if (client.PingedAt is { } pinged)
            {
                if (time.GetElapsedTime(pinged) >= limits.PongWithin)
                {
                    Expel(client, "Ping timeout");
                }
            }
            else if (time.GetElapsedTime(client.HeardAt) >= limits.PingAfter)
            {
                if (client.IsRegistered)
                {
                    client.PingedAt = time.GetTimestamp();
                    Send(client, $"PING :{Name}");
                }
                else
                {
                    Expel(client, "Registration timed out");
                }
            }
        }
    }

    /// <summary>Says goodbye to a client and closes its connection.</summary>
    private void Expel(SandboxClient client, string reason)
    {
        Send(client, $"ERROR :Closing Link: {client.Host} ({reason})");
        Remove(client, reason);
        client.Link.Close();
    }

    private void Remove(SandboxClient client, string reason)
    {
        if (client.IsGone)
        {
            return;
        }

        client.IsGone = true;
        _clients.Remove(client);
        if (client.IsRegistered)
        {
            SendToPeers(client, $":{client.Prefix} QUIT :{reason}", andItself: false);
            logger.Gone(client.Nick!, reason);
        }

        foreach (var channel in client.Channels)
        {
            Leave(client, channel);
        }

        client.Channels.Clear();
        if (client.Nick is { } nick)
        {
            _nicks.Remove(SandboxNames.Fold(nick));
        }
    }

    /// <summary>Takes a client from a channel's list. A channel without members is no more.</summary>
    private void Leave(SandboxClient client, SandboxChannel channel)
    {
        channel.Members.Remove(client);
        if (channel.Members.Count == 0)
        {
            _channels.Remove(SandboxNames.Fold(channel.Name));
        }
    }

    private void Send(SandboxClient client, string line)
    {
        if (!client.Link.Send(line))
        {
            _slow.Add(client);
        }
    }

    private void Reply(SandboxClient client, string numeric, string rest) => Send(client, $":{Name} {numeric} {client.Addressee} {rest}");

    private void SendToChannel(SandboxChannel channel, string line, SandboxClient? except = null)
    {
        foreach (var member in channel.Members)
        {
            if (member != except)
            {
                Send(member, line);
            }
        }
    }

    /// <summary>Tells everybody who shares a channel with the client, each once.</summary>
    private void SendToPeers(SandboxClient client, string line, bool andItself)
    {
        var peers = client.Channels.SelectMany(channel => channel.Members).ToHashSet();
        peers.Remove(client);
        foreach (var peer in peers)
        {
            Send(peer, line);
        }

        if (andItself)
        {
            Send(client, line);
        }
    }
}
