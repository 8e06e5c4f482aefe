using NotifyGateway.Core;
using NotifyGateway.Core.Configuration;
using NotifyGateway.Core.Routing;
using Xunit;

namespace NotifyGateway.Tests.Routing;

public sealed class LocalDestinationTests
{
    private static readonly Router Router = new(new GatewayOptions
    {
        Programs = new Dictionary<string, ProgramOptions>(StringComparer.OrdinalIgnoreCase) { ["Mail"] = new() { Command = ["/usr/sbin/sendmail"] }, ["pager"] = new() { Command = ["x"] } },
        Aliases = new Dictionary<string, IReadOnlyList<string>>(StringComparer.OrdinalIgnoreCase) { ["oncall"] = ["program:pager", "LOG", "log"] },
    });

    [Theory]
    [InlineData("program:mail", "program:Mail")]
    [InlineData("PROGRAM:MAIL", "program:Mail")]
    [InlineData("log", "log")]
    [InlineData("Log", "log")]
    public void Names_Resolve_WhateverTheirCase(string name, string session)
    {
        var destination = Assert.Single(Router.Resolve(Addressing.Named(name)).Destinations);

        Assert.Equal((session, session), (destination.Session.Value, destination.Name));
        Assert.False(destination.Session.IsDynamic);
    }

    [Fact]
    public void Alias_MayNameThem() =>
        Assert.Equal(["program:pager", "log"], Router.Resolve(Addressing.Named("oncall")).Destinations.Select(d => d.Name));

    [Theory]
    [InlineData("program:mial", "no program has this name; did you mean program:Mail?")]
    [InlineData("program:sendxmpp", "no program has this name; there is program:Mail, program:pager")]
    [InlineData("program:", "no program has this name; there is program:Mail, program:pager")]
    public void UnknownProgram_IsRefusedWithASuggestion(string name, string reason)
    {
        var route = Router.Resolve(Addressing.Named(name));

        Assert.Empty(route.Destinations);
        Assert.Equal(new UnknownDestination(name, reason), Assert.Single(route.Unknown));
    }
}
