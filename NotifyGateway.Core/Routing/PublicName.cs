namespace NotifyGateway.Core.Routing;

/// <summary>A name as it may be repeated in an answer or a log: without credentials, key and control characters, and not endless.</summary>
public static class PublicName
{
    private const int MaxLength = 200;

    /// <summary>The name, fit to be shown: at most 200 UTF-16 units and an ellipsis.</summary>
    public static string Of(string name)
    {
        var shown = WithoutSecrets(name);
        if (shown.Length > MaxLength)
        {
            shown = string.Concat(shown.AsSpan(0, MaxLength), "…");
        }

        return shown.Any(char.IsControl) ? string.Concat(shown.Select(c => char.IsControl(c) ? '\uFFFD' : c)) : shown;
    }

    private static string WithoutSecrets(string name)
    {
        // Whoever forgets a part of an XMPP URI may still have written the room's password.
        if (name.IndexOf("password=", StringComparison.OrdinalIgnoreCase) is >= 0 and var password)
        {
            name = name[..password].TrimEnd('?', ';', '&');
        }

        if (XmppUri.IsMeant(name) && WithoutRoomPassword(name) is { } uri)
        {
            return uri;
        }

        var scheme = name.IndexOf("://", StringComparison.Ordinal);
        if (scheme < 0)
        {
            return name;
        }

        // A password may itself hold / ? # where its writer forgot to encode them: what stands before an @ is shown only if it
        // can be nothing else than a host, a port and a channel.
        var rest = name[(scheme + 3)..];
        var end = rest.AsSpan().IndexOfAny("/?#") is >= 0 and var found ? found : rest.Length;
        var colon = rest.AsSpan(0, end).LastIndexOf(':');
        var isPort = colon < 0 || colon < rest.AsSpan(0, end).LastIndexOf(']') || !rest.AsSpan(colon + 1, end - colon - 1).ContainsAnyExceptInRange('0', '9');
        if (!isPort || rest.AsSpan(0, end).Contains('@'))
        {
            var at = rest.LastIndexOf('@');
            rest = at < 0 ? string.Concat(rest.AsSpan(0, rest.IndexOf(':', StringComparison.Ordinal) + 1), "…") : rest[(at + 1)..];
        }

        var question = rest.IndexOf('?', StringComparison.Ordinal);
        return string.Concat(name.AsSpan(0, scheme + 3), question < 0 ? rest : rest.AsSpan(0, question));
    }

    /// <summary>Of a query only that it says <c>join</c>, and as whom. Null where a password may stand before it, as in no XMPP URI that is right.</summary>
    private static string? WithoutRoomPassword(string name)
    {
        var scheme = name.IndexOf(':', StringComparison.Ordinal) + 1;
        if (name.Contains("://", StringComparison.Ordinal) && name.IndexOf(':', scheme) >= 0)
        {
            return null;
        }

        var question = name.IndexOf('?', StringComparison.Ordinal);
        var query = question < 0 ? "" : name[question..];
        var isJoin = query.Equals("?join", StringComparison.OrdinalIgnoreCase) || query.StartsWith("?join;nick=", StringComparison.OrdinalIgnoreCase);
        return isJoin ? name : question < 0 ? name : name[..question];
    }
}
