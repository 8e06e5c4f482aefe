namespace NotifyGateway.Core.Configuration;

/// <summary>The host of a URL as it is asked for: in ASCII. What may stand in a URL may still be no name (IDNA), which .NET says late and by throwing.</summary>
internal static class UrlHost
{
    /// <summary>Null where it is none.</summary>
    public static string? Of(Uri url)
    {
        try
        {
            return url.IdnHost is { Length: > 0 } host ? host : null;
        }
        catch (UriFormatException)
        {
            return null;
        }
    }
}
