using System.Text;
using NotifyGateway.Core;
using NotifyGateway.Core.Configuration;
using NotifyGateway.Core.Dialects;
using Xunit;

namespace NotifyGateway.Tests.Dialects;

/// <summary>Clients for the dialect tests, and short ways to speak as them.</summary>
internal static class Speakers
{
    public static ClientDirectory Directory(AnonymousAccess anonymous) => new(In(new GatewayOptions(), anonymous), TimeProvider.System);

    /// <summary>The options with these clients.</summary>
    public static GatewayOptions In(GatewayOptions options, AnonymousAccess anonymous) => options with
    {
        Anonymous = anonymous,
        Clients = new Dictionary<string, ClientOptions>(StringComparer.OrdinalIgnoreCase)
        {
            ["ci"] = new() { Secret = "s3cret" },
            ["colon"] = new() { Secret = "a:b:c" },
            ["short"] = new() { Secret = "a" },
            ["gone"] = new() { Secret = "gone", Disabled = true },
        },
    };

    public static Callers Anyone { get; } = new(Directory(AnonymousAccess.Any), loopback: false);

    public static Callers KnownOnly { get; } = new(Directory(AnonymousAccess.None), loopback: true);

    public static LineMessage Message(this LineParser dialect, string line, Callers? callers = null) =>
        Assert.IsType<LineMessage>(dialect(Encoding.UTF8.GetBytes(line), callers ?? Anyone));

    public static LineRefusal Refusal(this LineParser dialect, string line, Callers? callers = null) =>
        Assert.IsType<LineRefusal>(dialect(Encoding.UTF8.GetBytes(line), callers ?? Anyone));

    public static LineRequest Speak(this LineParser dialect, string line, Callers? callers = null) => dialect(Encoding.UTF8.GetBytes(line), callers ?? Anyone);

    /// <summary>An address as one string, for tables.</summary>
    public static string Show(this Addressing to) => $"to={Show(to.To)} users={Show(to.Users)} channels={Show(to.Channels)}";

    private static string Show(IReadOnlyList<string>? list) => list is null ? "default" : $"[{string.Join('|', list)}]";
}
