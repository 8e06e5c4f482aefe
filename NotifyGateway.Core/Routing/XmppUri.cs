using NotifyGateway.Core.Protocols.Xmpp;

namespace NotifyGateway.Core.Routing;

/// <summary>
/// An XMPP destination as a URI (RFC 5122): <c>xmpp:alice@example.org</c>, <c>xmpp:room@conference.example.org?join;nick=N;password=P</c>,
/// <c>xmpp://bot@example.org/room@conference.example.org?join</c>.
/// </summary>
/// <param name="Account">The account that is to deliver, without a resource; null: not said.</param>
/// <param name="Address">Where to; with <see cref="XmppPlace.Unknown"/> where the URI does not say what stands there.</param>
internal readonly record struct XmppUri(Jid? Account, XmppAddress Address)
{
    private const string Scheme = "xmpp:";

    /// <summary>Whether a name can only be meant as such a URI.</summary>
    public static bool IsMeant(string name) => name.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase);

    /// <param name="fault">Why it cannot be read, in words for its sender; holds no secret.</param>
    /// <returns>Null when it cannot be read.</returns>
    public static XmppUri? Parse(string uri, out string? fault)
    {
        var rest = uri[Scheme.Length..];
        if (!rest.StartsWith("//", StringComparison.Ordinal))
        {
            return ParsePlace(rest, out fault) is { } address ? new XmppUri(null, address) : null;
        }

        var slash = rest.IndexOf('/', 2);
        var question = rest.IndexOf('?', StringComparison.Ordinal);
        if (slash < 0 || (question >= 0 && question < slash) || slash == rest.Length - 1)
        {
            fault = "the URI names an account and nobody behind it: xmpp:alice@example.org is a user, xmpp://bot@example.org/alice@example.org chooses the account, too";
            return null;
        }

        if (Jid.Parse(Uri.UnescapeDataString(rest[2..slash]), out var wrong) is not { } account)
        {
            fault = $"the account before the slash is no XMPP address: {wrong}";
            return null;
        }

        return ParsePlace(rest[(slash + 1)..], out fault) is { } place ? new XmppUri(account.Bare, place) : null;
    }

    /// <summary>Reads what follows the account: an address, percent-encoded, and a query.</summary>
    /// <inheritdoc cref="Parse"/>
    public static XmppAddress? ParsePlace(string text, out string? fault)
    {
        var question = text.IndexOf('?', StringComparison.Ordinal);
        if (Jid.Parse(Uri.UnescapeDataString(question < 0 ? text : text[..question]), out fault) is not { } jid)
        {
            fault = $"it is no XMPP address: {fault}";
            return null;
        }

        var words = question < 0 ? [""] : text[(question + 1)..].Split(';');
        switch (words[0].ToUpperInvariant())
        {
            case "" when words.Length == 1:
                return new XmppAddress(jid, XmppPlace.Unknown);
            case "MESSAGE" when words.Length == 1:
                return new XmppAddress(jid, XmppPlace.User);
            case "JOIN":
                return Room(jid, words, out fault);
            default:
                fault = "behind the address stands ?join for a room, ?message for a user, or nothing";
                return null;
        }
    }

    private static XmppAddress? Room(Jid jid, string[] words, out string? fault)
    {
        string? nick = null;
        string? password = null;
        fault = jid.Local is null ? "a room is name@service"
            : jid.Resource is not null ? "a room's address has no slash; our nick there stands behind it: ?join;nick=…"
            : null;
        foreach (var word in words.Skip(1))
        {
            var equals = word.IndexOf('=', StringComparison.Ordinal);
            var value = equals < 0 ? "" : Uri.UnescapeDataString(word[(equals + 1)..]);
            switch (equals < 0 ? "" : word[..equals].ToUpperInvariant())
            {
                case "NICK":
                    nick = value.Length == 0 ? null : value;
                    break;
                case "PASSWORD":
                    password = value.Length == 0 ? null : value;
                    break;
                default:
                    fault ??= "?join takes nick=… and password=…, with semicolons between";
                    break;
            }
        }

        fault ??= nick is null ? null : NickFault(jid, nick);
        fault ??= password is not null && password.Any(char.IsControl) ? "a room's password holds no control character" : null;
        return fault is null ? new XmppAddress(jid, XmppPlace.Room, nick, password) : null;
    }

    private static string? NickFault(Jid room, string nick) =>
        string.IsNullOrWhiteSpace(nick) ? "the nick is empty"
        : Jid.Parse($"{room}/{nick}", out _) is null ? "a nick holds no control character and has at most 1023 bytes"
        : null;
}
