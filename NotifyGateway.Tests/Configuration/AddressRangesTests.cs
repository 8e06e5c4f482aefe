using System.Net;
using NotifyGateway.Core.Configuration;
using Xunit;

namespace NotifyGateway.Tests.Configuration;

public sealed class AddressRangesTests
{
    [Theory]
    [InlineData("10.0.0.0/8", "10.1.2.3", true)]
    [InlineData("10.0.0.0/8", "::ffff:10.1.2.3", true)]
    [InlineData("10.0.0.0/8", "11.0.0.1", false)]
    [InlineData("::ffff:10.0.0.1", "10.0.0.1", true)]
    [InlineData("::ffff:10.0.0.0/104", "::ffff:10.1.2.3", true)]
    [InlineData("::ffff:10.0.0.0/104", "11.0.0.1", false)]
    [InlineData("10.0.0.1/8", "10.2.3.4", true)]
    [InlineData("fd00::/8", "fd12::1", true)]
    [InlineData("192.0.2.7", "192.0.2.8", false)]
    public void Contain_AnAddress_HoweverBothAreWritten(string network, string address, bool contained) =>
        Assert.Equal(contained, new AddressRanges([network]).Contain(IPAddress.Parse(address)));

    [Theory]
    [InlineData("10.0.0.0/33")]
    [InlineData("example.org")]
    [InlineData("")]
    public void Refuse_WhatIsNoNetwork(string network)
    {
        Assert.NotNull(AddressRanges.Wrong(network));
        Assert.Throws<FormatException>(() => new AddressRanges([network]));
    }
}
