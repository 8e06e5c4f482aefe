namespace NotifyGateway.Core.Sessions.Srv;

/// <summary><c>/etc/resolv.conf</c>, read again when it has changed.</summary>
internal sealed class ResolverFile(string path = ResolverFile.SystemPath)
{
    private const string SystemPath = "/etc/resolv.conf";

    // Read by any session's task; a value that two of them read at once is the same.
    private volatile Reading? _last;

    public ResolverSettings Current()
    {
        var file = new FileInfo(path);
        var stamp = file.Exists ? (file.LastWriteTimeUtc, file.Length) : default;
        if (_last is not { } last || last.Stamp != stamp)
        {
            _last = last = new Reading(stamp, ResolverSettings.Parse(Text()));
        }

        return last.Settings;
    }

    /// <summary>What is not there, or not for us to read, says nothing.</summary>
    private string Text()
    {
        try
        {
            return File.ReadAllText(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }

    private sealed record Reading((DateTime, long) Stamp, ResolverSettings Settings);
}
