namespace NotifyGateway.Core.Formatting;

/// <summary>The entities that programs write to keep characters out of Markdown's and HTML's way. Others stay as they are.</summary>
internal static class MarkdownEntity
{
    private static readonly (string Entity, char Character)[] All =
        [("&amp;", '&'), ("&lt;", '<'), ("&gt;", '>'), ("&quot;", '"'), ("&#39;", '\''), ("&#x27;", '\''), ("&#34;", '"'), ("&nbsp;", '\u00A0')];

    /// <summary>The character that an entity at the start of a text stands for, and the entity's length; 0 if there is none.</summary>
    public static (char Character, int Length) Read(ReadOnlySpan<char> text)
    {
        foreach (var (entity, character) in All)
        {
            if (text.StartsWith(entity, StringComparison.Ordinal))
            {
                return (character, entity.Length);
            }
        }

        return ('\0', 0);
    }
}
