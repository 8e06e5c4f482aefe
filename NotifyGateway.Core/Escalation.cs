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
public sealed partial class Escalation(CurrentConfiguration configuration, Intake intake, IOutbox outbox, DoorCounters counters, TimeProvider time, ILogger<Escalation> logger) : IAsyncDisposable
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

    /// <summary>What came of a try. <c>NotYet</c>: another one is worth it.</summary>
    private enum Told { Nothing, All, NotYet }

    /// <summary>Has the outbox keep account. To be called before a door opens.</summary>
    public void Watch()
    {
        outbox.Concerned += OnConcerned;
        configuration.Replaced += OnReplaced;
        OnReplaced(configuration.State);
    }

    /// <summary>Begins to tell, first of what an earlier run has left.</summary>
    public void Start()
    {
        OnConcerned();
        _running = RunAsync(_stop.Token);
    }

    /// <summary>Ends; what is not told yet is told after the next start.</summary>
    public async Task StopAsync()
    {
        configuration.Replaced -= OnReplaced;
        outbox.Concerned -= OnConcerned;
        await _stop.CancelAsync();
        await _running;
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _stop.Dispose();
    }

    private void OnReplaced(GatewayState state)
    {
        outbox.Watch(state.Options.Escalate is { } escalate ? new WatchTerms(escalate.After, escalate.Severity, ClientDirectory.Escalation) : null);
        OnConcerned();
    }

    private void OnConcerned() => _news.Writer.TryWrite(true);

    private async Task RunAsync(CancellationToken stop)
    {
        try
        {
            while (await _news.Reader.ReadAsync(stop))
            {
                if (configuration.State.Options.Escalate is not { } escalate)
                {
                    continue;
                }

                var apart = escalate.After < Apart ? escalate.After : Apart;
                await Task.Delay(Gather < apart ? Gather : apart, time, stop);
                switch (await TryTellAsync(stop))
                {
                    case Told.Nothing:
                        continue;
                    case Told.NotYet:
                        OnConcerned();
                        break;
                }

                await Task.Delay(apart, time, stop);
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // What is not told is in the outbox.
        }
    }

    private async Task<Told> TryTellAsync(CancellationToken stop)
    {
        try
        {
            return configuration.State is { Options.Escalate: { } escalate } state ? await TellAsync(state, escalate, stop) : Told.Nothing;
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            LogFailed(e);
            return Told.NotYet;
        }
    }

    private async Task<Told> TellAsync(GatewayState state, EscalateOptions escalate, CancellationToken stop)
    {
        var all = await outbox.ConcernsAsync(stop);
        var told = all.Count == 0 ? Told.Nothing : Told.All;
        foreach (var group in Apportion(state, escalate, all))
        {
            var result = await intake.AcceptAsync(Message(state, escalate, group), CancellationToken.None);
            if (result.IsAccepted)
            {
                counters.Accepted(Input);
                LogTold(group.Sum(c => c.Count), result.MessageId);
            }
            else
            {
                counters.Refused(Input, RefusalReason.Of(result.Status));
                LogRefused(result.Reason ?? string.Join("; ", result.Unknown));
                told = Told.NotYet;
            }
        }

        return told;
    }

    /// <summary>One message for all; what concerns a destination that is told itself is told to the others alone.</summary>
    private static IEnumerable<List<Concern>> Apportion(GatewayState state, EscalateOptions escalate, IReadOnlyList<Concern> all)
    {
        var places = state.Router.Resolve(Addressing.Named(escalate.To)).Destinations.Select(d => (d.Session, d.Lane)).ToHashSet();
        return all.GroupBy(c => places.Contains((c.Session, c.Lane)) ? (c.Session, c.Lane) : default).Select(g => g.ToList());
    }

    private static Submission Message(GatewayState state, EscalateOptions escalate, List<Concern> concerns)
    {
        var title = EscalationText.Title(concerns);
        return new Submission
        {
            Input = Input,
            Client = ClientDirectory.Escalation,
            To = Addressing.Named(escalate.To),
            Except = (concerns[0].Session, concerns[0].Lane),
            Title = title,
            Text = EscalationText.Text(concerns, state.Options.PublicUrl, state.Options.MaxMessageBytes - title.Length),
            Severity = concerns.Exists(c => c.Status != DeliveryStatus.Queued) ? Severity.Error : Severity.Warning,
            Tells = concerns,
        };
    }

    [LoggerMessage(4010, LogLevel.Information, "What did not arrive in time is told by message {Message}; deliveries: {Deliveries}")]
    private partial void LogTold(long deliveries, Guid message);

    [LoggerMessage(4011, LogLevel.Error, "Deliveries that did not arrive cannot be told of at the moment: {Reason}")]
    private partial void LogRefused(string reason);

    [LoggerMessage(4012, LogLevel.Error, "Deliveries that did not arrive cannot be told of at the moment.")]
    private partial void LogFailed(Exception error);
}
