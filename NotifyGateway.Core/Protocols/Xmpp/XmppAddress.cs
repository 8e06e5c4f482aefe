namespace NotifyGateway.Core.Protocols.Xmpp;

/// <summary>What stands at an address.</summary>
public enum XmppPlace
{
    /// <summary>Not said: the server is asked (XEP-0030) before the first delivery.</summary>
    Unknown,

    /// <summary>A person, or whatever else takes <c>chat</c> messages.</summary>
    User,

    /// <summary>A room (XEP-0045), which is joined.</summary>
    Room,
}

/// <summary>
/// A place that XMPP delivers to, as <see cref="Destination.Address"/> has it in one string: <c>JID</c>, <c>JID unknown nick=N</c>, <c>JID user</c> or
/// <c>JID room [nick=N] [password=P]</c>. The first word holds no secret; what is no word is percent-encoded.
/// </summary>
/// <param name="Jid">A user's bare or full address; a room's bare one.</param>
/// <param name="Place">What stands there.</param>
/// <param name="Nick">Ours in the room, should it be one; null: the account's usual one.</param>
/// <param name="Password">The room's; null: none.</param>
public sealed record XmppAddress(Jid Jid, XmppPlace Place, string? Nick = null, string? Password = null)
{
    private const string User = "user";
    private const string Room = "room";
    private const string Unknown = "unknown";
    private const string NickIs = "nick=";
    private const string PasswordIs = "password=";

    /// <summary>Without the password.</summary>
    public override string ToString() => (this with { Password = null }).Format();

    /// <summary>The one string, which <see cref="Parse"/> reads.</summary>
    public string Format() => string.Concat(
        Escape(Jid.ToString(), keep: "@/:[]"),
        Place switch { XmppPlace.User => $" {User}", XmppPlace.Room => $" {Room}", _ => Nick is null ? "" : $" {Unknown}" },
        Place == XmppPlace.User || Nick is null ? "" : $" {NickIs}{Escape(Nick)}",
        Place != XmppPlace.Room || Password is null ? "" : $" {PasswordIs}{Escape(Password)}");

    /// <summary>Reads what <see cref="Format"/> wrote.</summary>
    /// <param name="fault">Why it is none, without its secret; null when it is one.</param>
    /// <returns>Null when it is none.</returns>
    public static XmppAddress? Parse(string address, out string? fault)
    {
        var words = address.Split(' ');
        if (Jid.Parse(Uri.UnescapeDataString(words[0]), out fault) is not { } jid)
        {
            return null;
        }

        var place = words.Length == 1 ? XmppPlace.Unknown : words[1] switch { User => XmppPlace.User, Room => XmppPlace.Room, Unknown => XmppPlace.Unknown, _ => (XmppPlace?)null };
        var further = words.Skip(2).ToArray();
        fault = place is null || !Array.TrueForAll(further, w => IsKnown(w, place.Value))
            ? "an address is a JID, then user or room, then a room's nick= and password="
            : place == XmppPlace.Room && jid is not { Local: not null, Resource: null } ? $"{jid} is no room: a room is name@service" : null;
        return fault is null ? new XmppAddress(jid, place!.Value, Value(further, NickIs), Value(further, PasswordIs)) : null;
    }

    private static bool IsKnown(string word, XmppPlace place) =>
        (place != XmppPlace.User && word.StartsWith(NickIs, StringComparison.Ordinal)) || (place == XmppPlace.Room && word.StartsWith(PasswordIs, StringComparison.Ordinal));

    private static string? Value(string[] words, string name) =>
        Array.Find(words, w => w.StartsWith(name, StringComparison.Ordinal)) is { } word ? Uri.UnescapeDataString(word[name.Length..]) : null;

    private static string Escape(string text, string keep = "")
    {
        // Lone surrogates would throw, and mean nothing.
        var escaped = Uri.EscapeDataString(string.Concat(text.EnumerateRunes()));
        return keep.Aggregate(escaped, (whole, c) => whole.Replace(Uri.HexEscape(c), c.ToString(), StringComparison.Ordinal));
    }
}
