using System.Text;
using NotifyGateway.Core.Formatting;

namespace NotifyGateway.Core.Protocols.Irc;

/// <summary>
/// What is said in a channel that we have joined, before any message. It is no delivery: the channel opens when the server has processed it, so
/// that whatever it answers until then is about the greeting and blames nothing else.
/// </summary>
internal sealed class IrcGreetings(IrcState state)
{
    private readonly Queue<(IrcTarget Target, string Piece, bool Last)> _unsaid = new();

    /// <summary>When the next line may go out; <see cref="TimeSpan.MaxValue"/> when none waits, or only an answer of the server makes room.</summary>
    public TimeSpan WakeAt => _unsaid.Count > 0 && !state.Pace.Blocked ? state.Pace.NextAt : TimeSpan.MaxValue;

    public string? For(IrcTarget target) => target.Lanes.Select(l => state.Options.Greetings.GetValueOrDefault(l)).FirstOrDefault(g => !string.IsNullOrWhiteSpace(g));

    /// <summary>It is said at the next <see cref="Release"/> that the rate allows; <see cref="IrcTarget.Greeted"/> is its barrier.</summary>
    public void Say(IrcTarget target, string greeting)
    {
        target.Greeted = long.MaxValue;
        var pieces = LineSplitter.Split(greeting, Room(target));
        for (var i = 0; i < pieces.Count; i++)
        {
            _unsaid.Enqueue((target, pieces[i], i == pieces.Count - 1));
        }
    }

    /// <summary>Lets go what the pace allows. Only when all is read that has come: we may have been removed from where it goes.</summary>
    public void Release(TimeSpan now)
    {
        while (_unsaid.TryPeek(out var next))
        {
            if (next.Target.State == TargetState.Greeting && !state.Pace.TryTake(IrcLine.Length(state.Options.Command, next.Target.Name) + " :".Length + Encoding.UTF8.GetByteCount(next.Piece), now))
            {
                AskForRoom(now);
                return;
            }

            _unsaid.Dequeue();
            if (next.Target.State == TargetState.Greeting)
            {
                state.Send(state.Options.Command, next.Target.Name, next.Piece);
                if (next.Last)
                {
                    next.Target.Greeted = SendBarrier(now);
                    next.Target.JoinDeadline = now + IrcJoins.Timeout;
                }
            }
        }
    }

    /// <summary>What is on the wire fills the window: its proof makes room.</summary>
    private void AskForRoom(TimeSpan now)
    {
        if (state.Pace is { Blocked: true, Unmarked: true })
        {
            SendBarrier(now);
        }
    }

    private long SendBarrier(TimeSpan now)
    {
        var barrier = state.SendBarrier();
        state.Pace.OnBarrier(barrier, now);
        return barrier;
    }

    private int Room(IrcTarget target)
    {
        var around = state.PrefixBytes + IrcLine.Length(state.Options.Command, target.Name) + " :".Length;
        return Math.Max(state.Isupport.LineLength - around, LineSplitter.MinBytes);
    }
}
