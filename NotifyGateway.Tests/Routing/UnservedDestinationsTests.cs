using NotifyGateway.Core.Configuration;
using NotifyGateway.Core.Routing;
using NotifyGateway.Tests.Configuration;
using Xunit;

namespace NotifyGateway.Tests.Routing;

public sealed class UnservedDestinationsTests
{
    [Fact]
    public void WhatNothingServes_IsToldWithItsKey()
    {
        var options = Loading.Good("""
            { "Irc": { "libera": { "Server": "irc.example.org", "Nick": "bot", "Channels": [ { "Name": "#ops" } ], "JoinUnlisted": false } },
              "DefaultTo": ["#ops", "nosuch"], "Aliases": { "a": ["b", "libera/alice"], "b": ["#nowhere"] },
              "Hooks": { "h": { "Token": "long-enough", "To": ["a", "libra/#x", "program:mial"] } } }
            """);

        Assert.Equal(
            ["Gateway:DefaultTo nosuch", "Gateway:Aliases:b #nowhere", "Gateway:Hooks:h:To libra/#x", "Gateway:Hooks:h:To program:mial"],
            UnservedDestinations.Of(options, new Router(options)).Select(u => $"{u.Path} {u.Destination.Name}"));
    }
}
