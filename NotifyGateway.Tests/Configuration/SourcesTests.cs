using System.Collections;
using NotifyGateway.Core.Configuration;
using NotifyGateway.Tests.Support;
using Xunit;

namespace NotifyGateway.Tests.Configuration;

public sealed class SourcesTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void EachSource_WinsOverTheOneBefore()
    {
        string[] steps = ["appsettings.json", "appsettings.Lab.json", "own.json", "own2.json", "secret", "environment", "command line"];
        for (var count = 1; count <= steps.Length; count++)
        {
            var options = Loading.Good(Collect(steps[..count]));

            Assert.Equal($"n{count}", options.Irc["a"].Nick);
        }
    }

    [Fact]
    public void SecretFile_LosesOneLineBreakAtItsEnd()
    {
        Write("Gateway__Admin__Secret", "long-enough\n");
        Write("Gateway__Irc__a__ServerPassword", " pass word \r\n");
        Write("Gateway__Irc__a__Server", "a.example");
        Write("Gateway__Irc__a__Nick", "\uFEFFbot");
        Write("unrelated", "x");

        var options = Loading.Good(GatewayConfiguration.Load([ConfigurationSource.Secrets(_folder.Path)]));

        Assert.Equal(("long-enough", " pass word ", "bot"), (options.Admin.Secret, options.Irc["a"].ServerPassword, options.Irc["a"].Nick));
    }

    [Fact]
    public void SecretFile_WithAnUnknownNameIsAnError()
    {
        Write("Gateway__Irk__a", "geheim");

        var message = Loading.OnlyErrorAt("Gateway:Irk", GatewayConfiguration.Load([ConfigurationSource.Secrets(_folder.Path)]));

        Assert.Equal("is unknown; did you mean Irc?", message);
    }

    [Fact]
    public void SecretFile_ThatIsNoTextOrTooLargeIsAnError()
    {
        File.WriteAllBytes(PathOf("Gateway__Admin__Secret"), [0xFF, 0xFE, 0xC0]);
        Write("Gateway__PublicUrl", new string('x', 65537));

        var result = GatewayConfiguration.Load([ConfigurationSource.Secrets(_folder.Path)]);

        Assert.Equal(["Gateway:Admin:Secret: is not UTF-8 text", "Gateway:PublicUrl: is larger than 65536 bytes"], result.Errors.Select(e => $"{e.Path}: {e.Message}"));
    }

    [Fact]
    public void NamedFile_MustExist()
    {
        var missing = PathOf("missing.json");

        Assert.Equal("no such file", Loading.OnlyErrorAt(missing, Load(missing)));
        Assert.StartsWith("cannot be read", Loading.OnlyErrorAt(_folder.Path, Load(_folder.Path)), StringComparison.Ordinal);
    }

    [Fact]
    public void SecretsDirectory_MustExist() =>
        Assert.StartsWith(
            "no such directory",
            Loading.OnlyErrorAt("Gateway:SecretsDirectory", Load(environment: new() { ["Gateway__SecretsDirectory"] = PathOf("missing") })),
            StringComparison.Ordinal);

    [Fact]
    public void Environment_GivesOnlyWhatIsOurs()
    {
        var result = Load(environment: new()
        {
            ["GATEWAY"] = "192.168.0.1",
            ["Gateway_Port"] = "1",
            ["A__B"] = "x",
            ["A__B__C"] = "y",
            ["PATH"] = "/bin",
            ["Gateway__MaxMessageBytes"] = "300",
            ["ASPNETCORE_URLS"] = "http://127.0.0.1:1",
            ["DOTNET_URLS"] = "http://127.0.0.1:2",
            ["Logging__LogLevel__Default"] = "Debug",
        });

        Assert.Equal(300, Loading.Good(result).MaxMessageBytes);
        Assert.Equal(("http://127.0.0.1:1", "Debug"), (result.HostSettings["Urls"], result.HostSettings["Logging:LogLevel:Default"]));
        Assert.DoesNotContain(result.HostSettings.Keys, k => k.StartsWith("A:", StringComparison.Ordinal) || k == "PATH");
    }

    [Theory]
    [InlineData(null, null, "Production")]
    [InlineData("Lab", null, "Lab")]
    [InlineData("Lab", "Test", "Test")]
    public void EnvironmentName_IsThatOfAspNetFirst(string? dotnet, string? aspnet, string name) =>
        Assert.Equal(name, ConfigurationSources.EnvironmentName(new Hashtable { ["DOTNET_ENVIRONMENT"] = dotnet, ["ASPNETCORE_ENVIRONMENT"] = aspnet }));

    private ConfigurationResult Collect(string[] steps)
    {
        new DirectoryInfo(_folder.Path).GetFileSystemInfos().ToList().ForEach(f => f.Delete());
        var nicks = steps.Select((step, i) => (step, nick: $"n{i + 1}")).ToDictionary(s => s.step, s => s.nick);
        foreach (var (step, nick) in nicks.Where(n => n.Key.EndsWith(".json", StringComparison.Ordinal)))
        {
            Write(step, $$"""{ "Gateway": { "SecretsDirectory": "{{_folder.Path}}", "Irc": { "a": { "Server": "a.example", "Nick": "{{nick}}" } } } }""");
        }

        if (nicks.TryGetValue("secret", out var secret))
        {
            Write("Gateway__Irc__a__Nick", secret + "\n");
        }

        return GatewayConfiguration.Load(ConfigurationSources.Collect(
            _folder.Path,
            [.. steps.Where(s => s.StartsWith("own", StringComparison.Ordinal)).Select(PathOf)],
            nicks.TryGetValue("environment", out var variable) ? new Hashtable { ["DOTNET_ENVIRONMENT"] = "Lab", ["GATEWAY__IRC__A__NICK"] = variable } : new Hashtable { ["DOTNET_ENVIRONMENT"] = "Lab" },
            nicks.TryGetValue("command line", out var argument) ? [new("Gateway:Irc:a:Nick", argument)] : []).All);
    }

    private ConfigurationResult Load(string? file = null, Hashtable? environment = null) =>
        GatewayConfiguration.Load(ConfigurationSources.Collect(_folder.Path, file is null ? [] : [file], environment ?? [], []).All);

    private string PathOf(string name) => _folder[name];

    private void Write(string name, string text) => File.WriteAllText(PathOf(name), text);
}
