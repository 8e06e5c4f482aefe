namespace NotifyGateway.Api.Sandbox;

/// <summary>Registration, messages and the dispatch of commands. Numerics are those of RFC 2812 section 5 and of the ISUPPORT draft.</summary>
internal sealed partial class SandboxNetwork
{
    private void Obey(SandboxClient client, SandboxLine line)
    {
        if (!client.IsRegistered && line.Command is not ("CAP" or "PASS" or "NICK" or "USER" or "PING" or "PONG" or "QUIT"))
        {
            Reply(client, "451", ":You have not registered");
            return;
        }

        if (line.Parameters.Length < Required(line.Command))
        {
            Reply(client, "461", $"{line.Command} :Not enough parameters");
            return;
        }

        switch (line.Command)
        {
            case "CAP": Negotiate(client, line); break;
            case "PASS" or "PONG": break;   // no password is asked for; a PONG was noted as every line is
            case "NICK": Rename(client, line); break;
            case "USER": Introduce(client, line); break;
            case "PING": Answer(client, line); break;
            case "QUIT": Expel(client, line.Parameters.Length > 0 ? $"Quit: {line.Target}" : "Quit"); break;
            case "PRIVMSG" or "NOTICE": Relay(client, line); break;
            case "JOIN": EachOf(line.Target, name => Join(client, name)); break;
            case "PART": EachOf(line.Target, name => Part(client, name, line)); break;
            case "TOPIC": Topic(client, line); break;
            case "MODE": Mode(client, line); break;
            case "NAMES": EachOf(line.Target, name => Names(client, name)); break;
            case "LIST": List(client, line); break;
            case "WHO": Who(client, line.Target); break;
            case "WHOIS": Whois(client, line.Parameters[^1]); break;
            case "USERHOST": UserHost(client, line); break;
            case "ISON": IsOn(client, line); break;
            case "MOTD": Motd(client); break;
            default: Reply(client, "421", $"{line.Command} :Unknown command"); break;
        }
    }

    // Commands whose missing parameter has a numeric of its own (409, 411, 412, 431) are not here.
    private static int Required(string command) => command switch
    {
        "USER" => 4,
        "JOIN" or "PART" or "TOPIC" or "MODE" or "WHOIS" or "USERHOST" or "ISON" or "CAP" => 1,
        _ => 0,
    };

    private static void EachOf(string list, Action<string> act)
    {
        foreach (var name in list.Split(',', StringSplitOptions.RemoveEmptyEntries))
        {
            act(name);
        }
    }

    private void Negotiate(SandboxClient client, SandboxLine line)
    {
        var wanted = line.Parameters.Length > 1 ? line.Parameters[1] : "";
        switch (line.Target.ToUpperInvariant())
        {
            case "LS":
                client.IsNegotiating = !client.IsRegistered;
                Send(client, $":{Name} CAP {client.Addressee} LS :");
                break;
            case "LIST":
                Send(client, $":{Name} CAP {client.Addressee} LIST :");
                break;
            case "REQ":
                client.IsNegotiating = !client.IsRegistered;
                Send(client, $":{Name} CAP {client.Addressee} NAK :{wanted}");
                break;
            case "END":
                client.IsNegotiating = false;
                Register(client);
                break;
            default:
                Reply(client, "410", $"{line.Target} :Invalid CAP command");
                break;
        }
    }

    private void Rename(SandboxClient client, SandboxLine line)
    {
        var nick = line.Target;
        if (nick.Length == 0)
        {
            Reply(client, "431", ":No nickname given");
        }
        else if (!SandboxNames.IsNick(nick))
        {
            Reply(client, "432", $"{nick} :Erroneous nickname");
        }
        else if (_nicks.GetValueOrDefault(SandboxNames.Fold(nick)) is { } holder && holder != client)
        {
            Reply(client, "433", $"{nick} :Nickname is already in use");
        }
        else if (!string.Equals(nick, client.Nick, StringComparison.Ordinal))
        {
            if (client.IsRegistered)
            {
                SendToPeers(client, $":{client.Prefix} NICK :{nick}", andItself: true);
            }

            if (client.Nick is { } old)
            {
                _nicks.Remove(SandboxNames.Fold(old));
            }

            client.Nick = nick;
            _nicks.Add(SandboxNames.Fold(nick), client);
            Register(client);
        }
    }

