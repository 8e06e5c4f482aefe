using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Mvc.Abstractions;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace NotifyGateway.Api.Http.OpenApi;

/// <summary>
/// Completes the OpenAPI document with what the attributes beside each action say: the doors read requests by hand, so the framework
/// cannot see their parameters.
/// </summary>
internal static class Described
{
    private const string Intro =
        "Sends notifications to IRC, XMPP and local programs. A message that was accepted is on disk; its outcome can be asked for, or waited for with ?wait=. " +
        "Credentials, any of: Authorization: Bearer SECRET, Basic client:SECRET, X-Api-Key, or the fields client and secret in query, form or JSON.";

    private static readonly (string Owner, string List, Type Element)[] Lists =
    [
        (nameof(ReceiptBody), "deliveries", typeof(DeliveryBody)),
        (nameof(MessageBody), "deliveries", typeof(DeliveryBody)),
        (nameof(PageBody), "items", typeof(MessageBody)),
        (nameof(SessionBody), "channels", typeof(ChannelBody)),
        (nameof(ConfigurationBody), "problems", typeof(ConfigurationProblemBody)),
        (nameof(ConfigurationBody), "unserved", typeof(UnservedBody)),
    ];

    private static readonly string[] Schemes = ["bearer", "basic", "apiKey"];

    public static void Configure(OpenApiOptions options)
    {
        options.AddDocumentTransformer(async (document, context, cancellationToken) =>
        {
            DescribeDocument(document);
            await LinkAsync(document, context, cancellationToken);
        });
        options.AddOperationTransformer(DescribeOperationAsync);
        options.AddSchemaTransformer((schema, context, _) =>
        {
            DescribeSchema(schema, context);
            return Task.CompletedTask;
        });
    }

    private static void DescribeDocument(OpenApiDocument document)
    {
        document.Info = new OpenApiInfo { Title = "NotifyGateway", Version = "v1", Description = Intro };
        document.Components ??= new OpenApiComponents();
        document.Components.SecuritySchemes = new Dictionary<string, IOpenApiSecurityScheme>(StringComparer.Ordinal)
        {
            ["bearer"] = new OpenApiSecurityScheme { Type = SecuritySchemeType.Http, Scheme = "bearer", Description = "The client's secret." },
            ["basic"] = new OpenApiSecurityScheme { Type = SecuritySchemeType.Http, Scheme = "basic", Description = "The client's name and its secret." },
            ["apiKey"] = new OpenApiSecurityScheme { Type = SecuritySchemeType.ApiKey, Name = "X-Api-Key", In = ParameterLocation.Header, Description = "The client's secret." },
        };
    }

    /// <summary>Lets a record's list name the schema of its elements instead of repeating it.</summary>
    private static async Task LinkAsync(OpenApiDocument document, OpenApiDocumentTransformerContext context, CancellationToken cancellationToken)
    {
        document.AddComponent(nameof(DeliveryEventBody), await context.GetOrCreateSchemaAsync(typeof(DeliveryEventBody), null, cancellationToken));
        foreach (var (owner, list, element) in Lists)
        {
            if (document.Components!.Schemas!.TryGetValue(owner, out var schema) && schema.Properties!.TryGetValue(list, out var property) && property is OpenApiSchema items)
            {
                document.AddComponent(element.Name, await context.GetOrCreateSchemaAsync(element, null, cancellationToken));
                items.Items = new OpenApiSchemaReference(element.Name, document);
            }
        }
    }

