using System.Text.RegularExpressions;
using NotifyGateway.Core;
using NotifyGateway.Core.Configuration;
using NotifyGateway.Core.Protocols.Xmpp;
using NotifyGateway.Core.Routing;
using NotifyGateway.Fuzz;
using static NotifyGateway.Tests.Fuzzing.Inputs;

namespace NotifyGateway.Tests.Fuzzing;

/// <summary>Names of places: destinations in every form, addresses, and patterns that they are matched with.</summary>
internal static partial class NameTargets
{
    private static readonly GatewayOptions Options = new()
    {
        Irc = new Dictionary<string, IrcOptions>(StringComparer.OrdinalIgnoreCase)
        {
            ["libera"] = new() { Server = "irc.libera.chat", Nick = "bot", Channels = [new() { Name = "#Ops" }, new() { Name = "#keyed", Key = "K1" }], Users = ["Alice"] },
            ["oftc"] = new() { Server = "irc.oftc.net", Nick = "bot", DefaultChannels = ["#ops"], JoinUnlisted = false },
        },
        Xmpp = new Dictionary<string, XmppOptions>(StringComparer.OrdinalIgnoreCase)
        {
            ["work"] = new() { Jid = "bot@example.org", Password = Secret, Rooms = [new() { Jid = "ops@conference.example.org", Password = Secret }], Users = ["alice@example.org"] },
        },
        Aliases = new Dictionary<string, IReadOnlyList<string>>(StringComparer.OrdinalIgnoreCase) { ["oncall"] = ["libera/alice", "#ops"] },
        DynamicServers = ["*"],
        Dynamic = new DynamicOptions { AllowPlaintextLogin = true },
    };

    public static IReadOnlyList<FuzzTarget> All { get; } =
    [
        new("destination", ["NotifyGateway.Core.Routing."], Destination)
        {
            AllocatedPerByte = 32 * 1024,
            MaxLength = 512,
            Words = ["irc://", "ircs://", "xmpp:", "xmpp://", "program:", "libera/", "oftc/", "work/", "#ops", "oncall", "?join", ";nick=", ";password=", "?key=", ",isnick", "user:" + Secret + "@", "%40", "%23", "[::1]", ":6697", "alice@example.org", "ops@conference.example.org", "irc.libera.chat", "*", "xn--"],
            Samples = () => Inputs.All(
                "irc://irc.example.org/#chan?key=K\n*", "ircs://user:" + Secret + "@[::1]:6697/nick,isnick\nircs://*/#*", "irc://h/?K#chan\nlibera/*", "libera/#ops\n#o*", "xmpp:ops@conference.example.org?join;nick=N;password=" + Secret + "\nxmpp:*@conference.example.org",
                "xmpp://bot@example.org/alice@example.org\nwork/*", "oncall\noncall", "#keyed\nprogram:*", "alice\nlog", "alice@example.org/res\n*@*", "irc://irc.libera.chat:6697/ops\n*", "log\nlog", "irc://\u00fc.example/x%\n\u00fc"),
        },
        new("jid", ["NotifyGateway.Core.Protocols.Xmpp.Jid", "NotifyGateway.Core.Protocols.Xmpp.XmppAddress"], Address)
        {
            AllocatedPerByte = 32 * 1024,
            MaxLength = 1200,
            Words = ["@", "/", " room", " user", " unknown", " nick=", " password=", "%40", "[::1]", "xn--", ".", "\u212a", "\u017f", "\ufb01", "\uff20", "\u2024"],
            Samples = () => Inputs.All("alice@example.org/Res/x@y", "ops@rooms.test room nick=a%20b password=p", "a.test unknown nick=x", "\u212aelvin@EXAMPLE.org.", "[::1]", "a@b user", "\uff21@b\uff0eorg", "a\u2024b@c"),
        },
        new("public-name", ["NotifyGateway.Core.Routing.PublicName"], input =>
        {
            var name = Text(input);
            var shown = PublicName.Of(name);
            Holds(shown.Length <= 201 && !shown.Any(char.IsControl), "a name that is not for people");
            Holds(Safe(name, shown), "a name shows a password");
        })
        { Words = ["irc://", "user:" + Secret + "@", "xmpp://", "password=", "?join", "/", "@", ":6667", "?", "#"], Samples = () => Inputs.All("irc://user:" + Secret + "@h/c?k", "xmpp:a@b?join;password=" + Secret, "irc://a:b/c@d", new string('x', 500)), MaxLength = 600 },
    ];

    private static void Destination(byte[] input)
    {
        var (name, rest) = Headed(input);
        var router = new Router(Options);
        var pattern = ScopePattern.Parse(Text(rest), Options);
        foreach (var to in new[] { Addressing.Named(name), Addressing.Prism([name], []), Addressing.Prism([], [name]), Addressing.Named("#ops") with { Preferred = name } })
        {
            var route = router.Resolve(to);
            foreach (var unknown in route.Unknown)
            {
                Holds(unknown.Name.Length <= 201 && unknown.Reason.Length > 0 && Safe(name, unknown.ToString()), $"told with its password, or without a reason: {unknown}");
            }

            foreach (var place in route.Destinations)
            {
                _ = pattern?.Allows(place);
                Found(router, name, place);
            }
        }
    }

    private static void Found(Router router, string name, Destination place)
    {
        Holds(place.Lane.Length > 0 && place.Address.AsSpan().IndexOfAny('\r', '\n', '\0') < 0 && place.Lane.AsSpan().IndexOfAny('\r', '\n', '\0') < 0, "a place that is none");
        Holds(Safe(name, place.ToString()) && Safe(name, place.Session.ToString()), "a place is told with its password");
        if (place.Session.IsDynamic)
        {
            Same(place.Session.Value, DynamicServer.Parse(place.Session).Key.Value, "a server is another one when its key is read");
        }

        // Without what is left out of it, a name leads to where it stands for.
        if (name.AsSpan().IndexOfAny('@', '?', ';') < 0)
        {
            var again = router.Resolve(Addressing.Named(place.Name));
            Holds(again.Destinations.Any(d => d.Session == place.Session && string.Equals(d.Lane, place.Lane, StringComparison.Ordinal)), $"{place.Name} leads elsewhere: {string.Join(' ', again.Destinations)} {string.Join(' ', again.Unknown)}");
        }
    }

    private static bool Safe(string name, string shown) => !Login().IsMatch(name) || name.IndexOf(Secret, StringComparison.Ordinal) != name.LastIndexOf(Secret, StringComparison.Ordinal) || !shown.Contains(Secret, StringComparison.Ordinal);

    /// <summary>The secret where it can be nothing but a password; elsewhere it may be anything, a channel too.</summary>
    [GeneratedRegex("^(ircs?://[a-z]+:hunter2xyz@[a-z]|xmpp:[a-z@.]+\\?join;password=hunter2xyz$)", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Login();

    private static void Address(byte[] input)
    {
        var text = Text(input);
        if (Jid.Parse(text, out var fault) is { } jid)
        {
            Holds(fault is null && Jid.Parse(jid.ToString(), out _) == jid, "an address is another one when it is written and read again");
        }
        else
        {
            Holds(fault is { Length: > 0 and < 300 }, "no address, and no reason");
        }

        if (XmppAddress.Parse(text, out fault) is { } address)
        {
            Holds(fault is null && XmppAddress.Parse(address.Format(), out _) == address, $"a place is another one when it is written and read again: {address.Format()}");
        }
    }
}
