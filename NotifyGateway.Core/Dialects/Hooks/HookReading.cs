namespace NotifyGateway.Core.Dialects.Hooks;

/// <summary>What a sender's request turned out to be.</summary>
public abstract record HookReading
{
    private HookReading()
    {
    }

    /// <summary>
    /// A text for people. Title and text may hold IRC's format codes (<see cref="Formatting.IrcFormat"/>): they are how this house writes bold, italic, strike, code and
    /// colour, whatever the wire.
    /// </summary>
    public sealed record Message(string Text) : HookReading
    {
        public string? Title { get; init; }

        public Severity? Severity { get; init; }

        /// <summary>How <see cref="Text"/> is to be read.</summary>
        public Markup Markup { get; init; }

        /// <summary>What a repeat of the same event has in common with it; null: the sender has no such thing.</summary>
        public HookRepeat? Repeat { get; init; }

        /// <summary>The channel that the payload asks for. It counts only if the hook's <c>To</c> has it.</summary>
        public string? Channel { get; init; }

        /// <summary>The sender is a client of Rocket.Chat, which looks for <c>{"success":true}</c> in the answer.</summary>
        public bool WantsSuccess { get; init; }
    }

    /// <summary>An event that a template puts into words: the name of the template and what it may use.</summary>
    internal sealed record Event(string Template, PayloadObject Model) : HookReading
    {
        public Severity? Severity { get; init; }

        public HookRepeat? Repeat { get; init; }
    }

    /// <summary>An event that is of no interest to people: it is answered as a success and nothing is sent.</summary>
    /// <param name="Why">For the log.</param>
    public sealed record Silence(string Why) : HookReading;

    /// <summary>It cannot be read, or says nothing.</summary>
    /// <param name="Why">For the sender; holds nothing of the body.</param>
    public sealed record Refused(HookFault Fault, string Why) : HookReading;
}

/// <summary>What is wrong with a request to a hook.</summary>
public enum HookFault
{
    /// <summary>It is not what it declares to be.</summary>
    InvalidPayload,

    /// <summary>It holds no text for people.</summary>
    NoText,
}

/// <summary>How a repeated event is known again.</summary>
/// <param name="Key">Unique among the sender's events.</param>
/// <param name="IsDelivery">True: the sender's own id of this delivery, remembered for a day. False: what the event is about, remembered for the hook's <c>Repeat</c>.</param>
public sealed record HookRepeat(string Key, bool IsDelivery);
