using NotifyGateway.Api;
using Xunit;

namespace NotifyGateway.Tests.Cli;

public sealed class HttpEndpointTests
{
    [Theory]
    [InlineData("http://127.0.0.1:8080", "http://127.0.0.1:8080")]
    [InlineData("http://[::1]:8080/", "http://[::1]:8080")]
    [InlineData("HTTP://LocalHost:8080", "http://LocalHost:8080")]
    [InlineData("http://*:8080; https://+:8443 ;", "http://*:8080 https://+:8443")]
    [InlineData("http://127.0.0.1", "http://127.0.0.1:80")]
    [InlineData("http://127.0.0.1:0", "http://127.0.0.1:0")]
    [InlineData("http://unix:/run/notify.sock", "http://unix:/run/notify.sock")]
    public void Accepts_Addresses(string urls, string read)
    {
        var (endpoints, errors) = HttpEndpoint.ParseAll(urls);

        Assert.Empty(errors);
        Assert.Equal(read, string.Join(' ', endpoints), ignoreCase: true);
    }

    [Theory]
    [InlineData("127.0.0.1:8080")]
    [InlineData("8080")]
    [InlineData("ftp://127.0.0.1:21")]
    [InlineData("http://notify.example.org:8080")]
    [InlineData("http://127.0.0.1:65536")]
    [InlineData("http://127.0.0.1:x")]
    [InlineData("http://127.0.0.1:8080/base")]
    [InlineData("http://localhost:0")]
    [InlineData("http://")]
    [InlineData("http://unix:/")]
    [InlineData("http://unix:/:")]
    [InlineData("http://unix://")]
    [InlineData("http://unix:/run/")]
    public void Rejects_WhatKestrelWouldMisread(string url)
    {
        var (endpoints, errors) = HttpEndpoint.ParseAll($"http://127.0.0.1:1;{url}");

        Assert.Single(endpoints);
        Assert.Contains($"'{url}'", Assert.Single(errors), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("http://127.0.0.1:1", "Urls=http://127.0.0.1:2;HTTP_PORTS=3", "http://127.0.0.1:1")]
    [InlineData(null, "Urls=http://127.0.0.1:2;HTTP_PORTS=3", "http://127.0.0.1:2")]
    [InlineData(null, "HTTP_PORTS=3;Kestrel:Endpoints:a:Url=http://127.0.0.1:4", "http://*:3")]
    [InlineData(null, "Kestrel:Endpoints:a:Url=http://127.0.0.1:4", "")]
    [InlineData(null, "Logging:LogLevel:Default=Debug", "http://127.0.0.1:8080")]
    public void Choose_TakesTheNearest(string? argument, string settings, string chosen)
    {
        var read = settings.Split(';').Select(s => s.Split('=', 2)).ToDictionary(s => s[0], s => (string?)s[1], StringComparer.OrdinalIgnoreCase);

        var (endpoints, errors) = HttpEndpoint.Choose(argument, read);

        Assert.Empty(errors);
        Assert.Equal(chosen, string.Join(' ', endpoints));
    }

    [Fact]
    public void Choose_NamesTheSettingThatIsWrong()
    {
        var (_, errors) = HttpEndpoint.Choose(null, new Dictionary<string, string?>(StringComparer.OrdinalIgnoreCase) { ["URLS"] = "nonsense" });

        Assert.Equal("Urls", Assert.Single(errors).Path);
    }

    [Theory]
    [InlineData(null, null, "Kestrel:Certificates:Default")]
    [InlineData("/nowhere/x.pem", "/nowhere/x.key", "Kestrel:Certificates:Default:Path Kestrel:Certificates:Default:KeyPath")]
    public void Https_NeedsACertificateThatExists(string? path, string? key, string paths)
    {
        var settings = new Dictionary<string, string?>(StringComparer.OrdinalIgnoreCase);
        if (path is not null)
        {
            settings["Kestrel:Certificates:Default:Path"] = path;
            settings["Kestrel:Certificates:Default:KeyPath"] = key;
        }

        var (_, errors) = HttpEndpoint.Choose("https://127.0.0.1:8443", settings);

        Assert.Equal(paths, string.Join(' ', errors.Select(e => e.Path)));
    }
}
