namespace NotifyGateway.Api.Sandbox;

/// <summary>
/// One line of the IRC client protocol (RFC 2812 section 2.3.1). Texts are Latin-1: one char is one byte, so that whatever
/// encoding a client speaks is relayed byte for byte.
/// </summary>
internal readonly record struct SandboxLine(string Command, string[] Parameters)
{
    /// <summary>The first parameter, or empty.</summary>
    public string Target => Parameters.Length > 0 ? Parameters[0] : "";

    /// <summary>Reads a line without its line end. A line without a command is not one.</summary>
    public static bool TryParse(string line, out SandboxLine parsed)
    {
        parsed = default;
        var at = SkipSpaces(line, 0);
        while (at < line.Length && line[at] is '@' or ':')
        {
            // Tags were never offered, and a client's own prefix means nothing: both are skipped.
            at = SkipSpaces(line, EndOfWord(line, at));
        }

        if (at == line.Length)
        {
            return false;
        }

        var end = EndOfWord(line, at);
        var command = line[at..end].ToUpperInvariant();
        var parameters = new List<string>();
        for (at = SkipSpaces(line, end); at < line.Length; at = SkipSpaces(line, end))
        {
            var isTrailing = line[at] == ':' || parameters.Count == 14;
            end = isTrailing ? line.Length : EndOfWord(line, at);
            parameters.Add(line[(line[at] == ':' ? at + 1 : at)..end]);
        }

        parsed = new SandboxLine(command, [.. parameters]);
        return true;
    }

    private static int SkipSpaces(string line, int at)
    {
        while (at < line.Length && line[at] == ' ')
        {
            at++;
        }

        return at;
    }

    private static int EndOfWord(string line, int at)
    {
        var space = line.IndexOf(' ', at);
        return space < 0 ? line.Length : space;
    }
}
