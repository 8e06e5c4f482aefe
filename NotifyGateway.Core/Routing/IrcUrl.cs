namespace NotifyGateway.Core.Routing;

/// <summary>irkerd's destination: <c>irc[s]://[user:password@]host[:port]/channel[,isnick][?key=KEY|?KEY]</c>.</summary>
/// <param name="Server">Where.</param>
/// <param name="Target">The channel, with its prefix, or the nick; as written, percent-decoded.</param>
/// <param name="IsNick">The URL had <c>,isnick</c>.</param>
/// <param name="Key">The channel's key; null: none given.</param>
internal readonly record struct IrcUrl(DynamicServer Server, string Target, bool IsNick, string? Key)
{
    private const string NickSuffix = ",isnick";

    /// <summary>The destination's name for people: without credentials and key, and itself a URL that means the same.</summary>
    public string PublicName => string.Concat(
        Server.Key.Name, "/", Target.Replace("%", "%25", StringComparison.Ordinal).Replace("?", "%3F", StringComparison.Ordinal), IsNick ? NickSuffix : "");

    /// <summary>Whether a name is meant as such a URL, right or wrong.</summary>
    public static bool IsMeant(string name) =>
        name.StartsWith("irc:", StringComparison.OrdinalIgnoreCase) || name.StartsWith("ircs:", StringComparison.OrdinalIgnoreCase);

    /// <param name="text">The URL.</param>
    /// <param name="url">What it says.</param>
    /// <param name="fault">Why it says nothing, in words for its sender; holds no secret.</param>
    public static bool TryParse(string text, out IrcUrl url, out string? fault)
    {
        url = default;
        if (!DynamicServer.TryParseScheme(text, out var tls, out var rest))
        {
            fault = "an IRC URL begins with irc:// or ircs://";
            return false;
        }

        var end = rest.AsSpan().IndexOfAny("/?#");
        var authority = end < 0 ? rest : rest[..end];
        var (path, query) = Cut(end < 0 ? "" : rest[end..]);
        if (!DynamicServer.TryParse(authority, tls, out var server, out fault))
        {
            return false;
        }

        var (target, isNick) = ReadTarget(path);
        var key = ReadKey(query);
        fault = target.Length == 0 ? "the URL names no channel"
            : (isNick ? IrcTarget.NickFault(target) : IrcTarget.ChannelFault(target)) ?? (key is null ? null : IrcTarget.KeyFault(key));
        url = new IrcUrl(server, target, isNick, key);
        return fault is null;
    }

    /// <summary>
    /// Separates the channel from the key. <c>#</c> is a channel's prefix here and begins no fragment, so that <c>/#chan?key=K</c> has a
    /// key; only where no channel stands before the <c>?</c> (<c>/?key=K#chan</c>) it is read as a fragment, as irkerd does.
    /// </summary>
    private static (string Path, string Query) Cut(string rest)
    {
        var question = rest.IndexOf('?', StringComparison.Ordinal);
        var path = (question < 0 ? rest : rest[..question]).TrimStart('/');
        var query = question < 0 ? "" : rest[(question + 1)..];
        var hash = path.Length == 0 ? query.IndexOf('#', StringComparison.Ordinal) : -1;
        return hash < 0 ? (path, query) : (query[hash..], query[..hash]);
    }

    private static (string Target, bool IsNick) ReadTarget(string path)
    {
        var target = Uri.UnescapeDataString(path);
        if (target.EndsWith(NickSuffix, StringComparison.OrdinalIgnoreCase))
        {
            return (target[..^NickSuffix.Length], true);
        }

        return (target.Length == 0 || IrcTarget.IsChannel(target) ? target : "#" + target, false);
    }

    private static string? ReadKey(string query)
    {
        const string Field = "key=";
        var key = Uri.UnescapeDataString(query.StartsWith(Field, StringComparison.Ordinal) ? query[Field.Length..] : query);
        return key.Length == 0 ? null : key;
    }
}
