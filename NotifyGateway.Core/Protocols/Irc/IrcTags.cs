using System.Text;

namespace NotifyGateway.Core.Protocols.Irc;

/// <summary>Message tags (IRCv3 message-tags): <c>key=value;key</c> with escapes. The last of two equal keys counts.</summary>
public static class IrcTags
{
    /// <summary>The value of a tag, unescaped; empty when it has none; null when the tag is absent.</summary>
    public static string? Find(ReadOnlySpan<byte> tags, ReadOnlySpan<byte> key)
    {
        string? found = null;
        foreach (var range in tags.Split((byte)';'))
        {
            var tag = tags[range];
            var equals = tag.IndexOf((byte)'=');
            if ((equals < 0 ? tag : tag[..equals]).SequenceEqual(key))
            {
                found = equals < 0 ? "" : Unescape(IrcMessage.Decode(tag[(equals + 1)..]));
            }
        }

        return found;
    }

    /// <summary>Undoes <c>\:</c>, <c>\s</c>, <c>\\</c>, <c>\r</c>, <c>\n</c>; any other backslash is dropped.</summary>
    public static string Unescape(string value)
    {
        if (!value.Contains('\\', StringComparison.Ordinal))
        {
            return value;
        }

        var text = new StringBuilder(value.Length);
        for (var i = 0; i < value.Length; i++)
        {
            if (value[i] != '\\')
            {
                text.Append(value[i]);
            }
            else if (++i < value.Length)
            {
                text.Append(value[i] switch { ':' => ';', 's' => ' ', 'r' => '\r', 'n' => '\n', var other => other });
            }
        }

        return text.ToString();
    }
}
