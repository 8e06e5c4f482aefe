using NotifyGateway.Core.Outbox;

namespace NotifyGateway.Core.Sessions;

/// <summary>Has the lists of folds stored, beside the session's loop, which hears of it by <see cref="SessionEvent.FoldStored"/>.</summary>
/// <param name="post">Into the loop's mailbox.</param>
/// <param name="running">The session's tasks, which it awaits at its end.</param>
internal sealed class FoldStore(IOutbox outbox, Action<SessionEvent> post, List<Task> running, CancellationToken stop)
{
    public void Store(Fold fold, Notification list)
    {
        running.RemoveAll(t => t.IsCompleted);
        running.Add(StoreAsync(fold, list));
    }

    private async Task StoreAsync(Fold fold, Notification list)
    {
        try
        {
            var answer = await outbox.AppendAsync([new OutboxEntry(list, [])], stop);
            post(new SessionEvent.FoldStored(fold, answer[0].Status == AppendStatus.Stored));
        }
        catch (OperationCanceledException)
        {
            // The session ends: what was gathered stays queued.
        }
        catch (Exception e)
        {
            post(new SessionEvent.Crashed(e));
        }
    }
}
