namespace NotifyGateway.Core.Configuration;

/// <summary>How OTLP is spoken.</summary>
public enum OtlpTransport
{
    /// <summary>HTTP with protobuf; the paths <c>v1/metrics</c> and <c>v1/traces</c> are put behind the endpoint.</summary>
    HttpProtobuf,

    /// <summary>gRPC.</summary>
    Grpc,
}

/// <summary>Where metrics and traces are sent. Without an endpoint the variables <c>OTEL_EXPORTER_OTLP_*</c> of the environment decide.</summary>
public sealed record OtlpOptions
{
    /// <summary>The collector, http or https. Null: as the environment says, else nothing is sent.</summary>
    public Uri? Endpoint { get; init; }

    /// <summary>How it is spoken to: protobuf over HTTP/1.1, or gRPC.</summary>
    public OtlpTransport Protocol { get; init; } = OtlpTransport.HttpProtobuf;

    /// <summary>Headers of each request, by name; their values are secrets.</summary>
    public IReadOnlyDictionary<string, string> Headers { get; init; } = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);

    /// <summary>Without its values: a header is a secret.</summary>
    public override string ToString() => nameof(OtlpOptions);
}
