using Microsoft.Extensions.Logging;
using NotifyGateway.Core;
using NotifyGateway.Core.Configuration;
using NotifyGateway.Core.Outbox;
using NotifyGateway.Core.Routing;
using NotifyGateway.Core.Sessions;
using NotifyGateway.Core.Sessions.Srv;
using NotifyGateway.Tests.Support;

namespace NotifyGateway.Tests.Sessions;

/// <summary>The corridor behind the doors, in this process: intake, router, a real outbox in a folder of its own, and the sessions.</summary>
internal sealed class SessionWorld : IAsyncDisposable
{
    public const string Network = "net";

    private readonly TempFolder _folder;
    private readonly Journal<Settlement> _settled = new("settled");
    private readonly MemoryLog _log;
    private readonly IOutbox _outbox;
    private readonly TimeProvider _time;

    private SessionWorld(GatewayOptions options, IOutbox outbox, TempFolder folder, MemoryLog log, TimeProvider time, DnsClient? dns)
    {
        _folder = folder;
        _log = log;
        _outbox = outbox;
        _time = time;
        _outbox.Settled += _settled.Add;
        Sessions = new Multiplexer(options, outbox, time, log.CreateLogger<Multiplexer>(), dns ?? new DnsClient(new ResolverFile(), time));
        Configuration = new CurrentConfiguration(options, time);
        Intake = new Intake(Configuration, Sessions, outbox, time);
    }

    public Multiplexer Sessions { get; }

    public CurrentConfiguration Configuration { get; }

    public Intake Intake { get; }

    public IOutbox Outbox => _outbox;

    public string Log => _log.Text;

    public IReadOnlyList<LogLine> Lines => _log.Lines.Entries;

    /// <summary>The messages of a log event.</summary>
    public IEnumerable<string> Of(int id) => _log.Of(id);

    public SessionStatus Status => Sessions.Snapshot().Single();

    /// <summary>A network as tests like it: quick, and without a rate.</summary>
    public static IrcOptions Irc(int port) => new()
    {
        Server = "127.0.0.1",
        Port = port,
        Tls = false,
        Nick = "gateway",
        NickFallback = "gateway%03d",
        Channels = [new IrcChannelOptions { Name = "#ops" }],
        LinesPerSecond = 0,
        ConnectSpacing = TimeSpan.Zero,
        ReconnectMin = TimeSpan.FromMilliseconds(20),
        ReconnectMax = TimeSpan.FromMilliseconds(200),
        JoinRetry = TimeSpan.FromMilliseconds(100),
        ConnectTimeout = TimeSpan.FromSeconds(5),
    };

    public static Task<SessionWorld> StartAsync(IrcOptions network) => StartAsync(Of(network));

    /// <param name="dns">Null: this machine's name servers.</param>
    public static async Task<SessionWorld> StartAsync(GatewayOptions options, DnsClient? dns = null)
    {
        var world = await PrepareAsync(options, TimeProvider.System, dns: dns);
        world.Sessions.Start();
        return world;
    }

    /// <summary>All but the sessions: what is said before they start has waited for them.</summary>
    /// <param name="folder">An earlier world's; null: a new one.</param>
    public static async Task<SessionWorld> PrepareAsync(GatewayOptions options, TimeProvider time, TempFolder? folder = null, DnsClient? dns = null)
    {
        folder ??= new TempFolder();
        var log = new MemoryLog();
        var outbox = await SqliteOutbox.OpenAsync(options.Outbox with { Path = folder["outbox.db"] }, time, log.CreateLogger<SqliteOutbox>(), CancellationToken.None);
        return new SessionWorld(options, outbox, folder, log, time, dns);
    }

    public static Task<SessionWorld> PrepareAsync(IrcOptions network, TimeProvider time, TempFolder? folder = null) => PrepareAsync(Of(network), time, folder);

    /// <summary>Accepts a message; the intake must take it.</summary>
    public async Task<Guid> SayAsync(string to, string text)
    {
        var result = await Intake.AcceptAsync(Message(to, text), CancellationToken.None);
        Xunit.Assert.True(result.IsAccepted, result.ToString());
        return result.MessageId;
    }

    public static Submission Message(string to, string text) => new() { Input = "test", Client = "test", To = Addressing.Named(to), Text = text };

    /// <summary>The outcome of a message's only delivery, once it has one.</summary>
    public async Task<Settlement> OutcomeAsync(Guid message) => await _settled.FirstAsync(s => s.MessageId == message, $"the outcome of {message}");

    public Task StateAsync(Func<SessionStatus, bool> condition, string what) =>
        Deadline.Poll(_ => Task.FromResult(Sessions.Snapshot() is [var only] && condition(only)), what);

    private static GatewayOptions Of(IrcOptions network) => new()
    {
        Irc = new Dictionary<string, IrcOptions>(StringComparer.Ordinal) { [Network] = network },
    };

    /// <summary>Ends at once, with what is on the wire unsettled, and leaves its folder to another world.</summary>
    public async Task EndAsync()
    {
        var ended = Sessions.DisposeAsync().AsTask();
        if (_time is ManualTime manual)
        {
            // A server that does not close is given a second.
            await Deadline.Poll(() =>
            {
                manual.Advance(TimeSpan.FromSeconds(1));
                return ended.IsCompleted;
            });
        }

        await ended;
        await _outbox.DisposeAsync();
        _log.Dispose();
    }

    public async ValueTask DisposeAsync()
    {
        await EndAsync();
        _folder.Dispose();
    }
}
