using NotifyGateway.Core.Configuration;
using Xunit;

namespace NotifyGateway.Tests.Configuration;

public sealed class OtlpValidationTests
{
    [Fact]
    public void Keys_AreRead()
    {
        var otlp = Loading.Good("""{ "Otlp": { "Endpoint": "https://c.example:4318/base", "Protocol": "grpc", "Headers": { "Authorization": "Basic eDp5=" } } }""").Otlp;
        Assert.Equal((new Uri("https://c.example:4318/base"), OtlpTransport.Grpc, "Basic eDp5="), (otlp.Endpoint, otlp.Protocol, otlp.Headers["authorization"]));
        Assert.Contains("Basic eDp5=", ConfiguredSecrets.Of(new GatewayOptions { Otlp = otlp }));
    }

    [Theory]
    [InlineData("""{ "Endpoint": "ftp://c.example" }""", "Endpoint")]
    [InlineData("""{ "Endpoint": "http://user:pw@c.example" }""", "Endpoint")]
    [InlineData("""{ "Endpoint": "http://c.example?key=1" }""", "Endpoint")]
    [InlineData("""{ "Headers": { "a": "b" } }""", "Headers")]
    [InlineData("""{ "Endpoint": "http://c.example", "Headers": { "a b": "c" } }""", "Headers:a b")]
    [InlineData("""{ "Endpoint": "http://c.example", "Headers": { "a": "b,c=d" } }""", "Headers:a")]
    [InlineData("""{ "Endpoint": "http://c.example", "Headers": { "a": "b\r\nc: d" } }""", "Headers:a")]
    [InlineData("""{ "Endpoint": "http://c.example", "Headers": { "a": " b" } }""", "Headers:a")]
    public void WhatCannotBeSent_IsRefused(string otlp, string path) => Assert.NotEmpty(Loading.OnlyErrorAt($"Gateway:Otlp:{path}", Loading.Load($$"""{ "Otlp": {{otlp}} }""")));
}
