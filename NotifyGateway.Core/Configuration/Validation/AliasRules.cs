using FluentValidation;
using NotifyGateway.Core.Routing;

namespace NotifyGateway.Core.Configuration.Validation;

/// <summary>Rules about aliases.</summary>
internal static class AliasRules
{
    public static void NamesAreFree(GatewayOptions options, ValidationContext<GatewayOptions> context)
    {
        foreach (var (name, members) in options.Aliases)
        {
            var path = $"{nameof(GatewayOptions.Aliases)}:{name}";
            context.Fail(path, WrongName(name, options));
            if (members.Count == 0)
            {
                context.Fail(path, "must name at least one destination");
            }
        }
    }

    /// <summary>An alias may name further aliases, but not itself over any way. Each cycle is told once.</summary>
    public static void NoneNamesItself(GatewayOptions options, ValidationContext<GatewayOptions> context)
    {
        var done = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        foreach (var name in options.Aliases.Keys)
        {
            Walk(name, []);
        }

        void Walk(string name, List<string> way)
        {
            var start = way.FindIndex(w => string.Equals(w, name, StringComparison.OrdinalIgnoreCase));
            if (start >= 0)
            {
                context.Fail($"{nameof(GatewayOptions.Aliases)}:{way[start]}", $"names itself: {string.Join(" → ", way[start..])} → {way[start]}");
            }
            else if (!done.Contains(name) && options.Aliases.TryGetValue(name, out var members))
            {
                List<string> further = [.. way, name];
                foreach (var member in members)
                {
                    Walk(member, further);
                }

                done.Add(name);
            }
        }
    }

    private static string? WrongName(string name, GatewayOptions options) =>
        name.Length > 0 && "#&+!@".Contains(name[0], StringComparison.Ordinal) ? $"an alias must not begin with '{name[0]}': that is a channel or a nick"
        : string.Equals(name, LocalDestinations.Log, StringComparison.OrdinalIgnoreCase) ? $"'{LocalDestinations.Log}' is the gateway's own log; choose another name"
        : name.Contains('@', StringComparison.Ordinal) ? "an alias must not hold '@': that is an XMPP address"
        : options.Irc.ContainsKey(name) ? "is also the name of a network; choose another name"
        : options.Xmpp.ContainsKey(name) ? "is also the name of an XMPP account; choose another name"
        : null;
}
