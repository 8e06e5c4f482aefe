using System.Collections;
using NotifyGateway.Core.Configuration;

namespace NotifyGateway.Api.Tracing;

/// <summary>Which signals are exported, and where: by <c>Gateway:Otlp</c>, else by the standard variables of the environment.</summary>
/// <param name="Options">Null: the exporter reads the environment itself.</param>
internal sealed record OtlpTarget(bool Metrics, bool Traces, OtlpOptions? Options)
{
    private const string Endpoint = "OTEL_EXPORTER_OTLP_ENDPOINT";

    public bool IsNone => !Metrics && !Traces;

    public static OtlpTarget Of(OtlpOptions options, IDictionary environment)
    {
        if (Says("OTEL_SDK_DISABLED", "true"))
        {
            return new(false, false, null);
        }

        var everything = options.Endpoint is not null || Has(Endpoint);
        return new(
            (everything || Has("OTEL_EXPORTER_OTLP_METRICS_ENDPOINT")) && !Says("OTEL_METRICS_EXPORTER", "none"),
            (everything || Has("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT")) && !Says("OTEL_TRACES_EXPORTER", "none"),
            options.Endpoint is null ? null : options);

        bool Has(string variable) => environment[variable] is string { Length: > 0 };
        bool Says(string variable, string value) => string.Equals(environment[variable] as string, value, StringComparison.OrdinalIgnoreCase);
    }
}
