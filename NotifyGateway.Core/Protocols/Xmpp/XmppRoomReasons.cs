using System.Globalization;
using System.Xml.Linq;

namespace NotifyGateway.Core.Protocols.Xmpp;

/// <summary>Why a room does not let us in, or has sent us away, in words for users (XEP-0045, sections 7.2, 9 and 10).</summary>
internal static class XmppRoomReasons
{
    /// <summary>What a refused join means.</summary>
    public static (string Reason, RefusalKind Kind) Refused(XmppError error) => error.Condition switch
    {
        "not-authorized" => (Words(error, "the room wants a password, or another one"), RefusalKind.Later),
        "forbidden" => (Words(error, "banned from the room"), RefusalKind.Later),
        "registration-required" => (Words(error, "the room is for members only"), RefusalKind.Later),
        "not-allowed" => (Words(error, "there is no such room, and it may not be made"), RefusalKind.Never),
        "item-not-found" => (Words(error, "the room does not exist or is locked"), RefusalKind.Later),
        "not-acceptable" => (Words(error, "the room allows registered nicks only"), RefusalKind.Later),
        "conflict" => (Words(error, "every nick that we tried is taken"), RefusalKind.Later),
        "service-unavailable" => (Words(error, "the room is full, or there is no such service"), RefusalKind.Later),
        "jid-malformed" => (Words(error, "the room's address or our nick is not valid"), RefusalKind.Never),
        "bad-request" => (Words(error, "the room does not understand the join"), RefusalKind.Never),
        "gone" => (Words(error, "the room is gone" + Moved(error.Content)), RefusalKind.Never),
        "remote-server-not-found" => (Words(error, "the room's server was not found"), RefusalKind.Later),
        XmppError.Timeout => (Words(error, "the room's server does not answer"), RefusalKind.Later),
        _ => (error.ToString(), RefusalKind.Later),
    };

    /// <summary>Why we are out, from the presence that says so.</summary>
    public static string Closed(XElement user)
    {
        if (user.Element(XmppNames.RoomUser + "destroy") is { } destroyed)
        {
            var alternate = XmppError.Words((string?)destroyed.Attribute("jid") ?? "");
            return Said(destroyed, null, "the room was destroyed" + Moved(alternate.Length > 0 ? alternate : null));
        }

        var codes = Codes(user);
        var item = user.Element(XmppNames.RoomUser + "item");
        var what = codes switch
        {
            _ when codes.Contains(301) => "banned",
            _ when codes.Contains(332) => "the room's service shuts down",
            _ when codes.Contains(333) => "removed by the room's service because of a technical problem",
            _ when codes.Contains(321) => "removed: our affiliation has changed",
            _ when codes.Contains(322) => "removed: the room is for members only now",
            _ when codes.Contains(307) => "kicked",
            _ => "no longer in the room",
        };
        return Said(item, item?.Element(XmppNames.RoomUser + "actor"), what);
    }

    public static HashSet<int> Codes(XElement? user) =>
    [
        .. user?.Elements(XmppNames.RoomUser + "status")
            .Select(s => int.TryParse((string?)s.Attribute("code"), NumberStyles.None, CultureInfo.InvariantCulture, out var code) ? code : 0) ?? [],
    ];

    private static string Said(XElement? element, XElement? actor, string what)
    {
        var by = XmppError.Words((string?)actor?.Attribute("nick") ?? (string?)actor?.Attribute("jid") ?? "");
        var reason = XmppError.Words(element?.Element(XmppNames.RoomUser + "reason")?.Value ?? "");
        return $"{what}{(by.Length > 0 ? " by " : "")}{by}{(reason.Length > 0 ? ": " : "")}{reason}";
    }

    private static string Moved(string? address) => address is null ? "" : $", it is now {(address.StartsWith("xmpp:", StringComparison.Ordinal) ? address[5..] : address)}";

    private static string Words(XmppError error, string meaning) => error.Text is null ? $"{error.Condition}: {meaning}" : $"{error.Condition}: {meaning} ({error.Text})";
}
