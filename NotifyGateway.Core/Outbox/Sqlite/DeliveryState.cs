namespace NotifyGateway.Core.Outbox.Sqlite;

/// <summary>Where one delivery stands, as it is stored.</summary>
internal struct DeliveryState
{
    /// <summary>Not a status of its own: queued, but as another try in a later segment, whose sequence is <see cref="When"/>.</summary>
    public const DeliveryStatus Elsewhere = (DeliveryStatus)5;

    public DeliveryStatus Status;
    public Proof Proof;
    public int Attempts;

    /// <summary>When it was settled, in milliseconds since 1970.</summary>
    public long When;

    public string? Reason;

    public readonly bool IsSettled => Status is not (DeliveryStatus.Queued or Elsewhere);
}

/// <summary>The states of a segment's deliveries, in their order, as bytes. None at all means: all queued, never tried.</summary>
internal static class DeliveryStates
{
    private const int StatusBits = 3;
    private const int ProofBits = 3;
    private const int HasReason = 1 << (StatusBits + ProofBits);

    public static void Write(ReadOnlySpan<DeliveryState> states, ByteWriter bytes)
    {
        bytes.Clear();
        long last = 0;
        foreach (ref readonly var state in states)
        {
            bytes.Byte((byte)((int)state.Status | ((int)state.Proof << StatusBits) | (state.Reason is null ? 0 : HasReason)));
            bytes.Number(state.Attempts);
            if (state.Status != DeliveryStatus.Queued)
            {
                // Neighbours are settled at nearly the same time: differences are short.
                bytes.Signed(state.When - last);
                last = state.When;
            }

            if (state.Reason is { } reason)
            {
                bytes.Text(reason);
            }
        }
    }

    public static void Read(ReadOnlySpan<byte> bytes, Span<DeliveryState> states)
    {
        states.Clear();
        var reader = new ByteReader(bytes);
        long last = 0;
        for (var i = 0; i < states.Length && !reader.AtEnd; i++)
        {
            ref var state = ref states[i];
            var head = reader.Byte();
            state.Status = (DeliveryStatus)(head & ((1 << StatusBits) - 1));
            state.Proof = (Proof)((head >> StatusBits) & ((1 << ProofBits) - 1));
            state.Attempts = reader.Int();
            if (state.Status != DeliveryStatus.Queued)
            {
                last += reader.Signed();
                state.When = last;
            }

            state.Reason = (head & HasReason) != 0 ? reader.Text() : null;
        }
    }
}
