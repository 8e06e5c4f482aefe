namespace NotifyGateway.Core.Configuration.Reading;

/// <summary>Lays a later source over an earlier one.</summary>
internal static class SettingMerge
{
    /// <summary>
    /// Objects are merged key by key; everything else, a list above all, is replaced whole. (The configuration binder of .NET merges
    /// lists by index: a list that a later source made shorter would keep its tail.)
    /// </summary>
    public static Setting Over(Setting earlier, Setting later)
    {
        if (earlier is not SettingObject below || later is not SettingObject above)
        {
            return later;
        }

        var merged = new Dictionary<string, Setting>(below.Keys, StringComparer.OrdinalIgnoreCase);
        foreach (var (key, value) in above.Keys)
        {
            merged[key] = merged.TryGetValue(key, out var old) ? Over(old, value) : value;
        }

        return new SettingObject(above.Origin) { Keys = merged };
    }

    /// <summary>All sources as one; the last wins.</summary>
    public static SettingObject All(IEnumerable<SettingObject> sources) =>
        sources.Aggregate(new SettingObject(""), (merged, next) => (SettingObject)Over(merged, next));
}
