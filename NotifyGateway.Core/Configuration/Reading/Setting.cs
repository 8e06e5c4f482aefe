namespace NotifyGateway.Core.Configuration.Reading;

/// <summary>A configuration before its meaning is known: what a source says, and where it says so.</summary>
internal abstract record Setting(string Origin);

/// <summary>Keys and what stands under them. Keys are compared without regard to case; the first spelling stays.</summary>
internal sealed record SettingObject(string Origin) : Setting(Origin)
{
    public Dictionary<string, Setting> Keys { get; init; } = new(StringComparer.OrdinalIgnoreCase);
}

internal sealed record SettingList(string Origin, IReadOnlyList<Setting> Items) : Setting(Origin);

/// <summary>A text, number or truth value as it was written. Null: the key is there and says "nothing".</summary>
internal sealed record SettingValue(string Origin, string? Text) : Setting(Origin)
{
    /// <summary>Whether the key is there only to say that nothing is set: an environment variable cannot say null, so empty counts too.</summary>
    public bool IsNothing => string.IsNullOrEmpty(Text);
}
