namespace NotifyGateway.Core.Protocols.Irc;

/// <summary>
/// What a server says about our messages, before the PONG that proves the rest: with labels (IRCv3 labeled-response) about exactly one line, without them about a target.
/// What fits nothing on its way settles nothing.
/// </summary>
internal sealed class IrcAnswers(IrcState state, IrcCapabilities capabilities, IrcOutgoing outgoing)
{
    /// <summary>What this part wants switched on where it is offered.</summary>
    public static IReadOnlyList<string> Wanted { get; } = ["message-tags", "batch", "labeled-response", "echo-message", IrcMultiline.Capability];

    private bool _echoing;

    private IrcFlight Flight => outgoing.Flight;

    /// <summary>Capabilities have changed: what is sent from now on has labels or not. Without batches a server could not answer them.</summary>
    public void OnCapabilities()
    {
        outgoing.Labelling = capabilities.Has("labeled-response") && capabilities.Has("batch");
        outgoing.Multiline.OnCapabilities(capabilities);
        _echoing = capabilities.Has("echo-message");
    }

    /// <summary>A message that carries a label, or belongs to the batch of one.</summary>
    /// <returns>Whether it was the answer to one of our messages, and means nothing else.</returns>
    public bool OnLabelled(in IrcMessage message, TimeSpan now)
    {
        var label = outgoing.Labels.Of(message);
        if (label == 0)
        {
            return false;
        }

        var sent = Flight.Labelled(label);
        if (message.Is("BATCH"u8))
        {
            OnBatch(message, label);
        }
        else if (message.Numeric is var numeric and > 0)
        {
            if (!IrcRefusals.IsRefusal(numeric))
            {
                return false;
            }

            Refuse(sent, numeric, IrcState.Reason(message), now);
        }
        else if (message.Is("FAIL"u8) && IsOfBatch(message) && sent?.Reference is not null)
        {
            outgoing.Unbatch(sent, Reason(message), now);
        }
        else if (message.Is("FAIL"u8))
        {
            Refuse(sent, 0, Reason(message), now);
        }
        else if (message.Is("ACK"u8))
        {
            Pass(sent, label, Proof.Ack);
        }
        else if (IsEcho(message))
        {
            Pass(sent, label, Proof.Echo);
        }
        else
        {
            return false;
        }

        return true;
    }

    /// <summary>BATCH: <c>+reference type</c> or <c>-reference</c> (IRCv3 batch).</summary>
    public void OnBatch(in IrcMessage message, long label)
    {
        var reference = message.Text(0);
        if (reference.StartsWith('+'))
        {
            outgoing.Labels.Open(reference[1..], label, Flight.OldestLabel);
        }
        else if (reference.StartsWith('-') && outgoing.Labels.Close(reference[1..]) is > 0 and var whole)
        {
            // The answer is complete, and no part of it was a refusal.
            Pass(Flight.Labelled(whole), whole, Proof.Ack);
        }
    }

    /// <summary>
    /// PRIVMSG or NOTICE without a label. Our own come back in the order in which we sent them; since another client of ours, behind the same bouncer, may
    /// say something too, they count only when the PONG has come.
    /// </summary>
    public void OnMessage(in IrcMessage message, TimeSpan now)
    {
        if (_echoing && !outgoing.Labelling && IsEcho(message))
        {
            if (Flight.AwaitingEcho(message.Text(0)) is { } sent)
            {
                sent.Echoes++;
            }
        }
        else if (message.Is("NOTICE"u8) && IrcRefusals.Throttled(message) is { } target && Flight.InOldest(target) is { } throttled)
        {
            outgoing.Refuse(throttled, IrcRefusals.TooFast, IrcState.Words(message.Last), now);
        }
    }

    /// <summary>
    /// An error numeric that names a target. It can only be about the oldest batch: the answers to a later one come after this one's PONG.
    /// </summary>
    public void OnError(in IrcMessage message, TimeSpan now)
    {
        // By name, not by what we believe to be in: a kick may have come between. Some servers leave our nick out.
        var first = message.Text(0);
        var sent = Flight.InOldest(message.Text(1)) ?? (state.IsUs(first) ? null : Flight.InOldest(first));
        if (sent is null && IrcRefusals.NamesNoTarget(message.Numeric) && Flight.OpenInOldest() is [var only])
        {
            sent = only;
        }

        Refuse(sent, message.Numeric, IrcState.Reason(message), now);
    }

    /// <summary>
    /// 263: <c>us COMMAND :Please wait a while and try again.</c> names no target: all that it may mean are sent again, since a message twice is
    /// better than none.
    /// </summary>
    public void OnTryAgain(in IrcMessage message, TimeSpan now)
    {
        if (!string.Equals(message.Text(1), state.Options.Command, StringComparison.OrdinalIgnoreCase))
        {
            return;
        }

        foreach (var sent in Flight.OpenInOldest())
        {
            outgoing.Refuse(sent, message.Numeric, IrcState.Reason(message), now);
        }
    }

    /// <summary>FAIL: <c>command code [context …] :words</c> (IRCv3 standard replies); one of the context's words may be the target.</summary>
    public void OnFail(in IrcMessage message, TimeSpan now)
    {
        if (IsOfBatch(message))
        {
            OnBatchFailed(message, now);
            return;
        }

        if (!string.Equals(message.Text(0), state.Options.Command, StringComparison.OrdinalIgnoreCase))
        {
            return;
        }

        for (var i = 2; i < message.Count - 1; i++)
        {
            Refuse(Flight.InOldest(message.Text(i)), 0, Reason(message), now);
        }
    }

    /// <summary>
    /// <c>BATCH code [context …] :words</c> about a batch of ours. Its context may name the batch or its target; if not, it may be about any of those that are
    /// not proved: all go again, since a message twice is better than none.
    /// </summary>
    private void OnBatchFailed(in IrcMessage message, TimeSpan now)
    {
        var context = new List<string>();
        for (var i = 2; i < message.Count - 1; i++)
        {
            context.Add(message.Text(i));
        }

        var open = Flight.OpenInOldest().Where(s => s.Reference is not null).ToList();
        var named = open.Where(s => context.Any(c => string.Equals(c, s.Reference, StringComparison.Ordinal) || state.Isupport.CaseMapping.Same(c, s.Target.Name))).ToList();
        var meant = named.Count == 0 && message.Text(1).StartsWith("MULTILINE_", StringComparison.OrdinalIgnoreCase) ? open : named;
        foreach (var sent in meant)
        {
            outgoing.Unbatch(sent, Reason(message), now);
        }
    }

    private static bool IsOfBatch(in IrcMessage fail) => string.Equals(fail.Text(0), "BATCH", StringComparison.OrdinalIgnoreCase);

    private void Refuse(IrcSent? sent, int numeric, string reason, TimeSpan now)
    {
        if (sent is not null)
        {
            outgoing.Refuse(sent, numeric, reason, now);
        }
    }

    /// <summary>The server handles our lines in order: a delivery whose last line has passed, and of which none was refused, is through.</summary>
    private void Pass(IrcSent? sent, long label, Proof proof)
    {
        if (sent is not null && sent.EndsWith(label))
        {
            outgoing.Pass(sent, proof);
        }
    }

    private bool IsEcho(in IrcMessage message) =>
        (message.Is("PRIVMSG"u8) || message.Is("NOTICE"u8)) && state.IsUs(IrcSource.Parse(message.Source).Nick);

    private static string Reason(in IrcMessage fail) => $"{fail.Text(1)} {IrcState.Words(fail.Last)}".Trim();
}
