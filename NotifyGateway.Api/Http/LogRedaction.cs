using Microsoft.Extensions.Options;

namespace NotifyGateway.Api.Http;

/// <summary>
/// Silences the framework's categories that print requests as they came: the host's request log prints query strings, Kestrel's log of
/// bad requests prints the request line or the header. Applied after every other rule, so that no configuration brings them back.
/// </summary>
internal sealed class LogRedaction : IPostConfigureOptions<LoggerFilterOptions>
{
    private static readonly string[] Categories =
    [
        "Microsoft.AspNetCore.Hosting.Diagnostics",
        "Microsoft.AspNetCore.Server.Kestrel.BadRequests",
        "Microsoft.AspNetCore.HttpLogging",
        "Microsoft.AspNetCore.W3CLogging",
    ];

    public void PostConfigure(string? name, LoggerFilterOptions options)
    {
        // A rule of one provider beats any rule of all, so each provider that has rules gets one of its own.
        string?[] providers = [null, .. options.Rules.Select(r => r.ProviderName).OfType<string>().Distinct(StringComparer.Ordinal)];
        foreach (var category in Categories)
        {
            foreach (var rule in options.Rules.Where(r => r.CategoryName?.StartsWith(category, StringComparison.OrdinalIgnoreCase) == true).ToList())
            {
                options.Rules.Remove(rule);
            }

            foreach (var provider in providers)
            {
                options.Rules.Add(new LoggerFilterRule(provider, category, LogLevel.None, filter: null));
            }
        }
    }
}
