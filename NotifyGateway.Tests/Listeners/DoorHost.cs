using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Threading.Channels;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using NotifyGateway.Api.Listeners;
using NotifyGateway.Core;
using NotifyGateway.Core.Configuration;
using NotifyGateway.Tests.Dialects;
using NotifyGateway.Tests.Support;
using Xunit;

namespace NotifyGateway.Tests.Listeners;

/// <summary>The doors on a real Kestrel and real sockets, with a recording intake behind them.</summary>
internal sealed class DoorHost : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly Channel<Submission> _accepted = Channel.CreateUnbounded<Submission>();
    private DoorCounts _counts = null!;
    private Action _replaced = () => { };

    private DoorHost(GatewayOptions options)
    {
        State = new GatewayState(Speakers.In(options, AnonymousAccess.Any), TimeProvider.System);
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders().AddProvider(Log).SetMinimumLevel(LogLevel.Debug);
        builder.Services.AddSingleton<DoorCounters>();
        builder.Services.AddSingleton(services => new Corridor(
            AcceptAsync, () => Channels, () => State, services.GetRequiredService<DoorCounters>(), TimeProvider.System, services.GetRequiredService<ILoggerFactory>())
        {
            WhenReplaced = told => _replaced += told,
        });
        builder.Services.AddUdpDoors(options);
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.ConfigureTcpDoors(options, kestrel.ApplicationServices.GetRequiredService<Corridor>()));
        _app = builder.Build();
    }

    public MemoryLog Log { get; } = new();

    /// <summary>The configuration in force.</summary>
    public GatewayState State { get; private set; }

    public IReadOnlyList<string> Channels { get; set; } = [];

    /// <summary>What the intake answers; null: accepted.</summary>
    public Func<Submission, IntakeResult?> Answer { get; set; } = _ => null;

    /// <summary>Each call's size.</summary>
    public ConcurrentQueue<int> Batches { get; } = new();

    /// <summary>While set, the intake waits for it before it answers.</summary>
    public Task Hold { get; set; } = Task.CompletedTask;

    public int Port { get; private set; }

    public int UdpPort => _app.Services.GetServices<Microsoft.Extensions.Hosting.IHostedService>().OfType<UdpListener>().Single().Endpoint!.Port;

    public static Task<DoorHost> StartAsync(Dialect dialect, TcpListenerOptions? listener = null, int maxBytes = 65536) => StartAsync(new GatewayOptions
    {
        MaxMessageBytes = maxBytes,
        Listeners = new ListenersOptions
        {
            Tcp = new Dictionary<string, TcpListenerOptions>(StringComparer.Ordinal)
            {
                ["door"] = (listener ?? new TcpListenerOptions()) with { Endpoint = "127.0.0.1:0", Dialect = dialect },
            },
        },
    });

    public static async Task<DoorHost> StartAsync(GatewayOptions options)
    {
        var host = new DoorHost(options);
        host._counts = new DoorCounts(host._app.Services);
        await host._app.StartAsync(TestContext.Current.CancellationToken);
        host.Port = options.Listeners.Tcp.Count > 0 ? new Uri(host._app.Urls.First()).Port : 0;
        return host;
    }

    public async Task<DoorClient> ConnectAsync()
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(IPAddress.Loopback, Port, TestContext.Current.CancellationToken);
        return new DoorClient(socket, new NetworkStream(socket, ownsSocket: true));
    }

    /// <summary>Another configuration comes into force.</summary>
    public void Change(Func<GatewayOptions, GatewayOptions> change)
    {
        State = new GatewayState(change(State.Options), TimeProvider.System);
        _replaced();
    }

    /// <summary>The next accepted submission.</summary>
    public Task<Submission> NextAsync() => _accepted.Reader.ReadAsync(TestContext.Current.CancellationToken).AsTask().Within(what: "an accepted submission");

    public bool TryNext(out Submission? submission) => _accepted.Reader.TryRead(out submission);

    /// <summary>Waits until the counter <c>refused:REASON</c> or <c>accepted</c> has this value, and not more.</summary>
    public async Task CountedAsync(string counter, long value)
    {
        await Support.Deadline.Poll(() => Counted(counter) >= value);
        Assert.Equal(value, Counted(counter));
    }

    public long Counted(string counter) => _counts.Of(counter);

    public Task StopAsync() => _app.StopAsync(TestContext.Current.CancellationToken);

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        _counts.Dispose();
    }

    private async Task<IntakeResult[]> AcceptAsync(IReadOnlyList<Submission> submissions, CancellationToken cancellationToken)
    {
        Batches.Enqueue(submissions.Count);
        await Hold.WaitAsync(cancellationToken);
        var results = new IntakeResult[submissions.Count];
        for (var i = 0; i < results.Length; i++)
        {
            results[i] = Answer(submissions[i]) ?? new IntakeResult(IntakeStatus.Accepted, Guid.CreateVersion7(), []);
            if (results[i].IsAccepted)
            {
                Assert.True(_accepted.Writer.TryWrite(submissions[i]));
            }
        }

        return results;
    }
}

/// <summary>A sender.</summary>
internal sealed class DoorClient(Socket socket, Stream stream) : IDisposable
{
    private readonly StreamReader _reader = new(stream, Encoding.UTF8);

    public Socket Socket => socket;

    public Stream Stream => stream;

    public Task SendAsync(string text) => SendAsync(Encoding.UTF8.GetBytes(text));

    public Task SendAsync(byte[] bytes) => stream.WriteAsync(bytes, TestContext.Current.CancellationToken).AsTask();

    /// <summary>No more will be sent; the answers can still be read.</summary>
    public void HalfClose() => socket.Shutdown(SocketShutdown.Send);

    public Task<string?> ReadLineAsync() => _reader.ReadLineAsync(TestContext.Current.CancellationToken).AsTask().Within(what: "a line from the gateway");

    /// <summary>Waits until the gateway closes the connection.</summary>
    public async Task ClosedAsync()
    {
        try
        {
            Assert.Null(await ReadLineAsync());
        }
        catch (IOException)
        {
            // A reset is a close, too: there was something that the gateway did not want to read.
        }
    }

    public void Dispose()
    {
        _reader.Dispose();
        stream.Dispose();
        socket.Dispose();
    }
}
