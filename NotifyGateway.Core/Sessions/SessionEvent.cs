using NotifyGateway.Core.Protocols;

namespace NotifyGateway.Core.Sessions;

/// <summary>What reaches a session's owner loop.</summary>
internal abstract record SessionEvent
{
    /// <summary>The outbox may have something new.</summary>
    public sealed record Available : SessionEvent;

    public sealed record Tick : SessionEvent;

    public sealed record Connecting(Link Link) : SessionEvent;

    /// <param name="Tls">Null: the connection began without TLS.</param>
    public sealed record Connected(Link Link, IReadOnlyList<ExpiringCertificate> Expiring, TlsFacts? Tls) : SessionEvent;

    /// <summary>A connection that began without TLS has it now.</summary>
    public sealed record Secured(Link Link, IReadOnlyList<ExpiringCertificate> Expiring, TlsFacts Tls) : SessionEvent;

    public sealed record Written : SessionEvent;

    public sealed record Waiting(Link Link, LinkEnd End, TimeSpan Delay) : SessionEvent;

    /// <summary>A link's task met what it has no answer to.</summary>
    public sealed record Crashed(Exception Exception) : SessionEvent;

    /// <summary>Connect anew, at once.</summary>
    public sealed record Reconnect : SessionEvent;

    /// <summary>How would this message be written to this address, with this before it?</summary>
    public sealed record Preview(Notification Notification, string Address, string Lead) : SessionEvent
    {
        private readonly TaskCompletionSource<MessagePreview> _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task<MessagePreview> Answered => _answer.Task;

        public void Answer(MessagePreview preview) => _answer.TrySetResult(preview);
    }

    /// <summary>Send nothing more; say goodbye when what is in flight is settled, or at once.</summary>
    public sealed record Stop(bool AtOnce, string Reason) : SessionEvent
    {
        /// <summary>How long what is in flight may take; null: until it is told to stop at once.</summary>
        public TimeSpan? Within { get; init; }

        /// <summary>What others see of it.</summary>
        public string Goodbye { get; init; } = "gateway stopped";
    }

    /// <summary>Other settings, with which the connections go on.</summary>
    public sealed record Changed(SessionSettings Settings) : SessionEvent;

    /// <summary>The outbox has taken the list of a fold, or could not.</summary>
    public sealed record FoldStored(Fold Fold, bool Success) : SessionEvent;

    /// <summary>Bytes from a link, which reads on when they are consumed.</summary>
    public sealed record Received(Link Link, byte[] Buffer, int Count) : SessionEvent
    {
        private readonly TaskCompletionSource _consumed = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task Consumed => _consumed.Task;

        public void Done() => _consumed.SetResult();
    }

    /// <summary>A link has no connection any more; its socket is closed.</summary>
    public sealed record Down(Link Link, string Reason) : SessionEvent
    {
        private readonly TaskCompletionSource<LinkEnd> _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task<LinkEnd> Answered => _answer.Task;

        public void Answer(LinkEnd end) => _answer.SetResult(end);
    }
}
