using System.Text;
using NotifyGateway.Core;

namespace NotifyGateway.Api.Listeners;

/// <summary>What the intake refused, in words that may be logged.</summary>
internal static class DoorRefusal
{
    private const int LongestName = 100;
    private const int MostNames = 5;

    /// <summary>Null when the whole was accepted.</summary>
    public static string? Of(IntakeResult result)
    {
        if (result.Unknown.Count > 0)
        {
            var names = string.Join("; ", result.Unknown.Take(MostNames).Select(u => $"{Nameable(u.Name)}: {Nameable(u.Reason)}"));
            return result.Unknown.Count > MostNames ? $"{names}; and {result.Unknown.Count - MostNames} more" : names;
        }

        return result.IsAccepted ? null : result.Reason ?? "refused";
    }

    /// <summary>A destination as the sender wrote it, without what may be a secret: a URL's user and password, and a channel's key.</summary>
    internal static string Nameable(string name)
    {
        var scheme = name.IndexOf("://", StringComparison.Ordinal);
        var at = scheme < 0 ? -1 : name.LastIndexOf('@');
        var shown = at < 0 ? name : string.Concat(name.AsSpan(0, scheme + 3), name.AsSpan(at + 1));
        var key = shown.IndexOf('?', StringComparison.Ordinal);
        var text = new StringBuilder(key < 0 ? shown : shown[..key]);
        for (var i = 0; i < text.Length; i++)
        {
            text[i] = char.IsControl(text[i]) ? '?' : text[i];
        }

        return text.Length <= LongestName ? text.ToString() : $"{text.ToString(0, LongestName)}…";
    }
}
