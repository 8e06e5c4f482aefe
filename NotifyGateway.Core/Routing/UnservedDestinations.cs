using NotifyGateway.Core.Configuration;

namespace NotifyGateway.Core.Routing;

/// <summary>What a configuration names and nothing serves: found at start, not by the first alert that goes nowhere.</summary>
public static class UnservedDestinations
{
    /// <summary>The same in words.</summary>
    public static IReadOnlyList<string> Warnings(GatewayOptions options, Router router) => [.. Of(options, router).Select(u => $"{u.Path}: {u.Destination}")];

    /// <summary>Each such name with its key's path. Aliases that others name are told where they stand.</summary>
    public static IEnumerable<(string Path, UnknownDestination Destination)> Of(GatewayOptions options, Router router)
    {
        var lists = options.Aliases.Select(a => ($"{nameof(GatewayOptions.Aliases)}:{a.Key}", a.Value)).Prepend((nameof(GatewayOptions.DefaultTo), options.DefaultTo))
            .Concat(options.Hooks.Select(h => ($"{nameof(GatewayOptions.Hooks)}:{h.Key}:{nameof(HookOptions.To)}", h.Value.To)));
        foreach (var (path, names) in lists)
        {
            foreach (var name in names.Where(n => !options.Aliases.ContainsKey(n)))
            {
                foreach (var unknown in router.Resolve(Addressing.Named(name)).Unknown)
                {
                    yield return ($"Gateway:{path}", unknown);
                }
            }
        }
    }
}
