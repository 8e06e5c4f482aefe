using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using NotifyGateway.Core.Configuration;
using NotifyGateway.Core.Formatting;
using NotifyGateway.Core.Outbox;
using NotifyGateway.Core.Routing;

namespace NotifyGateway.Core;

/// <summary>
/// Tells <c>Gateway:Escalate:To</c> of deliveries that failed, expired or wait too long. The outbox keeps account of them; this waits a moment for company
/// and sends one message for all, through the intake like any other sender. With its commit they are told: a crash neither loses nor repeats any.
/// </summary>
public sealed partial class Escalation(Intake intake, IOutbox outbox, DoorCounters counters, TimeProvider time, ILogger<Escalation> logger) : IAsyncDisposable
{
    /// <summary>As in <see cref="Submission.Input"/>.</summary>
    private const string Input = "escalation";

    /// <summary>When one delivery fails, others often do, too.</summary>
    private static readonly TimeSpan Gather = TimeSpan.FromSeconds(2);

    /// <summary>Between two such messages, unless <c>After</c> is shorter: whatever happens, people get no more than one a minute.</summary>
    private static readonly TimeSpan Apart = TimeSpan.FromMinutes(1);

    private readonly Channel<bool> _news = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private readonly CancellationTokenSource _stop = new();
    private Task _running = Task.CompletedTask;

    // Replaced whole, by whoever applies a configuration; read by the task.
    private volatile Wishes? _wishes;

    /// <summary>Has the outbox keep account as the configuration wants it from now on. The first time before a door opens.</summary>
    public void Apply(GatewayOptions options, Router router)
    {
        _wishes = options.Escalate is { } escalate ? new Wishes(escalate, options, router) : null;
        outbox.Watch(_wishes is { Escalate: var wanted } ? new WatchTerms(wanted.After, wanted.Severity, ClientDirectory.Escalation) : null);
        OnConcerned();
    }

    /// <summary>Begins to tell, first of what an earlier run has left.</summary>
    public void Start()
    {
        outbox.Concerned += OnConcerned;
        OnConcerned();
        _running = RunAsync(_stop.Token);
    }

    /// <summary>Ends; what is not told yet is told after the next start.</summary>
    public async Task StopAsync()
    {
        outbox.Concerned -= OnConcerned;
        await _stop.CancelAsync();
        await _running;
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _stop.Dispose();
    }

    private void OnConcerned() => _news.Writer.TryWrite(true);

    private async Task RunAsync(CancellationToken stop)
    {
        try
        {
            while (await _news.Reader.ReadAsync(stop))
            {
                if (_wishes is not { } wishes)
                {
                    continue;
                }

                var apart = wishes.Escalate.After < Apart ? wishes.Escalate.After : Apart;
                await Task.Delay(Gather < apart ? Gather : apart, time, stop);
                if (!await TryTellAsync(wishes, stop))
                {
                    OnConcerned();
                }

                await Task.Delay(apart, time, stop);
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // What is not told is in the outbox.
        }
    }

    /// <returns>False when another try is worth it.</returns>
    private async Task<bool> TryTellAsync(Wishes wishes, CancellationToken stop)
    {
        try
        {
            return await TellAsync(wishes, stop);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            LogFailed(e);
            return false;
        }
    }

    private async Task<bool> TellAsync(Wishes wishes, CancellationToken stop)
    {
        var all = await outbox.ConcernsAsync(stop);
        var told = true;
        foreach (var group in Apportion(wishes, all))
        {
            var result = await intake.AcceptAsync(Message(wishes, group), CancellationToken.None);
            if (result.IsAccepted)
            {
                counters.Accepted(Input);
                LogTold(group.Sum(c => c.Count), result.MessageId);
            }
            else
            {
                counters.Refused(Input, RefusalReason.Of(result.Status));
                LogRefused(result.Reason ?? string.Join("; ", result.Unknown));
                told = false;
            }
        }

        return told;
    }

    /// <summary>One message for all; what concerns a destination that is told itself is told to the others alone.</summary>
    private static IEnumerable<List<Concern>> Apportion(Wishes wishes, IReadOnlyList<Concern> all)
    {
        var places = wishes.Router.Resolve(Addressing.Named(wishes.Escalate.To)).Destinations.Select(d => (d.Session, d.Lane)).ToHashSet();
        return all.GroupBy(c => places.Contains((c.Session, c.Lane)) ? (c.Session, c.Lane) : default).Select(g => g.ToList());
    }

    private static Submission Message(Wishes wishes, List<Concern> concerns)
    {
        var title = EscalationText.Title(concerns);
        return new Submission
        {
            Input = Input,
            Client = ClientDirectory.Escalation,
            To = Addressing.Named(wishes.Escalate.To),
            Except = (concerns[0].Session, concerns[0].Lane),
            Title = title,
            Text = EscalationText.Text(concerns, wishes.Options.PublicUrl, wishes.Options.MaxMessageBytes - title.Length),
            Severity = concerns.Exists(c => c.Status != DeliveryStatus.Queued) ? Severity.Error : Severity.Warning,
            Tells = concerns,
        };
    }

    [LoggerMessage(4010, LogLevel.Information, "{Deliveries} deliveries that did not arrive in time are told of by message {Message}")]
    private partial void LogTold(long deliveries, Guid message);

    [LoggerMessage(4011, LogLevel.Error, "Deliveries that did not arrive cannot be told of at the moment: {Reason}")]
    private partial void LogRefused(string reason);

    [LoggerMessage(4012, LogLevel.Error, "Deliveries that did not arrive cannot be told of at the moment.")]
    private partial void LogFailed(Exception error);

    /// <summary>Who is to be told, by one configuration.</summary>
    private sealed record Wishes(EscalateOptions Escalate, GatewayOptions Options, Router Router);
}