    private void Introduce(SandboxClient client, SandboxLine line)
    {
        if (client.IsRegistered)
        {
            Reply(client, "462", ":You may not reregister");
            return;
        }

        // The user name becomes a part of the prefix: what could be read as another part of it is left out.
        var user = string.Concat(line.Target.Where(c => c is > ' ' and not ('!' or '@' or ':')).Take(10));
        client.User = user.Length > 0 ? user : "user";
        client.RealName = line.Parameters[3];
        Register(client);
    }

    private void Register(SandboxClient client)
    {
        if (client.IsRegistered || client.IsNegotiating || client.Nick is null || client.User is null)
        {
            return;
        }

        client.IsRegistered = true;
        logger.Registered(client.Nick, client.Host);
        Reply(client, "001", $":Welcome to the sandbox, {client.Prefix}");
        Reply(client, "002", $":Your host is {Name}, running {Version}");
        Reply(client, "003", ":This server was created when the gateway started");
        Reply(client, "004", $"{Name} {Version} i n");
        Reply(client, "005", $"NETWORK=sandbox CHANTYPES=# CASEMAPPING=rfc1459 NICKLEN={SandboxLimits.Nick} CHANNELLEN={SandboxLimits.ChannelName} "
            + $"CHANLIMIT=#:{SandboxLimits.ChannelsPerClient} CHANMODES=,,,n LINELEN={SandboxLimits.Line} :are supported by this server");
        Reply(client, "251", $":There are {_clients.Count(c => c.IsRegistered)} users on 1 server");
        Motd(client);
    }

    private void Answer(SandboxClient client, SandboxLine line)
    {
        if (line.Target.Length == 0)
        {
            Reply(client, "409", ":No origin specified");
            return;
        }

        Send(client, $":{Name} PONG {Name} :{line.Target}");
    }

    private void Relay(SandboxClient client, SandboxLine line)
    {
        // A NOTICE is never answered, not even by an error (RFC 2812 section 3.3.2).
        var answers = line.Command is "PRIVMSG";
        if (line.Target.Length == 0)
        {
            ReplyIf(answers, client, "411", $":No recipient given ({line.Command})");
        }
        else if (line.Parameters.Length < 2 || line.Parameters[1].Length == 0)
        {
            ReplyIf(answers, client, "412", ":No text to send");
        }
        else
        {
            EachOf(line.Target, target => Relay(client, line.Command, target, line.Parameters[1], answers));
        }
    }

    private void Relay(SandboxClient client, string command, string target, string text, bool answers)
    {
        var relayed = $":{client.Prefix} {command} {target} :{text}";
        if (target.StartsWith('#'))
        {
            if (_channels.GetValueOrDefault(SandboxNames.Fold(target)) is not { } channel)
            {
                ReplyIf(answers, client, "403", $"{target} :No such channel");
            }
            else if (!channel.Members.Contains(client))
            {
                ReplyIf(answers, client, "404", $"{target} :Cannot send to channel");
            }
            else
            {
                SendToChannel(channel, relayed, except: client);
            }
        }
        else if (Find(target) is { } other)
        {
            Send(other, relayed);
        }
        else
        {
            ReplyIf(answers, client, "401", $"{target} :No such nick/channel");
        }
    }

    private void ReplyIf(bool answers, SandboxClient client, string numeric, string rest)
    {
        if (answers)
        {
            Reply(client, numeric, rest);
        }
    }

    /// <summary>A registered client of that nick.</summary>
    private SandboxClient? Find(string nick) => _nicks.GetValueOrDefault(SandboxNames.Fold(nick)) is { IsRegistered: true } client ? client : null;
}
