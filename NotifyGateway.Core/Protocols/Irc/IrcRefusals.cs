namespace NotifyGateway.Core.Protocols.Irc;

/// <summary>What is done about a message that the server refuses.</summary>
internal enum IrcRemedy
{
    /// <summary>Nothing: it failed, in the server's words.</summary>
    Fail,

    /// <summary>Once more, after a JOIN that shows whether we are in.</summary>
    Verify,

    /// <summary>Once more without colour and format codes.</summary>
    Strip,

    /// <summary>Again after a while.</summary>
    Wait,
}

/// <summary>The one place that knows what the numerics about messages mean.</summary>
internal static class IrcRefusals
{
    /// <summary>Tries of a delivery that the server takes for too fast, beyond the first.</summary>
    public const int MaxWaits = 3;

    /// <summary>What a refusal in words alone amounts to.</summary>
    public const int TooFast = 439;

    private static readonly TimeSpan FirstWait = TimeSpan.FromSeconds(10);

    /// <summary>
    /// <para>What a refusal asks for. In order, each at most once for a delivery, but for waiting, which is bounded by <see cref="MaxWaits"/>:</para>
    /// <list type="table">
    /// <item><term>263, 437, 439</term><description>too fast, or split off (RFC 2812; ircu's target change limit): wait</description></item>
    /// <item><term>404, 408 about colours</term><description>mode +c (404 InspIRCd, UnrealIRCd, Solanum; 408 ircd-hybrid, Bahamut): strip</description></item>
    /// <item><term>401, 403, 404, 442 for a channel</term><description>we may have been removed: verify; still refused, it may be the colours: strip</description></item>
    /// <item><term>any other from 400 to 599, 716</term><description>fail: no such nick (401), moderated or banned (404), must be logged in (477, 486, 531), callerid (716) …</description></item>
    /// </list>
    /// </summary>
    public static IrcRemedy Of(int numeric, string words, IrcSent sent)
    {
        var delivery = sent.Delivery;
        var formatted = !delivery.Plain && !sent.Target.Plain && Formatting.IrcText.IsFormatted(delivery.Notification);
        return numeric switch
        {
            263 or 437 or 439 => delivery.Waits < MaxWaits ? IrcRemedy.Wait : IrcRemedy.Fail,
            408 when formatted => IrcRemedy.Strip,
            404 when formatted && IsAboutColours(words) => IrcRemedy.Strip,
            401 or 403 or 404 or 442 when sent.Target.IsChannel && delivery.Refusals == 0 => IrcRemedy.Verify,
            404 when formatted => IrcRemedy.Strip,
            _ => IrcRemedy.Fail,
        };
    }

    /// <summary>Whether a number that carries the label of a message refuses it.</summary>
    public static bool IsRefusal(int numeric) => numeric is (>= 400 and < 600) or 263 or 716;

    /// <summary>Refusals that name no target: only where a single message can be meant, they are about it.</summary>
    public static bool NamesNoTarget(int numeric) => numeric is 411 or 412 or 417;

    /// <summary>A target's colours are refused for sure: its next messages need not try.</summary>
    public static bool IsAboutColours(int numeric, string words) => numeric == 408 || IsAboutColours(words);

    /// <summary>How long to wait before the next try: the seconds that some servers name are not believed.</summary>
    /// <param name="waits">How often it has waited before.</param>
    public static TimeSpan Wait(int waits) => FirstWait * (1 << Math.Min(waits, MaxWaits));

    /// <summary>
    /// The target that a server names when it drops a message without a numeric, as ircd-hybrid and the ratbox family do (<c>floodcount</c>):
    /// <c>NOTICE us :*** Message to #a throttled due to flooding</c>. Null: it says something else.
    /// </summary>
    public static string? Throttled(in IrcMessage notice)
    {
        const string Before = "*** Message to ";
        const string After = " throttled due to flooding";
        if (notice.Source.Contains((byte)'!') || !notice.Last.EndsWith("flooding"u8))
        {
            return null;
        }

        var words = IrcMessage.Decode(notice.Last);
        return words.StartsWith(Before, StringComparison.Ordinal) && words.EndsWith(After, StringComparison.Ordinal) && words.Length > Before.Length + After.Length
            ? words[Before.Length..^After.Length]
            : null;
    }

    private static bool IsAboutColours(string words) =>
        words.Contains("colo", StringComparison.OrdinalIgnoreCase) || words.Contains("control codes", StringComparison.OrdinalIgnoreCase) || words.Contains("(+c", StringComparison.Ordinal);
}
