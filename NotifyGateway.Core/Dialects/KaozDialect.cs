namespace NotifyGateway.Core.Dialects;

/// <summary>
/// Kaoz's lines: <c>secret:target:message</c>, and <c>secret::command</c>. The secret is that of any client and may hold colons itself. A
/// target without a channel's prefix is a nick, unless it names a network (<c>libera/#ops</c>). Nobody speaks Kaoz without a secret.
/// </summary>
public sealed class KaozDialect
{
    /// <summary>How many colons a line is searched for the end of its secret: each costs a hash.</summary>
    internal const int MaxColons = 32;

    /// <summary>Longer secrets are not looked for, in bytes: a line's hashes must cost about as much as the line.</summary>
    internal const int LongestSecret = 1024;

    private readonly AddressCache _known = new();

    /// <inheritdoc cref="LineParser"/>
    public LineRequest Parse(ReadOnlySpan<byte> line, Callers callers) =>
        LineText.IsBlank(line) ? LineNothing.Instance : TryParse(line, callers) ?? LineRefusal.WrongSecret;

    /// <summary>Null when the line does not begin with a known secret.</summary>
    internal LineRequest? TryParse(ReadOnlySpan<byte> line, Callers callers)
    {
        Span<int> colons = stackalloc int[MaxColons];
        var count = 0;
        var searched = line[..Math.Min(line.Length, LongestSecret + 1)];
        for (var at = searched.IndexOf((byte)':'); at >= 0 && count < MaxColons;)
        {
            colons[count++] = at;
            var next = searched[(at + 1)..].IndexOf((byte)':');
            at = next < 0 ? -1 : at + 1 + next;
        }

        // The longest first: of two secrets "a" and "a:b", the second would never be found otherwise.
        while (count-- > 0)
        {
            if (colons[count] > 0 && callers.Identify(line[..colons[count]]) is { } client)
            {
                return ParseRequest(client, line[(colons[count] + 1)..]);
            }
        }

        return null;
    }

    private LineRequest ParseRequest(string client, ReadOnlySpan<byte> request)
    {
        var colon = request.IndexOf((byte)':');
        if (colon < 0)
        {
            return LineRefusal.Malformed("neither a message (secret:target:message) nor a command (secret::command)");
        }

        var rest = request[(colon + 1)..];
        if (colon == 0)
        {
            return new LineCommand(client, LineText.Decode(rest));
        }

        return rest.IsEmpty ? LineNothing.Instance : new LineMessage(client, Address(request[..colon]), LineText.Decode(rest));
    }

    private Addressing Address(ReadOnlySpan<byte> target)
    {
        if (_known.Find(target) is { } known)
        {
            return known;
        }

        var name = LineText.Decode(target);
        var address = "#&+!".Contains(name[0], StringComparison.Ordinal) || name.Contains('/', StringComparison.Ordinal)
            ? Addressing.Named(name)
            : Addressing.Prism([name], []);
        _known.Keep(target, address);
        return address;
    }
}
