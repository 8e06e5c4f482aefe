using System.Globalization;

namespace NotifyGateway.Core.Protocols.Irc;

/// <summary>What a server says of itself in numeric 005 (RPL_ISUPPORT). Starts with the defaults for a server that says nothing.</summary>
public sealed class Isupport
{
    private const int DefaultLineLength = 512;

    /// <summary>Servers have up to about 60 tokens; what a broken one may make us keep has an end.</summary>
    private const int MaxTokens = 500;

    private readonly Dictionary<string, string> _tokens = new(StringComparer.OrdinalIgnoreCase);

    public CaseMapping CaseMapping { get; private set; } = CaseMapping.Rfc1459;

    /// <summary>The characters that begin a channel's name.</summary>
    public string ChannelTypes { get; private set; } = "#&";

    /// <summary>Bytes of a line, its end included.</summary>
    public int LineLength { get; private set; } = DefaultLineLength;

    /// <summary>Characters of a nick (<c>NICKLEN</c>); null when the server does not say.</summary>
    public int? NickLength => Number(this["NICKLEN"]);

    /// <summary>The value of a token; empty when it has none; null when the server did not send it.</summary>
    public string? this[string token] => _tokens.GetValueOrDefault(token);

    /// <summary>
    /// Takes in one 005: its parameters but the first (our nick) and the sentence at the end, which alone has spaces. Where 005 is still
    /// RPL_BOUNCE, it is nothing but a sentence.
    /// </summary>
    public void Read(in IrcMessage message)
    {
        for (var i = 1; i < message.Count; i++)
        {
            var token = message.Text(i);
            if (token.Length == 0 || token.Contains(' ', StringComparison.Ordinal))
            {
                continue;
            }

            if (token.StartsWith('-'))
            {
                _tokens.Remove(token[1..]);
                continue;
            }

            var equals = token.IndexOf('=', StringComparison.Ordinal);
            var name = equals < 0 ? token : token[..equals];
            if (_tokens.Count < MaxTokens || _tokens.ContainsKey(name))
            {
                _tokens[name] = equals < 0 ? "" : token[(equals + 1)..];
            }
        }

        CaseMapping = CaseMappings.Parse(this["CASEMAPPING"]);
        ChannelTypes = this["CHANTYPES"] is { Length: > 0 } types ? types : "#&";
        LineLength = Math.Clamp(Number(this["LINELEN"]) ?? DefaultLineLength, DefaultLineLength, 65536);
    }

    /// <summary>How many channels with this first character one connection may join (<c>CHANLIMIT</c>, else <c>MAXCHANNELS</c>); int.MaxValue when it names no limit, null when it does not say.</summary>
    public int? ChannelLimit(char type)
    {
        foreach (var part in (this["CHANLIMIT"] ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries))
        {
            var colon = part.IndexOf(':', StringComparison.Ordinal);
            if (colon > 0 && part.AsSpan(0, colon).Contains(type))
            {
                return Number(part[(colon + 1)..]) ?? int.MaxValue;
            }
        }

        return Number(this["MAXCHANNELS"]);
    }

    /// <summary>
    /// Whether a channel mode has an argument (<c>CHANMODES=A,B,C,D</c>: A and B always, C when it is set, D never; those of <c>PREFIX</c> always). Where
    /// the server does not say, as in RFC 2811.
    /// </summary>
    public bool ModeHasArgument(char letter, bool set)
    {
        var groups = (this["CHANMODES"] ?? "beI,k,l,").Split(',');
        var group = Array.FindIndex(groups, g => g.Contains(letter, StringComparison.Ordinal));
        return group is 0 or 1 || (group == 2 && set) || (group < 0 && PrefixModes.Contains(letter, StringComparison.Ordinal));
    }

    /// <summary>The modes that give members a prefix: <c>ov</c> of <c>(ov)@+</c>.</summary>
    private string PrefixModes => this["PREFIX"] is not { } value ? "ov" : value.StartsWith('(') && value.IndexOf(')', StringComparison.Ordinal) is > 0 and var end ? value[1..end] : "";

    private static int? Number(string? value) =>
        int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0 ? number : null;
}
