namespace NotifyGateway.Core.Dialects;

/// <summary>irccat's line: <c>#channel,@nick text</c>, targets separated by commas, each a channel or <c>@</c> and a nick.</summary>
internal static class IrccatLine
{
    /// <summary>Null when the line has another shape.</summary>
    public static LineRequest? TryParse(ReadOnlySpan<byte> line, Callers callers)
    {
        var space = line.IndexOfAny((byte)' ', (byte)'\t');
        if (space < 0 || line[0] is not ((byte)'#' or (byte)'@'))
        {
            return null;
        }

        List<string> channels = [], users = [];
        foreach (var target in LineText.Decode(line[..space]).Split(','))
        {
            if (target.Length < 2 || target[0] is not ('#' or '&' or '@'))
            {
                return null;
            }

            if (target[0] == '@')
            {
                users.Add(target[1..]);
            }
            else
            {
                channels.Add(target);
            }
        }

        var text = line[(space + 1)..].TrimStart(" \t"u8);
        return text.IsEmpty ? LineRefusal.Malformed("a target without a text")
            : callers.Anonymous is { } client ? new LineMessage(client, Addressing.Prism(users, channels), LineText.Decode(text))
            : LineRefusal.NoSecret;
    }
}
