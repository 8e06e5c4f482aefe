using FluentValidation;
using NotifyGateway.Core.Routing;

namespace NotifyGateway.Core.Configuration.Validation;

/// <summary>Rules about the names of what is delivered to on this machine.</summary>
internal static class ProgramRules
{
    /// <summary>A program's name is a part of destinations.</summary>
    public static void NamesAreDestinations(GatewayOptions options, ValidationContext<GatewayOptions> context)
    {
        foreach (var name in options.Programs.Keys)
        {
            context.Fail($"{nameof(GatewayOptions.Programs)}:{name}", name.Any(char.IsWhiteSpace) ? "a program's name must not hold spaces: it is a part of destinations" : null);
        }
    }

    /// <summary>The gateway's own log has a part of the outbox, named like it.</summary>
    public static void LogIsNoNetwork(GatewayOptions options, ValidationContext<GatewayOptions> context)
    {
        Check(nameof(GatewayOptions.Irc), options.Irc.Keys);
        Check(nameof(GatewayOptions.Xmpp), options.Xmpp.Keys);

        void Check(string section, IEnumerable<string> names)
        {
            foreach (var name in names.Where(n => n.Equals(LocalDestinations.Log, StringComparison.OrdinalIgnoreCase)))
            {
                context.Fail($"{section}:{name}", $"'{LocalDestinations.Log}' is the gateway's own log; choose another name");
            }
        }
    }
}
