using NotifyGateway.Core.Configuration;

namespace NotifyGateway.Core.Routing;

/// <summary>The destinations of this machine: <c>program:NAME</c> and <c>log</c>. They name no alias and no network, whatever is configured.</summary>
internal sealed class LocalDestinations(GatewayOptions options)
{
    /// <summary>The destination that is the gateway's own log.</summary>
    public const string Log = "log";

    private const string Prefix = "program:";

    private const int MaxSuggestions = 5;

    private static readonly Destination LogDestination = new(LogSession, Log, "", Log);

    private readonly Dictionary<string, Destination> _programs = options.Programs.Keys.ToDictionary(
        name => name, name => new Destination(Session(name), name.ToLowerInvariant(), "", Prefix + name), StringComparer.OrdinalIgnoreCase);

    /// <summary>The part of the outbox that is the log's.</summary>
    public static SessionKey LogSession => new(Log);

    /// <summary>The part of the outbox that is a program's. No network's name holds a colon.</summary>
    public static SessionKey Session(string program) => new(Prefix + program);

    /// <summary>Adds or refuses such a name; false: it is none. In a list of users or channels <c>log</c> is a nick or a room like any other.</summary>
    public bool TryAdd(string name, BareWord bareWord, RouteBuilder route)
    {
        if (name.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase))
        {
            AddProgram(name, name[Prefix.Length..], route);
            return true;
        }

        if (bareWord == BareWord.Alias && name.Equals(Log, StringComparison.OrdinalIgnoreCase))
        {
            route.Add(LogDestination);
            return true;
        }

        return false;
    }

    private void AddProgram(string name, string program, RouteBuilder route)
    {
        if (_programs.TryGetValue(program, out var destination))
        {
            route.Add(destination);
            return;
        }

        route.Refuse(name, _programs.Count == 0 ? "no program is configured"
            : NearestName.To(program, _programs.Keys) is { } nearest ? $"no program has this name; did you mean {Prefix}{nearest}?"
            : $"no program has this name; there is {string.Join(", ", _programs.Values.Take(MaxSuggestions).Select(d => d.Name))}");
    }
}
