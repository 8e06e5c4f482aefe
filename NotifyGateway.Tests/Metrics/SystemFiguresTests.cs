using System.Diagnostics.Metrics;
using NotifyGateway.Api.Metrics;
using Xunit;

namespace NotifyGateway.Tests.Metrics;

public sealed class SystemFiguresTests
{
    [Fact]
    public void WhatTheSystemRefuses_IsLeftOut()
    {
        Assert.Equal(7, Assert.Single(SystemFigures.OrNone(() => [new Measurement<long>(7)])).Value);
        Assert.Empty(SystemFigures.OrNone(() => Refused(new IOException("no descriptors"))));
        Assert.Throws<InvalidOperationException>(() => SystemFigures.OrNone(() => Refused(new InvalidOperationException("a bug"))));
    }

    private static IEnumerable<Measurement<long>> Refused(Exception error)
    {
        yield return new(1);
        throw error;
    }
}
