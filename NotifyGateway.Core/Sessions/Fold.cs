namespace NotifyGateway.Core.Sessions;

/// <summary>Where a fold stands: <c>Gathering</c> deliveries, <c>Storing</c> their list, or <c>Ready</c> to be sent.</summary>
internal enum FoldState { Gathering, Storing, Ready }

/// <summary>Deliveries of one lane that are told in one line.</summary>
/// <param name="lane">Whose.</param>
/// <param name="most">How many are gathered at most.</param>
/// <param name="last">Behind this sequence nothing is gathered.</param>
internal sealed class Fold(Lane lane, long most, long last)
{
    /// <summary>So much text of one fold is held in memory, in characters.</summary>
    private const int MaxCharacters = 256 * 1024;

    private readonly List<Delivery> _deliveries = [];
    private readonly List<Delivery> _errors = [];
    private int _characters;

    public Lane Lane { get; } = lane;

    public FoldState State { get; set; }

    /// <summary>When gathering ends with what there is.</summary>
    public TimeSpan Until { get; set; } = TimeSpan.MaxValue;

    /// <summary>That time has come.</summary>
    public bool IsDue { get; set; }

    /// <summary>What is folded, in order.</summary>
    public IReadOnlyList<Delivery> Deliveries => _deliveries;

    /// <summary>What stood between them and is told one by one.</summary>
    public IReadOnlyList<Delivery> Errors => _errors;

    /// <summary>How many were gathered, errors included.</summary>
    public int Gathered => _deliveries.Count + _errors.Count;

    public long LastSequence { get; private set; }

    public bool IsFull => Gathered >= most || _characters >= MaxCharacters || LastSequence >= last;

    /// <summary>The one line. Null while gathering.</summary>
    public Delivery? Line { get; set; }

    public void Add(Delivery delivery)
    {
        (delivery.Notification.Severity == Severity.Error ? _errors : _deliveries).Add(delivery);
        _characters += delivery.Notification.Text.Length;
        LastSequence = delivery.Sequence;
    }
}

/// <summary>A fold whose list is in the outbox and whose line is not proved. What comes to the same deliveries once more, is told under the same link.</summary>
/// <param name="Line">The line's notification, with the id of the list.</param>
/// <param name="Sequences">What is folded.</param>
/// <param name="Last">The last that was gathered, errors included.</param>
/// <param name="At">When it was stored.</param>
internal sealed record StoredFold(Notification Line, long[] Sequences, long Last, TimeSpan At);
