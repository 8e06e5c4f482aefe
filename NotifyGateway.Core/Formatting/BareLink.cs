using System.Buffers;

namespace NotifyGateway.Core.Formatting;

/// <summary>Links that stand in a text as they are: their underscores and tildes are no marks.</summary>
internal static class BareLink
{
    private static readonly SearchValues<char> Ends = SearchValues.Create(" \t\r\n<>`|[]\"");

    /// <summary>How long the rest of a link is, from its <c>://</c> on; 0 if none begins there. Marks and punctuation at its end are not its.</summary>
    public static int Length(ReadOnlySpan<char> text)
    {
        if (!text.StartsWith("://", StringComparison.Ordinal))
        {
            return 0;
        }

        var end = text.IndexOfAny(Ends);
        var link = (end < 0 ? text : text[..end]).TrimEnd("*_~.,;:!?)'");
        return link.Length > "://".Length ? link.Length : 0;
    }

    /// <summary>Whether it begins like a link that people can follow.</summary>
    public static bool IsLink(ReadOnlySpan<char> text) =>
        text.StartsWith("https://", StringComparison.OrdinalIgnoreCase) || text.StartsWith("http://", StringComparison.OrdinalIgnoreCase)
        || text.StartsWith("mailto:", StringComparison.OrdinalIgnoreCase);
}
