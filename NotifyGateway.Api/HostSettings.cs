namespace NotifyGateway.Api;

/// <summary>
/// The sections of a configuration that are ASP.NET's, as it gets them: read, merged and checked before. Levels of the log change while it runs; the server reads the
/// rest once.
/// </summary>
internal sealed class HostSettings(IReadOnlyDictionary<string, string?> started) : ConfigurationProvider, IConfigurationSource
{
    private const string Live = "Logging:";

    /// <summary>The keys that count at once and are not what they were.</summary>
    public IEnumerable<string> Changed(IReadOnlyDictionary<string, string?> settings) => Data.Keys.Union(settings.Keys, StringComparer.OrdinalIgnoreCase)
        .Where(k => IsLive(k) && !string.Equals(Data.TryGetValue(k, out var value) ? value : null, settings.GetValueOrDefault(k), StringComparison.Ordinal));

    private static bool IsLive(string key) => key.StartsWith(Live, StringComparison.OrdinalIgnoreCase);

    public IConfigurationProvider Build(IConfigurationBuilder builder) => this;

    public override void Load() => Data = new Dictionary<string, string?>(started, StringComparer.OrdinalIgnoreCase);

    /// <summary>Takes over what counts at once.</summary>
    public void Change(IReadOnlyDictionary<string, string?> settings)
    {
        var stays = Data.Where(s => !IsLive(s.Key));
        Data = stays.Concat(settings.Where(s => IsLive(s.Key))).ToDictionary(s => s.Key, s => s.Value, StringComparer.OrdinalIgnoreCase);
        OnReload();
    }
}
