namespace NotifyGateway.Api.Sandbox;

/// <summary>Channels, and the questions that clients ask about them and about each other.</summary>
internal sealed partial class SandboxNetwork
{
    private void Join(SandboxClient client, string name)
    {
        if (!SandboxNames.IsChannel(name))
        {
            Reply(client, "403", $"{name} :No such channel");
            return;
        }

        var channel = _channels.GetValueOrDefault(SandboxNames.Fold(name));
        if (channel is not null && client.Channels.Contains(channel))
        {
            return;
        }

        if (client.Channels.Count >= SandboxLimits.ChannelsPerClient)
        {
            Reply(client, "405", $"{name} :You have joined too many channels");
            return;
        }

        channel ??= _channels[SandboxNames.Fold(name)] = new SandboxChannel(name);
        channel.Members.Add(client);
        client.Channels.Add(channel);
        SendToChannel(channel, $":{client.Prefix} JOIN {channel.Name}");
        if (channel.Topic.Length > 0)
        {
            Reply(client, "332", $"{channel.Name} :{channel.Topic}");
        }

        Names(client, channel.Name);
    }

    private void Part(SandboxClient client, string name, SandboxLine line)
    {
        if (Joined(client, name) is { } channel)
        {
            SendToChannel(channel, $":{client.Prefix} PART {channel.Name}" + (line.Parameters.Length > 1 ? $" :{line.Parameters[1]}" : ""));
            client.Channels.Remove(channel);
            Leave(client, channel);
        }
    }

    private void Topic(SandboxClient client, SandboxLine line)
    {
        if (Joined(client, line.Target) is not { } channel)
        {
            return;
        }

        if (line.Parameters.Length > 1)
        {
            channel.Topic = line.Parameters[1];
            SendToChannel(channel, $":{client.Prefix} TOPIC {channel.Name} :{channel.Topic}");
        }
        else if (channel.Topic.Length > 0)
        {
            Reply(client, "332", $"{channel.Name} :{channel.Topic}");
        }
        else
        {
            Reply(client, "331", $"{channel.Name} :No topic is set");
        }
    }

    /// <summary>The channel, if it exists and the client is in it; else the client is told.</summary>
    private SandboxChannel? Joined(SandboxClient client, string name)
    {
        if (_channels.GetValueOrDefault(SandboxNames.Fold(name)) is not { } channel)
        {
            Reply(client, "403", $"{name} :No such channel");
            return null;
        }

        if (!client.Channels.Contains(channel))
        {
            Reply(client, "442", $"{name} :You're not on that channel");
            return null;
        }

        return channel;
    }

    // Nothing can be set: there are no operators. Clients ask for the modes and the ban list after each JOIN.
    private void Mode(SandboxClient client, SandboxLine line)
    {
        var target = line.Target;
        var change = line.Parameters.Length > 1 ? line.Parameters[1] : "";
        if (!target.StartsWith('#'))
        {
            if (Find(target) == client)
            {
                Reply(client, "221", "+");
            }
            else
            {
                Reply(client, "502", ":Cannot change mode for other users");
            }
        }
        else if (!_channels.TryGetValue(SandboxNames.Fold(target), out var channel))
        {
            Reply(client, "403", $"{target} :No such channel");
        }
        else if (change.Length == 0)
        {
            Reply(client, "324", $"{channel.Name} +n");
        }
        else if (change is "b" or "+b" && line.Parameters.Length == 2)
        {
            Reply(client, "368", $"{channel.Name} :End of channel ban list");
        }
        else
        {
            Reply(client, "482", $"{channel.Name} :You're not channel operator");
        }
    }

    private void Names(SandboxClient client, string name)
    {
        if (_channels.TryGetValue(SandboxNames.Fold(name), out var channel))
        {
            name = channel.Name;
            foreach (var some in channel.Members.Chunk(12))
            {
                Reply(client, "353", $"= {name} :{string.Join(' ', some.Select(member => member.Nick))}");
            }
        }

        Reply(client, "366", $"{name} :End of NAMES list");
    }

    private void List(SandboxClient client, SandboxLine line)
    {
        var asked = line.Target.Split(',', StringSplitOptions.RemoveEmptyEntries).Select(SandboxNames.Fold).ToHashSet(StringComparer.Ordinal);
        foreach (var (folded, channel) in _channels)
        {
            if (asked.Count == 0 || asked.Contains(folded))
            {
                Reply(client, "322", $"{channel.Name} {channel.Members.Count} :{channel.Topic}");
            }
        }

        Reply(client, "323", ":End of LIST");
    }

    private void Who(SandboxClient client, string mask)
    {
        if (_channels.TryGetValue(SandboxNames.Fold(mask), out var channel))
        {
            channel.Members.ForEach(member => Describe(channel.Name, member));
        }
        else if (Find(mask) is { } found)
        {
            Describe("*", found);
        }

        Reply(client, "315", $"{(mask.Length > 0 ? mask : "*")} :End of WHO list");

        void Describe(string where, SandboxClient member) =>
            Reply(client, "352", $"{where} {member.User} {member.Host} {Name} {member.Nick} H :0 {member.RealName}");
    }

    private void Whois(SandboxClient client, string nick)
    {
        if (Find(nick) is { } found)
        {
            Reply(client, "311", $"{found.Nick} {found.User} {found.Host} * :{found.RealName}");
            Reply(client, "312", $"{found.Nick} {Name} :{Version}");
            foreach (var some in found.Channels.Chunk(8))
            {
                Reply(client, "319", $"{found.Nick} :{string.Join(' ', some.Select(channel => channel.Name))}");
            }
        }
        else
        {
            Reply(client, "401", $"{nick} :No such nick/channel");
        }

        Reply(client, "318", $"{nick} :End of WHOIS list");
    }

    private void UserHost(SandboxClient client, SandboxLine line)
    {
        var found = line.Parameters.Take(5).Select(Find).OfType<SandboxClient>();
        Reply(client, "302", ":" + string.Join(' ', found.Select(c => $"{c.Nick}=+{c.User}@{c.Host}")));
    }

    private void IsOn(SandboxClient client, SandboxLine line)
    {
        var found = line.Parameters.SelectMany(nicks => nicks.Split(' ', StringSplitOptions.RemoveEmptyEntries)).Select(Find).OfType<SandboxClient>();
        Reply(client, "303", ":" + string.Join(' ', found.Select(c => c.Nick)));
    }

    private void Motd(SandboxClient client)
    {
        Reply(client, "375", $":- {Name} -");
        Reply(client, "372", ":- A demonstration peer of the notification gateway. /join #alerts");
        Reply(client, "376", ":End of MOTD command");
    }
}
