namespace NotifyGateway.Core.Protocols.Irc;

/// <summary>A delivery on its way, until the barrier behind it is answered.</summary>
internal sealed class IrcSent(Delivery delivery, IrcTarget target, IrcBatch batch)
{
    public Delivery Delivery { get; } = delivery;

    public IrcTarget Target { get; } = target;

    public IrcBatch Batch { get; } = batch;

    /// <summary>Settled or given back: what is still said about it does not count.</summary>
    public bool Done { get; set; }

    /// <summary>How many lines it is written in.</summary>
    public int Lines { get; set; }

    /// <summary>How many of them are out.</summary>
    public int Out { get; set; }

    /// <summary>The first barrier behind the last line that is out: when it is answered, nothing more is said about the lines.</summary>
    public long LinesBarrier { get; set; }

    /// <summary>How many lines to its target the server has shown us without a label, at most its own.</summary>
    public int Echoes { get; set; }

    /// <summary>The label of its first line; they count up from there. 0: its lines have none.</summary>
    public long FirstLabel { get; set; }

    /// <summary>The label of the last line that is out.</summary>
    public long LastLabel { get; set; }

    /// <summary>The reference of the batch of ours that its lines went in (IRCv3 draft/multiline); null: they went alone.</summary>
    public string? Reference { get; set; }

    public bool Has(long label) => FirstLabel > 0 && label >= FirstLabel && label <= LastLabel;

    /// <summary>Whether this label is its last line's, or that of its only batch.</summary>
    public bool EndsWith(long label) => FirstLabel > 0 && label == FirstLabel + (Reference is null ? Lines : 1) - 1;
}
