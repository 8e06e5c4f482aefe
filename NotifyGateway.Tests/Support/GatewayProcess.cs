using System.Globalization;
using Xunit;

namespace NotifyGateway.Tests.Support;

/// <summary>
/// The built program as its users run it: its own process, a configuration file, a working directory that survives restarts.
/// For what only holds outside of a test's process: <c>kill -9</c>, exit codes, signals, start-up time.
/// </summary>
internal sealed class GatewayProcess : IAsyncDisposable
{
    private readonly TempFolder _folder = new();
    private ChildProcess? _process;

    /// <param name="configuration">JSON of a configuration file, <c>{ "Gateway": … }</c>.</param>
    public GatewayProcess(string configuration)
    {
        Port = FreePort.Next();
        Url = new Uri(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{Port}"));
        Http = new HttpClient { BaseAddress = Url, Timeout = TimeSpan.FromSeconds(90) };
        // Only what a test asks for: the doors of the shipped configuration would take the ports of whoever works on this machine.
        _folder.Write("no-doors.json", """{ "Gateway": { "Listeners": { "Tcp": { "irker": null, "netcat": null }, "Udp": { "irker": null } } } }""");
        Configure(configuration);
    }

    public int Port { get; }

    public Uri Url { get; }

    /// <summary>Speaks to this gateway; relative URLs will do.</summary>
    public HttpClient Http { get; }

    /// <summary>The working directory, where a relative outbox path leads.</summary>
    public TempFolder Folder => _folder;

    /// <summary>The process that runs or has run last.</summary>
    public ChildProcess Process => _process ?? throw new InvalidOperationException("the gateway was not started");

    /// <summary>A program that starts the gateway's in its own place, and its arguments; empty: none.</summary>
    public IReadOnlyList<string> Launcher { get; init; } = [];

    /// <summary>Variables of its environment, for the starts to come.</summary>
    public Dictionary<string, string?> Variables { get; } = new(StringComparer.Ordinal);

    public bool IsRunning => _process is { HasExited: false };

    /// <summary>Starts a gateway and waits until it is ready.</summary>
    public static async Task<GatewayProcess> StartAsync(string configuration, params string[] arguments)
    {
        var gateway = new GatewayProcess(configuration);
        await gateway.StartAsync(arguments);
        return gateway;
    }

    /// <summary>Writes the configuration file anew; a running gateway sees that it has changed.</summary>
    public void Configure(string configuration)
    {
        // In one step, so that nobody ever reads half of it.
        var written = _folder.Write("gateway.json.new", configuration);
        File.Move(written, _folder["gateway.json"], overwrite: true);
    }

    /// <summary>Starts with the same folder, port and configuration; returns when <c>/health/ready</c> says so.</summary>
    public async Task StartAsync(params string[] arguments)
    {
        Launch(["serve", "--urls", Url.ToString(), "--config", _folder["no-doors.json"], "--config", _folder["gateway.json"], .. arguments]);
        await Deadline.Poll(IsReadyAsync, "the gateway is ready", TimeSpan.FromSeconds(20));
    }

    /// <summary>Starts the program with just these arguments and waits for nothing.</summary>
    public ChildProcess Launch(params string[] arguments)
    {
        Assert.True(_process is null or { HasExited: true }, "the gateway runs already");
        var environment = Environment();
        foreach (var (name, value) in Variables)
        {
            environment[name] = value;
        }

        string[] command = [.. Launcher, DotnetHost(), Path.Combine(AppContext.BaseDirectory, "NotifyGateway.Api.dll"), .. arguments];
        _process = ChildProcess.Start(command[0], command[1..], _folder.Path, environment);
        return _process;
    }

    /// <summary>Runs a command of the program to its end.</summary>
    public static Task<(int ExitCode, string Output, string Error)> RunAsync(string workingDirectory, params string[] arguments) => RunAsync(workingDirectory, "", [], arguments);

    /// <inheritdoc cref="RunAsync(string, string[])"/>
    /// <param name="workingDirectory">Where relative paths lead.</param>
    /// <param name="input">Standard input; short.</param>
    /// <param name="variables">Of the environment, beyond those of the tests.</param>
    /// <param name="arguments">The command and what follows it.</param>
    public static async Task<(int ExitCode, string Output, string Error)> RunAsync(
        string workingDirectory, string input, IReadOnlyList<(string Name, string Value)> variables, params string[] arguments)
    {
        var environment = Environment();
        foreach (var (name, value) in variables)
        {
            environment[name] = value;
        }

        await using var process = ChildProcess.Start(
            DotnetHost(), [Path.Combine(AppContext.BaseDirectory, "NotifyGateway.Api.dll"), .. arguments], workingDirectory, environment, input);
        var exit = await process.ExitAsync(TimeSpan.FromSeconds(30));
        return (exit, string.Join('\n', process.Output.Entries), string.Join('\n', process.Error.Entries));
    }

    /// <summary>SIGKILL; returns when it is gone.</summary>
    public Task Kill9Async() => Process.Kill9Async();

    /// <summary>SIGTERM; returns the exit code.</summary>
    public async Task<int> TerminateAsync(TimeSpan? limit = null)
    {
        Process.Terminate();
        return await Process.ExitAsync(limit ?? TimeSpan.FromSeconds(20));
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        if (_process is { } process)
        {
            await process.DisposeAsync();
        }

        _folder.Dispose();
    }

    private async Task<bool> IsReadyAsync(CancellationToken cancellationToken)
    {
        Assert.False(Process.HasExited, "the gateway has ended.\n" + Process.Said);
        try
        {
            using var answer = await Http.GetAsync(new Uri("health/ready", UriKind.Relative), cancellationToken);
            return answer.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    // Only the file configures it: nothing of the machine that runs the tests.
    private static Dictionary<string, string?> Environment()
    {
        var environment = new Dictionary<string, string?>(StringComparer.Ordinal) { ["DOTNET_ENVIRONMENT"] = "Production", ["ASPNETCORE_ENVIRONMENT"] = "Production" };
        foreach (string name in System.Environment.GetEnvironmentVariables().Keys)
        {
            if (name.StartsWith("Gateway__", StringComparison.OrdinalIgnoreCase) || name.StartsWith("ASPNETCORE_", StringComparison.OrdinalIgnoreCase)
                || name.StartsWith("OTEL_", StringComparison.Ordinal) || name is "NOTIFY_SOCKET" or "WATCHDOG_USEC" or "WATCHDOG_PID")
            {
                environment.TryAdd(name, null);
            }
        }

        return environment;
    }

    // The host that runs these tests: shared/Microsoft.NETCore.App/<version>/ lies beside it.
    private static string DotnetHost()
    {
        var runtime = Path.GetDirectoryName(typeof(object).Assembly.Location)!;
        var host = Path.GetFullPath(Path.Combine(runtime, "..", "..", "..", "dotnet"));
        return File.Exists(host) ? host : "dotnet";
    }
}
