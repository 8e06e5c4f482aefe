namespace NotifyGateway.Api.Listeners;

/// <summary>Knows a first line that was meant for another kind of server.</summary>
internal static class ForeignProtocol
{
    /// <summary>The protocol's name, or null. A browser can be made to send a request here whose body is lines of ours.</summary>
    public static string? Recognize(ReadOnlySpan<byte> firstLine) => IsHttp(firstLine) ? "HTTP" : firstLine is [0x16, 0x03, ..] ? "TLS" : null;

    /// <summary>The same for a first line that is too long to be held: a browser's URL may be longer than any line.</summary>
    public static string? RecognizeStart(ReadOnlySpan<byte> start)
    {
        var method = start.IndexOfAnyExceptInRange((byte)'A', (byte)'Z');
        return method > 0 && method + 1 < start.Length && start[method] == (byte)' ' && (start[method + 1] == (byte)'/' || start[(method + 1)..].StartsWith("http"u8)) ? "HTTP" : null;
    }

    // RFC 9112 section 3: method SP target SP HTTP/x.y
    private static bool IsHttp(ReadOnlySpan<byte> line)
    {
        var method = line.IndexOfAnyExceptInRange((byte)'A', (byte)'Z');
        var version = line.LastIndexOf((byte)' ');
        return method > 0 && line[method] == (byte)' ' && version > method && line[(version + 1)..].StartsWith("HTTP/"u8);
    }
}
