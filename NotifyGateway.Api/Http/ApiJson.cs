using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using NotifyGateway.Api.Http.OpenApi;

namespace NotifyGateway.Api.Http;

/// <summary>Every body that the API writes, without reflection.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(ReceiptBody))]
[JsonSerializable(typeof(MessageBody))]
[JsonSerializable(typeof(PageBody))]
[JsonSerializable(typeof(LinesBody[]))]
[JsonSerializable(typeof(WhoamiBody))]
[JsonSerializable(typeof(ConfiguredHookBody[]))]
[JsonSerializable(typeof(HookTokenBody))]
[JsonSerializable(typeof(SessionBody[]))]
[JsonSerializable(typeof(DestinationBody[]))]
[JsonSerializable(typeof(ConfigurationBody))]
[JsonSerializable(typeof(SummaryBody))]
[JsonSerializable(typeof(DeliveryEventBody))]
[JsonSerializable(typeof(SessionRemovedBody))]
[JsonSerializable(typeof(DroppedBody))]
[JsonSerializable(typeof(ReadinessBody))]
[JsonSerializable(typeof(ProblemBody))]
[JsonSerializable(typeof(PostedBody))]
[JsonSerializable(typeof(PostErrorBody))]
[JsonSerializable(typeof(NtfyBody))]
[JsonSerializable(typeof(NtfyErrorBody))]
[JsonSerializable(typeof(GotifyBody))]
[JsonSerializable(typeof(GotifyErrorBody))]
[JsonSerializable(typeof(AnyBody))]
[JsonSerializable(typeof(SendRequest))]
[JsonSerializable(typeof(PrismRequest))]
internal sealed partial class ApiJson : JsonSerializerContext
{
    /// <summary>With readable text: these bodies are never put into HTML.</summary>
    public static ApiJson Web { get; } = new(new JsonSerializerOptions
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    });
}
