using NotifyGateway.Core.Configuration;
using Xunit;

namespace NotifyGateway.Tests.Configuration;

/// <summary>Loads configurations written down in a test.</summary>
internal static class Loading
{
    /// <summary>JSON texts of the section <c>Gateway</c>, later ones winning.</summary>
    public static ConfigurationResult Load(params string[] sections) =>
        GatewayConfiguration.Load([.. sections.Select((s, i) => ConfigurationSource.Json($"{i}.json", $$"""{ "Gateway": {{s}} }"""))]);

    public static GatewayOptions Good(params string[] sections) => Good(Load(sections));

    public static GatewayOptions Good(ConfigurationResult result)
    {
        Assert.Empty(result.Errors);
        return result.Options!;
    }

    public static ConfigurationSource Pairs(params (string Path, string? Value)[] pairs) =>
        ConfigurationSource.Pairs("environment", pairs.Select(p => KeyValuePair.Create(p.Path, p.Value)));

    /// <summary>A network that is right; <paramref name="keys"/> are added to it.</summary>
    public static string Network(string keys) => $$"""{ "Irc": { "libera": { "Server": "irc.example.org", "Nick": "bot", {{keys}} } } }""";

    /// <summary>The message of the one error at this path; there must be no other error.</summary>
    public static string OnlyErrorAt(string path, ConfigurationResult result)
    {
        Assert.Null(result.Options);
        var error = Assert.Single(result.Errors);
        Assert.Equal(path, error.Path);
        return error.Message;
    }
}
