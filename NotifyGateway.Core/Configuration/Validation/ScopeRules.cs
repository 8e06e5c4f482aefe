using FluentValidation;
using NotifyGateway.Core.Routing;

namespace NotifyGateway.Core.Configuration.Validation;

/// <summary>Rules about what clients may send to. A scope that names nothing would be found out only when an alert is refused.</summary>
internal static class ScopeRules
{
    public static void ScopesNameSomething(GatewayOptions options, ValidationContext<GatewayOptions> context)
    {
        foreach (var (name, client) in options.Clients)
        {
            for (var i = 0; i < (client.To?.Count ?? 0); i++)
            {
                var pattern = client.To![i];
                if (DestinationRules.Wrong(pattern) is null)
                {
                    context.Fail($"{nameof(GatewayOptions.Clients)}:{name}:{nameof(ClientOptions.To)}:{i}", Wrong(pattern, options));
                }
            }
        }
    }

    private static string? Wrong(string pattern, GatewayOptions options)
    {
        if (ScopePattern.Parse(pattern, options) is null)
        {
            return options.Aliases.ContainsKey(pattern) ? null
                : $"is no alias, and no destination: a channel begins with #, and a nick with its network{Meant(pattern, options.Aliases.Keys)}";
        }

        if (IrcTarget.IsChannel(pattern) || IrcUrl.IsMeant(pattern) || pattern.Contains(':', StringComparison.Ordinal) || pattern.IndexOf('/', StringComparison.Ordinal) is not (> 0 and var slash))
        {
            return null;
        }

        IReadOnlyList<string> sessions = [.. options.Irc.Keys, .. options.Xmpp.Keys];
        var session = pattern[..slash];
        return sessions.Any(s => Glob.Matches(session, s)) ? null : $"no network and no account is named {session}{Meant(session, sessions)}";
    }

    private static string Meant(string written, IEnumerable<string> known) => NearestName.To(written, known) is { } near ? $"; did you mean {near}?" : "";
}
