using NotifyGateway.Core;

namespace NotifyGateway.Api.Cli.Send;

/// <summary>What became of it.</summary>
/// <param name="Deliveries">One for each destination.</param>
/// <param name="Refusals">Why nothing was sent, or nothing is known; each holds no secret.</param>
internal sealed record SendOutcome(IReadOnlyList<SentDelivery> Deliveries, IReadOnlyList<string> Refusals)
{
    public static SendOutcome Refused(params IReadOnlyList<string> reasons) => new([], reasons);

    /// <summary>Tells what was not delivered, and why; of what was only if asked.</summary>
    /// <returns>The exit code.</returns>
    public int Tell(TextWriter output, TextWriter errors, bool verbose)
    {
        foreach (var refusal in Refusals)
        {
            errors.WriteLine(OneLine(refusal));
        }

        foreach (var delivery in Deliveries)
        {
            if (!delivery.IsDelivered)
            {
                errors.WriteLine(OneLine($"{delivery.To}: {delivery.Reason}"));
            }
            else if (verbose)
            {
                output.WriteLine(OneLine($"{delivery.To}: delivered ({delivery.Proof})"));
            }
        }

        return Refusals.Count == 0 && Deliveries.All(d => d.IsDelivered) ? ExitCode.Done : ExitCode.NotDelivered;
    }

    /// <summary>A server's words reach a terminal here: no control character of theirs does.</summary>
    private static string OneLine(string text) => string.Concat(text.Select(c => char.IsControl(c) ? ' ' : c));
}

/// <summary>One delivery.</summary>
/// <param name="To">The destination's public name.</param>
/// <param name="Reason">Why it is not delivered; the other side's words where there are any.</param>
/// <param name="Proof">What showed that it is.</param>
internal sealed record SentDelivery(string To, bool IsDelivered, string? Reason, string? Proof)
{
    /// <param name="to">The destination's public name.</param>
    /// <param name="status">The API's word.</param>
    /// <param name="reason">As the receipt has it.</param>
    /// <param name="proof">The API's word.</param>
    /// <param name="waited">How long.</param>
    /// <param name="queued">What happens to one that still waits.</param>
    public static SentDelivery Of(string to, string status, string? reason, string? proof, TimeSpan waited, string queued) => status switch
    {
        "delivered" => new SentDelivery(to, true, null, proof),
        "queued" => new SentDelivery(to, false, $"not delivered within {waited.TotalSeconds:0} s{queued}: {reason ?? "the server has not answered yet"}", null),
        "failed" => new SentDelivery(to, false, reason ?? "failed", null),
        _ => new SentDelivery(to, false, reason is null ? status : $"{status}: {reason}", null),
    };

    /// <summary>Of a message that was sent from this process: what still waits is given up with it.</summary>
    public static IReadOnlyList<SentDelivery> Of(Receipt receipt, TimeSpan waited) =>
        [.. receipt.Deliveries.Select(d => Of(d.To, Http.Words.Of(d.Status), d.Reason, Http.Words.Of(d.Proof), waited, ""))];
}
