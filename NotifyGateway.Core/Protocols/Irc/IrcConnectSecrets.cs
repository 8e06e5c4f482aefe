namespace NotifyGateway.Core.Protocols.Irc;

/// <summary>Finds what is secret in lines of IRC that a user has written for a server: <c>OPER name password</c>, <c>PRIVMSG NickServ :IDENTIFY password</c>, <c>JOIN #channel key</c>.</summary>
internal static class IrcConnectSecrets
{
    /// <summary>Words of which the line's last one is a password.</summary>
    private static readonly string[] Logins =
        ["OPER", "PASS", "AUTH", "IDENTIFY", "ID", "LOGIN", "LOGON", "REGISTER", "REGAIN", "GHOST", "RECOVER", "RELEASE", "AUTHENTICATE", "CHALLENGE", "VHOST", "WEBIRC"];

    /// <summary>The secret words of a line; none for one that is not known to hold any.</summary>
    public static IEnumerable<string> Of(string line)
    {
        var words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(w => w.TrimStart(':')).Where(w => w.Length > 0).ToArray();
        if (words is [var join, _, var keys, ..] && Is(join, "JOIN"))
        {
            return keys.Split(',', StringSplitOptions.RemoveEmptyEntries);
        }

        if (words is [var mode, _, ['+', ..] modes, .. { Length: > 0 }] && Is(mode, "MODE") && modes.Contains('k', StringComparison.Ordinal))
        {
            return words[3..];
        }

        var login = Array.FindIndex(words, w => Array.Exists(Logins, l => Is(w, l)));
        return login >= 0 && login < words.Length - 1 ? [words[^1]] : [];
    }

    private static bool Is(string word, string other) => word.Equals(other, StringComparison.OrdinalIgnoreCase);
}
