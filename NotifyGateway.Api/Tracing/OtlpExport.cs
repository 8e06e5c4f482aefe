using NotifyGateway.Core;
using NotifyGateway.Core.Configuration;
using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace NotifyGateway.Api.Tracing;

/// <summary>Sends the gateway's metrics and traces by OTLP, where that is configured. Begins before the doors open and ends, its last batch sent, when all else has ended.</summary>
internal sealed partial class OtlpExport(OtlpTarget target, TimeProvider time, ILogger<OtlpExport> log) : IHostedLifecycleService, IDisposable
{
    /// <summary>For the last batch of each signal; a collector that is away must not hold up the end.</summary>
    private const int LastWordMilliseconds = 3000;

    private OpenTelemetrySdk? _sdk;
    private OtlpFaults? _faults;

    public Task StartingAsync(CancellationToken cancellationToken)
    {
        if (!target.IsNone)
        {
            _faults = new OtlpFaults(time, log);
            _sdk = OpenTelemetrySdk.Create(Configure);
            LogExports(target.Metrics && target.Traces ? "metrics and traces" : target.Metrics ? "metrics" : "traces", target.Options?.Endpoint?.GetLeftPart(UriPartial.Authority) ?? "the endpoint that the environment names");
        }

        return Task.CompletedTask;
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Made before the outbox is opened, it is disposed after that is closed: the last ends are told.</summary>
    public void Dispose()
    {
        if (target.Traces)
        {
            _sdk?.TracerProvider.Shutdown(LastWordMilliseconds);
        }

        if (target.Metrics)
        {
            _sdk?.MeterProvider.Shutdown(LastWordMilliseconds);
        }

        _sdk?.Dispose();
        _faults?.Dispose();
    }

    private void Configure(IOpenTelemetryBuilder builder)
    {
        var version = typeof(OtlpExport).Assembly.GetName().Version!.ToString(3);
        // The environment's own words (OTEL_SERVICE_NAME, OTEL_RESOURCE_ATTRIBUTES) come last, and win.
        builder.ConfigureResource(r => r.Clear().AddTelemetrySdk().AddService("notify-gateway", serviceVersion: version).AddEnvironmentVariableDetector());
        if (target.Metrics)
        {
            builder.WithMetrics(m => m.AddMeter(DoorCounters.MeterName).AddOtlpExporter(o => Direct(o, "v1/metrics")));
        }

        if (target.Traces)
        {
            builder.WithTracing(t => t.AddSource(MessageTrace.SourceName).AddOtlpExporter(o => Direct(o, "v1/traces")));
        }
    }

    private void Direct(OtlpExporterOptions exporter, string path)
    {
        if (target.Options is not { Endpoint: { } endpoint } options)
        {
            return;
        }

        var http = options.Protocol == OtlpTransport.HttpProtobuf;
        exporter.Protocol = http ? OtlpExportProtocol.HttpProtobuf : OtlpExportProtocol.Grpc;
        // An endpoint that is given by code is taken as it is.
        exporter.Endpoint = http ? new Uri($"{endpoint.AbsoluteUri.TrimEnd('/')}/{path}") : endpoint;
        exporter.Headers = string.Join(',', options.Headers.Select(h => $"{h.Key}={Uri.EscapeDataString(h.Value)}"));
    }

    [LoggerMessage(1020, LogLevel.Information, "{Signals} are sent by OTLP to {Endpoint}")]
    private partial void LogExports(string signals, string endpoint);
}
