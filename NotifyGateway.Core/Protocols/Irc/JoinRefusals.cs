using System.Collections.Frozen;

namespace NotifyGateway.Core.Protocols.Irc;

/// <summary>
/// What a numeric that names a channel says of our JOIN. Servers agree on RFC 1459's and on little else, so the rest is by server; one that stands
/// nowhere here, but names a channel that is being joined, is a refusal that may pass.
/// </summary>
internal static class JoinRefusals
{
    public const int Forwarded = 470;
    public const int BadKey = 475;

    /// <summary>Only names that can be no channel are hopeless: whatever an operator has set, an operator can undo.</summary>
    private static readonly FrozenDictionary<int, RefusalKind> OnlyOfJoin = new Dictionary<int, RefusalKind>
    {
        [405] = RefusalKind.LimitReached, // RFC 1459: too many channels
        [448] = RefusalKind.Later, // UnrealIRCd: a forbidden channel
        [Forwarded] = RefusalKind.Later, // Solanum, InspIRCd, UnrealIRCd: joined another one instead
        [471] = RefusalKind.Later, // RFC 1459: +l; ngIRCd: also +z, +O and +R
        [473] = RefusalKind.Later, // RFC 1459: +i
        [474] = RefusalKind.Later, // RFC 1459: +b
        [BadKey] = RefusalKind.Later, // RFC 1459: +k
        [476] = RefusalKind.Never, // RFC 2812: no mask that the server accepts
        [479] = RefusalKind.Never, // ircu, ircd-hybrid, Solanum: an illegal name
        [480] = RefusalKind.Later, // Solanum: +j, and TLS only; ircd-hybrid: TLS only
        [485] = RefusalKind.Later, // ircd-hybrid, Bahamut: reserved
        [489] = RefusalKind.Later, // UnrealIRCd, InspIRCd: TLS only
        [495] = RefusalKind.Later, // InspIRCd 2: so soon after a kick
        [500] = RefusalKind.Later, // UnrealIRCd 3: too many JOINs
        [519] = RefusalKind.Later, // UnrealIRCd, Solanum: administrators only
        [520] = RefusalKind.Later, // UnrealIRCd, InspIRCd, Solanum, ircd-hybrid: operators only
        [609] = RefusalKind.Later, // InspIRCd: too many JOINs (+j)
        [926] = RefusalKind.Later, // InspIRCd: banned channels (CBAN)
    }.ToFrozenDictionary();

    /// <summary>Whether it is about a JOIN and never about a message.</summary>
    public static bool IsOnlyOfJoin(int numeric) => OnlyOfJoin.ContainsKey(numeric);

    /// <summary>
    /// Whether it is never about a JOIN: 404, 408 and 442 refuse a message, 716 is a user's (callerid), 441, 443, 467, 472, 478 and 482 answer
    /// INVITE and MODE, which a user may have put into what is sent after login.
    /// </summary>
    public static bool IsNeverOfJoin(int numeric) => numeric is 404 or 408 or 441 or 442 or 443 or 467 or 472 or 478 or 482 or 716;

    /// <summary>
    /// What the refusal means. Besides those above: 403 (RFC 1459) is no channel's name; 407 (irc2: a short name that several channels have), 437 (irc2, ircd-hybrid: not available, after a netsplit; InspIRCd: so soon after a kick), 439 (ircu:
    /// too many targets in a short time), 477 (a registered nick is needed) and 263 (RFC 2812: try again) may pass.
    /// </summary>
    public static RefusalKind KindOf(int numeric) => numeric == 403 ? RefusalKind.Never : OnlyOfJoin.GetValueOrDefault(numeric, RefusalKind.Later);

    /// <summary>Whether a login with services may lift it: 477, and 471, since ngIRCd says that of +R too.</summary>
    public static bool IsLiftedByLogin(int numeric) => numeric is 471 or 477;
}
