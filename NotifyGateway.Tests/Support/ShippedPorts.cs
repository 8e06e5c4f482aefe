using Xunit;

namespace NotifyGateway.Tests.Support;

/// <summary>Tests with the ports of the program as it is shipped: one after another, for where no network of their own can be had.</summary>
[CollectionDefinition(Name)]
public sealed class ShippedPorts
{
    public const string Name = "shipped ports";
}
