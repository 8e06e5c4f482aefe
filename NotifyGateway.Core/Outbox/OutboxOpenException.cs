namespace NotifyGateway.Core.Outbox;

/// <summary>The outbox's file cannot be used: it belongs to another process, is damaged, is newer than this program or cannot be written. Nothing in it was changed.</summary>
public sealed class OutboxOpenException(string path, string reason, Exception? inner = null)
    : Exception($"The outbox {path} cannot be opened: {reason}", inner)
{
    /// <summary>The file, as configured.</summary>
    public string Path { get; } = path;
}

/// <summary>A cancel or a retry could not be stored; <see cref="IOutbox.Fault"/> says why. Nothing was changed.</summary>
public sealed class OutboxFaultException(string fault, Exception? inner = null) : Exception($"The outbox cannot store anything at the moment: {fault}", inner);
