using NotifyGateway.Core.Configuration;

namespace NotifyGateway.Core.Dialects;

/// <summary>What one line asks for: a <see cref="LineMessage"/>, a <see cref="LineCommand"/>, a <see cref="LineRefusal"/> or <see cref="LineNothing"/>.</summary>
public abstract record LineRequest
{
    private protected LineRequest()
    {
    }
}

/// <summary>A message of an admitted client.</summary>
/// <param name="Client">Who sends, already identified.</param>
public sealed record LineMessage(string Client, Addressing To, string Text) : LineRequest
{
    public string? Title { get; init; }

    public Severity? Severity { get; init; }

    public Markup Markup { get; init; }

    /// <summary>How long it may wait; null: the configured time.</summary>
    public TimeSpan? ExpiresIn { get; init; }

    /// <summary>What makes it the same message as an earlier one, for <see cref="NativeRequest.RepeatWindow"/>; null: it is one of its own.</summary>
    public (string Key, byte[] Fingerprint)? Repeat { get; init; }

    /// <summary>True: one unknown destination refuses the whole.</summary>
    public bool Strict { get; init; }

    /// <summary>True: the sender waits for one line of JSON.</summary>
    public bool WantsReply { get; init; }
}

/// <summary>A question of an admitted client that is answered at once (Kaoz: <c>secret::channels</c>).</summary>
public sealed record LineCommand(string Client, string Name) : LineRequest;

/// <summary>A line that is not served.</summary>
/// <param name="Reason">For a log or the sender: fixed words and numbers, never a part of the line.</param>
/// <param name="Counter">One of <see cref="RefusalReason"/>.</param>
/// <param name="WantsReply">True: the sender waits for one line of JSON.</param>
public sealed record LineRefusal(string Reason, string Counter, bool WantsReply = false) : LineRequest
{
    /// <summary>True: a secret was given, and it is nobody's.</summary>
    public bool IsGuess { get; init; }

    internal static LineRefusal Malformed(string reason) => new(reason, RefusalReason.Malformed);

    internal static LineRefusal WrongSecret { get; } = new("wrong secret", RefusalReason.Unauthorized) { IsGuess = true };

    internal static LineRefusal NoSecret { get; } = new("no secret, and senders without one are not served here", RefusalReason.Unauthorized);
}

/// <summary>A line that asks for nothing.</summary>
public sealed record LineNothing : LineRequest
{
    public static LineNothing Instance { get; } = new();

    private LineNothing()
    {
    }
}

/// <summary>A dialect: understands one line, without its end. Never throws.</summary>
public delegate LineRequest LineParser(ReadOnlySpan<byte> line, Callers callers);

/// <summary>The dialects by name.</summary>
public static class LineDialects
{
    /// <summary>A parser for one listener; safe for all its connections at a time.</summary>
    public static LineParser For(Dialect dialect) => dialect switch
    {
        Dialect.Irker => new IrkerDialect().Parse,
        Dialect.TwistedPrism => TwistedPrismDialect.Parse,
        Dialect.Kaoz => new KaozDialect().Parse,
        _ => new AutoDialect().Parse,
    };
}