    private static async Task DescribeOperationAsync(OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken cancellationToken)
    {
        var action = context.Description.ActionDescriptor;
        var method = context.Description.HttpMethod ?? "";
        operation.Parameters = [.. All<ReadsParameterAttribute>(action).Where(p => p.Method is null || p.Method.Equals(method, StringComparison.Ordinal)).Select(Parameter)];
        operation.Responses = [];
        foreach (var answer in All<AnswersAttribute>(action))
        {
            operation.Responses[Invariant(answer.Status)] = await ResponseAsync(answer, context, cancellationToken);
        }

        if (All<ReadsBodyAttribute>(action).FirstOrDefault() is { } body && !HttpMethods.IsGet(method))
        {
            operation.RequestBody = await BodyAsync(body, context, cancellationToken);
        }

        if (!All<OpenToAllAttribute>(action).Any())
        {
            operation.Security =
            [
                .. Schemes.Select(s => new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference(s, context.Document)] = [] }),
                [],
            ];
        }
    }

    private static IEnumerable<T> All<T>(ActionDescriptor action) => action.EndpointMetadata.OfType<T>();

    private static OpenApiParameter Parameter(ReadsParameterAttribute parameter) => new()
    {
        Name = parameter.Name,
        In = parameter.In switch
        {
            "path" => ParameterLocation.Path,
            "header" => ParameterLocation.Header,
            _ => ParameterLocation.Query,
        },
        Required = parameter.In is "path",
        Description = parameter.Description,
        Schema = new OpenApiSchema
        {
            Type = parameter.IsNumber ? JsonSchemaType.Integer : JsonSchemaType.String,
            Enum = parameter.Words.Length == 0 ? null : [.. parameter.Words.Select(w => (JsonNode)w)],
        },
        Example = parameter.Example.Length == 0 ? null : parameter.IsNumber ? JsonNode.Parse(parameter.Example) : JsonValue.Create(parameter.Example),
    };

    private static async Task<OpenApiRequestBody> BodyAsync(ReadsBodyAttribute body, OpenApiOperationTransformerContext context, CancellationToken cancellationToken)
    {
        var schema = await SchemaAsync(body.Type, context, cancellationToken);
        const string Json = "application/json";
        string[] types = body.Forms ? [Json, "application/x-www-form-urlencoded", "multipart/form-data"] : [Json];
        return new OpenApiRequestBody
        {
            Required = true,
            Content = types.ToDictionary(
                t => t,
                t => new OpenApiMediaType { Schema = schema, Example = t is Json ? JsonNode.Parse(body.Example) : null },
                StringComparer.Ordinal),
        };
    }

    private static async Task<OpenApiResponse> ResponseAsync(AnswersAttribute answer, OpenApiOperationTransformerContext context, CancellationToken cancellationToken)
    {
        var isProblem = answer.Type == typeof(ProblemBody);
        var contentType = answer.ContentType.Length > 0 ? answer.ContentType
            : isProblem ? "application/problem+json"
            : answer.Type is null ? "text/plain" : "application/json";
        var media = new OpenApiMediaType
        {
            Schema = answer.Type is null ? new OpenApiSchema { Type = JsonSchemaType.String } : await SchemaAsync(answer.Type, context, cancellationToken),
            Example = answer.Example.Length > 0
                ? answer.Type is null ? JsonValue.Create(answer.Example) : JsonNode.Parse(answer.Example)
                : isProblem ? ProblemExample(answer) : null,
        };
        return new OpenApiResponse
        {
            Description = answer.Description,
            Content = new Dictionary<string, OpenApiMediaType>(StringComparer.Ordinal) { [contentType] = media },
            Headers = answer.Headers.Length == 0 ? null : answer.Headers.ToDictionary(
                h => h, IOpenApiHeader (h) => new OpenApiHeader { Description = HeaderText(h), Schema = new OpenApiSchema { Type = JsonSchemaType.String } }, StringComparer.Ordinal),
        };
    }

    private static JsonObject ProblemExample(AnswersAttribute answer) => new()
    {
        ["type"] = "about:blank",
        ["title"] = Microsoft.AspNetCore.WebUtilities.ReasonPhrases.GetReasonPhrase(answer.Status),
        ["status"] = answer.Status,
        ["detail"] = answer.Description,
    };

    private static string HeaderText(string header) => header switch
    {
        "Location" => "Where the outcome can be asked for.",
        "X-Notification-Id" => "The message's id.",
        "Retry-After" => "Seconds after which to try again.",
        _ => "The challenge: Bearer.",
    };

    private static async Task<IOpenApiSchema> SchemaAsync(Type type, OpenApiOperationTransformerContext context, CancellationToken cancellationToken)
    {
        var document = context.Document!;
        var element = type.IsArray ? type.GetElementType()! : type;
        var schema = await context.GetOrCreateSchemaAsync(element, null, cancellationToken);
        document.AddComponent(element.Name, schema);
        IOpenApiSchema reference = new OpenApiSchemaReference(element.Name, document);
        return type.IsArray ? new OpenApiSchema { Type = JsonSchemaType.Array, Items = reference } : reference;
    }

    /// <summary>Takes description and allowed words from the attributes of the record's member.</summary>
    private static void DescribeSchema(OpenApiSchema schema, OpenApiSchemaTransformerContext context)
    {
        var attributes = context.JsonPropertyInfo?.AttributeProvider ?? context.JsonTypeInfo.Type;
        if (attributes.GetCustomAttributes(typeof(DescriptionAttribute), inherit: false) is [DescriptionAttribute description])
        {
            schema.Description = description.Description;
        }

        if (context.JsonPropertyInfo is not null && attributes.GetCustomAttributes(typeof(AllowedValuesAttribute), inherit: false) is [AllowedValuesAttribute allowed])
        {
            schema.Enum = [.. allowed.Values.Select(w => w is string word ? JsonValue.Create(word) : JsonNullSentinel.JsonNull)];
        }

        if (context.JsonPropertyInfo is not null && attributes.IsDefined(typeof(RequiredAttribute), inherit: false))
        {
            schema.Type &= ~JsonSchemaType.Null;
        }
    }

    private static string Invariant(int number) => number.ToString(System.Globalization.CultureInfo.InvariantCulture);
}
