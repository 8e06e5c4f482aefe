using System.Text;
using NotifyGateway.Core;

namespace NotifyGateway.Api.Http;

/// <summary>A destination as a stranger wrote it, fit to be shown or logged.</summary>
internal static class PublicName
{
    private const int MaxLength = 128;

    /// <summary>Without user, password and channel key, without control characters, and not too long.</summary>
    public static string Of(string destination)
    {
        var name = destination;
        if (name.Contains("://", StringComparison.Ordinal))
        {
            name = new SessionKey(name).Name;
            var query = name.IndexOf('?', StringComparison.Ordinal);
            name = query < 0 ? name : name[..query];
        }

        var text = new StringBuilder(Math.Min(name.Length, MaxLength) + 1);
        foreach (var c in name.AsSpan(0, Math.Min(name.Length, MaxLength)))
        {
            text.Append(char.IsControl(c) ? '\uFFFD' : c);
        }

        return name.Length > MaxLength ? text.Append('…').ToString() : text.ToString();
    }

    /// <summary>What could not be resolved, and why: one line each.</summary>
    public static string[] Of(IReadOnlyList<UnknownDestination> unknown) => [.. unknown.Select(u => $"{Of(u.Name)}: {u.Reason}")];
}
