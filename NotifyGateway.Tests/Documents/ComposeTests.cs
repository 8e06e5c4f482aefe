using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using NotifyGateway.Tests.Support;
using Xunit;
using YamlDotNet.Serialization;

namespace NotifyGateway.Tests.Documents;

/// <summary>docker/compose.yaml and what it mounts fit each other, the image and the gateway.</summary>
public sealed partial class ComposeTests
{
    private static readonly JsonObject House = (JsonObject)JsonNode.Parse(
        new SerializerBuilder().JsonCompatible().Build().Serialize(new DeserializerBuilder().Build().Deserialize<object>(RepositoryFiles.Read("docker/compose.yaml"))))!;

    private static JsonObject Services => House["services"]!.AsObject();

    [Fact]
    public void House_HasItsFourServices_AndNoPortForEverybodyButHttps()
    {
        Assert.Equal(["gateway", "ircd", "proxy", "xmpp"], Services.Select(s => s.Key).Order());
        var open = Services.SelectMany(s => Texts(s.Value!, "ports")).Where(p => !p.StartsWith("127.0.0.1:", StringComparison.Ordinal));
        Assert.Equal(["443:443"], open);
        Assert.All(Services, s => Assert.All(Texts(s.Value!, "depends_on"), other => Assert.True(Services.ContainsKey(other), other)));
    }

    [Fact]
    public void Gateway_HasTheLeastRights()
    {
        var gateway = Services["gateway"]!;

        Assert.Equal("true", gateway["read_only"]!.ToString());
        Assert.Equal(["ALL"], Texts(gateway, "cap_drop"));
        Assert.Equal(["no-new-privileges:true"], Texts(gateway, "security_opt"));
        Assert.Null(gateway["privileged"]);
        Assert.Null(gateway["user"]); // that of the image, which is not root
        Assert.Matches(@"\nUSER 1654\n", RepositoryFiles.Read("docker/Dockerfile"));
    }

    [Fact]
    public void Mounts_AreThere_AndTheDataGoesToTheVolumeOfTheImage()
    {
        var volume = Volume().Match(RepositoryFiles.Read("docker/Dockerfile")).Groups["path"].Value;
        Assert.Contains($"outbox:{volume}", Texts(Services["gateway"]!, "volumes"));
        Assert.All(Services.SelectMany(s => Texts(s.Value!, "volumes")).Select(v => v.Split(':')[0]), source =>
            Assert.True(source.StartsWith("./", StringComparison.Ordinal) ? File.Exists(Path.Combine(RepositoryFiles.Root, "docker", source)) : House["volumes"]!.AsObject().ContainsKey(source), source));
        Assert.Contains("gateway:8080", RepositoryFiles.Read("docker/config/Caddyfile"), StringComparison.Ordinal);
        Assert.Contains("EXPOSE 8080", RepositoryFiles.Read("docker/Dockerfile"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Secrets_AreMadeByTheScript_AndTheConfigurationIsGoodWithThem()
    {
        using var folder = new TempFolder();
        var script = folder.Write("make", RepositoryFiles.Read("docker/secrets/make"));
        await using (var make = ChildProcess.Start("sh", [script], folder.Path))
        {
            Assert.True(await make.ExitAsync() == 0, make.Said);
        }

        var declared = House["secrets"]!.AsObject().Select(s => s.Key).ToList();
        Assert.All(declared, s => Assert.True(new FileInfo(folder[s]).Length > 20 && House["secrets"]![s]!["file"]!.ToString() == $"./secrets/{s}", s));
        Assert.Equal(declared.Order(), Services.SelectMany(s => Texts(s.Value!, "secrets")).Distinct().Order());
        var (exit, output, error) = await GatewayProcess.RunAsync(
            folder.Path, "check-config", "--config", Path.Combine(RepositoryFiles.Root, "docker/config/gateway.json"), $"--Gateway:SecretsDirectory={folder.Path}", $"--Gateway:Xmpp:house:TlsCaFile={folder["xmpp.crt"]}");
        Assert.True(exit == 0 && error.Length == 0, output + error);
        var config = RepositoryFiles.Read("docker/config/gateway.json");
        Assert.All(Services.Where(s => s.Key is "ircd" or "xmpp"), s => Assert.Matches($"\"(Server|Host)\": \"{s.Key}\"", config));
    }

    private static IEnumerable<string> Texts(JsonNode service, string key) => service[key]?.AsArray().Select(t => t!.ToString()) ?? [];

    [GeneratedRegex(@"^VOLUME (?<path>\S+)$", RegexOptions.Multiline | RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Volume();
}
