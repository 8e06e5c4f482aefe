using System.Net;
using NotifyGateway.Core;

namespace NotifyGateway.Api.Listeners;

/// <summary>
/// Commits the batches of one connection. The dialects have no way to tell a sender to come again, so what the outbox cannot take
/// now is offered again until it does, and the connection is not read meanwhile.
/// </summary>
internal sealed class BatchCommitter(TcpDoor door, RefusalLog refusals, EndPoint? remote, CancellationToken stopping)
{
    private static readonly TimeSpan ShortestPause = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(1);

    /// <summary>Returns when each submission is on disk or refused, and every awaited answer is known.</summary>
    public async Task CommitAsync(LineBatch batch)
    {
        var left = await OfferAsync(batch, batch.Submissions);
        if (left.Count == 0)
        {
            return;
        }

        door.Pause();
        try
        {
            for (var pause = ShortestPause; left.Count > 0; pause = pause * 2 < LongestPause ? pause * 2 : LongestPause)
            {
                await Task.Delay(pause, door.Corridor.Time, stopping);
                left = await OfferAsync(batch, Renewed(left));
            }
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            refusals.Refuse("the connection ends and the outbox takes no more", RefusalReason.Interrupted, remote, left.Count);
        }
        finally
        {
            door.Resume();
        }
    }

    /// <summary>
    /// What was let in goes on under the configuration that is in force by now, lest it wait for a place or a limit that is no more. Not that of a client which is gone:
    /// nothing would say what it may.
    /// </summary>
    private List<Submission> Renewed(List<Submission> submissions)
    {
        var state = door.Corridor.State();
        return submissions.ConvertAll(s => state.Clients.Has(s.Client) ? s with { Under = state } : s);
    }

    /// <summary>The submissions to be offered again.</summary>
    private async Task<List<Submission>> OfferAsync(LineBatch batch, List<Submission> submissions)
    {
        if (submissions.Count == 0)
        {
            return submissions;
        }

        // Never cut short: whether it is on disk must be known.
        var results = await door.Corridor.Accept(submissions, CancellationToken.None);
        var again = new List<Submission>();
        var accepted = 0;
        for (var i = 0; i < results.Length; i++)
        {
            var reply = batch.Awaited(submissions[i]);
            if (reply is null && MayPass(results[i]))
            {
                again.Add(submissions[i]);
                continue;
            }

            accepted += results[i].IsAccepted ? 1 : 0;
            var refusal = DoorRefusal.Of(results[i]);
            if (refusal is not null)
            {
                refusals.Refuse(refusal, results[i].IsAccepted ? RefusalReason.UnknownDestination : RefusalReason.Of(results[i].Status), remote);
            }

            reply?.Line = results[i].IsAccepted ? LineReply.Queued(results[i].MessageId) : LineReply.Error(refusal!);
        }

        if (accepted > 0)
        {
            door.Corridor.Counters.Accepted(door.Input, accepted);
        }

        return again;
    }

    /// <remarks>Not <see cref="IntakeStatus.NoSession"/>: waiting here would hold up the messages to all others.</remarks>
    private static bool MayPass(IntakeResult result) => result.Status is IntakeStatus.Failing or IntakeStatus.Full or IntakeStatus.Limited;
}
