namespace NotifyGateway.Core.Protocols.Irc;

/// <summary>
/// What a server's last words (ERROR) ask for. They have no code, and no two servers word them alike: this table is the one place that reads
/// what was written for people. What it does not know is an ordinary loss, after which we come back soon.
/// </summary>
internal static class IrcClosing
{
    /// <summary>An operator's KILL is no ban, whatever reason the operator gives for it.</summary>
    private static readonly string[] Killed = ["(Killed (", "[Killed (", "KILLed by", "Killed by"];

    /// <summary>Too often, or too many: soon it may be otherwise. First, as some servers ban for it ("Z-lined: attempting to connect too many times").</summary>
    private static readonly string[] Patience =
    [
        "throttl", // UnrealIRCd, ircu, Solanum, ircd-hybrid
        "too fast", // ratbox: "Trying to reconnect too fast"
        "too many", // connections: ngIRCd, irc2, ircd-hybrid, UnrealIRCd, InspIRCd's connectban
        "no more connections", // ircu, irc2: the class is full; InspIRCd
        "server is full", // ircd-hybrid, Solanum
        "session limit exceeded", // services
        "try again later",
    ];

    /// <summary>Not with this configuration, or not from here.</summary>
    private static readonly string[] Refusal =
    [
        "password", // "Bad Password", "Password mismatch", "Invalid password"
        "access denied", // ngIRCd, InspIRCd
        "denied access", // irc2
        "not authori", "unauthori", "no authori", // "not authorized to use this server", "Unauthorised connection", "No Authorization"
        "SASL access only", "identify via SASL", // Solanum
        "banned", // "You are banned", "User is banned", "has been banned from"
        "K-line", "G-line", "Z-line", "D-line", "X-line", "Q-line", "K:line", "G:line", "Z:line", "kline", "gline", "zline",
        "akill", "autokill",
    ];

    public static CloseKind KindOf(string words) =>
        Holds(words, Killed) ? CloseKind.Lost
        : Holds(words, Patience) ? CloseKind.Throttled
        : Holds(words, Refusal) ? CloseKind.Refused
        : CloseKind.Lost;

    private static bool Holds(string words, string[] signs) => Array.Exists(signs, s => words.Contains(s, StringComparison.OrdinalIgnoreCase));
}
