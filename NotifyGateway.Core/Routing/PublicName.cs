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
}
