using System.Text.Json;
using Microsoft.AspNetCore.Mvc.Controllers;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using NotifyGateway.Api.Http;
using NotifyGateway.Tests.Support;
using Xunit;

namespace NotifyGateway.Tests.Http;

public sealed class OpenApiTests
{
    [Fact]
    public async Task DescribesEveryRoute_HereAndInTheDocs()
    {
        await using var host = await DoorHost.StartAsync();
        var document = (await host.GetAsync("/openapi/v1.json")).Json;
        var docs = RepositoryFiles.Read("docs/doors-http.md");
        var routes = Routes(host).ToList();
        Assert.Equal(35, routes.Count);
        foreach (var (method, path) in routes)
        {
            Assert.True(document.GetProperty("paths").TryGetProperty(path, out var item), path);
            Assert.True(item.TryGetProperty(method.ToLowerInvariant(), out var operation), $"{method} {path}");
            Assert.NotEmpty(operation.GetProperty("summary").GetString()!);
            Assert.NotEmpty(operation.GetProperty("tags")[0].GetString()!);
            if (method is not "HEAD")
            {
                Assert.Contains($"`{method} {path}`", docs, StringComparison.Ordinal);
            }
        }

        Assert.All(new[] { "`GET /`", "`GET /docs/`", "`GET /swagger`", "`GET /openapi/v1.json`" }, r => Assert.Contains(r, docs, StringComparison.Ordinal));
    }

    [Fact]
    public void EveryDoor_IsNamedToTheFramework() => Assert.Equal(
        typeof(Door).Assembly.GetTypes().Where(t => !t.IsAbstract && t.IsAssignableTo(typeof(Door))).Select(t => t.Name).Order(StringComparer.Ordinal),
        DoorFinder.Doors.Select(t => t.Name).Order(StringComparer.Ordinal));

    [Fact]
    public async Task DescribesEveryParameterAndAnswer()
    {
        await using var host = await DoorHost.StartAsync();
        var document = (await host.GetAsync("/openapi/v1.json")).Json;
        foreach (var operation in Operations(document))
        {
            foreach (var parameter in operation.TryGetProperty("parameters", out var parameters) ? parameters.EnumerateArray() : default)
            {
                Assert.NotEmpty(parameter.GetProperty("description").GetString()!);
                Assert.NotEmpty(parameter.GetProperty("schema").GetProperty("type").GetString()!);
            }

            var answers = operation.GetProperty("responses").EnumerateObject().ToList();
            Assert.Contains(answers, a => a.Name.StartsWith('2'));
            Assert.All(answers, a => Assert.NotEmpty(a.Value.GetProperty("description").GetString()!));
            Assert.All(answers, a => Assert.NotEmpty(a.Value.GetProperty("content").EnumerateObject().ToList()));
        }

        var post = document.GetProperty("paths").GetProperty("/api/v1/messages").GetProperty("post");
        Assert.Equal("200 202 400 401 403 410 413 415 422 429 503", string.Join(' ', post.GetProperty("responses").EnumerateObject().Select(a => a.Name).Order(StringComparer.Ordinal)));
        var body = post.GetProperty("requestBody").GetProperty("content").GetProperty("application/json");
        var example = body.GetProperty("example").GetRawText().Replace("libera/", "net/", StringComparison.Ordinal);
        Assert.Equal(202, (await host.PostJsonAsync("/api/v1/messages", example)).Code);
        Assert.Equal("#/components/schemas/SendRequest", body.GetProperty("schema").GetProperty("$ref").GetString());
    }

    [Fact]
    public async Task DescribesEveryField()
    {
        await using var host = await DoorHost.StartAsync();
        var schemas = (await host.GetAsync("/openapi/v1.json")).Json.GetProperty("components").GetProperty("schemas").EnumerateObject().ToList();
        var names = schemas.Select(s => s.Name).ToList();
        Assert.All(new[] { "SendRequest", "PrismRequest", "ReceiptBody", "DeliveryBody", "PageBody", "SessionBody", "ChannelBody", "ReadinessBody", "ProblemBody" }, n => Assert.Contains(n, names, StringComparer.Ordinal));
        foreach (var schema in schemas)
        {
            Assert.NotEmpty(schema.Value.TryGetProperty("description", out var words) ? words.GetString()! : schema.Value.GetProperty("properties").GetRawText());
            foreach (var field in schema.Value.TryGetProperty("properties", out var fields) ? fields.EnumerateObject() : default)
            {
                Assert.True(field.Value.TryGetProperty("description", out var text) && text.GetString()!.Length > 0, $"{schema.Name}.{field.Name}");
                Assert.True(field.Value.TryGetProperty("type", out _) || field.Value.TryGetProperty("$ref", out _) || field.Value.TryGetProperty("enum", out _), $"{schema.Name}.{field.Name}");
            }
        }

        var status = schemas.Single(s => s.Name is "DeliveryBody").Value.GetProperty("properties").GetProperty("status").GetProperty("enum");
        Assert.Equal("""["queued","delivered","failed","expired","cancelled"]""", JsonSerializer.Serialize(status));
        var list = schemas.Single(s => s.Name is "ReceiptBody").Value.GetProperty("properties").GetProperty("deliveries").GetProperty("items");
        Assert.Equal("#/components/schemas/DeliveryBody", list.GetProperty("$ref").GetString());
    }

    [Fact]
    public async Task NamesTheSecuritySchemes()
    {
        await using var host = await DoorHost.StartAsync();
        var document = (await host.GetAsync("/openapi/v1.json")).Json;
        var schemes = document.GetProperty("components").GetProperty("securitySchemes");
        Assert.Equal("bearer", schemes.GetProperty("bearer").GetProperty("scheme").GetString());
        Assert.Equal("basic", schemes.GetProperty("basic").GetProperty("scheme").GetString());
        Assert.Equal("X-Api-Key", schemes.GetProperty("apiKey").GetProperty("name").GetString());
        var send = document.GetProperty("paths").GetProperty("/api/v1/messages").GetProperty("post");
        Assert.Equal("""[{"bearer":[]},{"basic":[]},{"apiKey":[]},{}]""", JsonSerializer.Serialize(send.GetProperty("security")));
        Assert.False(document.GetProperty("paths").GetProperty("/health/live").GetProperty("get").TryGetProperty("security", out _));
    }

    private static IEnumerable<(string Method, string Path)> Routes(DoorHost host) =>
        from endpoint in host.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
        where endpoint.Metadata.GetMetadata<ControllerActionDescriptor>() is not null && !endpoint.RoutePattern.RawText!.Contains("**", StringComparison.Ordinal)
        from method in endpoint.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods ?? []
        select (method, "/" + endpoint.RoutePattern.RawText!.TrimStart('/'));

    private static IEnumerable<JsonElement> Operations(JsonElement document) =>
        document.GetProperty("paths").EnumerateObject().SelectMany(p => p.Value.EnumerateObject()).Select(o => o.Value);
}
