using System.Net;
using System.Reflection;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Net.Http.Headers;

namespace NotifyGateway.Api.Http;

/// <summary>
/// The status page at <c>/</c>, its parts below <c>/ui/</c>, and the documents below <c>/docs/</c>. All of it is inside the assembly: it is there wherever the program is
/// started, and however it was published. The page asks the API for everything it shows, so it needs no secret itself.
/// </summary>
internal static class StatusPage
{
    /// <summary>Nothing from elsewhere, nothing inline, in no frame, and no text can become markup.</summary>
    private const string Policy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'";

    private const string PagePrefix = "wwwroot/";
    private const string DocsPrefix = "docs/";

    private static readonly string[] Methods = [HttpMethods.Get, HttpMethods.Head];

    public static void MapStatusPage(this IEndpointRouteBuilder app)
    {
        var assembly = typeof(StatusPage).Assembly;
        var names = assembly.GetManifestResourceNames();
        foreach (var name in names.Where(n => n.StartsWith(PagePrefix, StringComparison.Ordinal)))
        {
            Map(app, name is "wwwroot/index.html" ? "/" : "/" + name[PagePrefix.Length..], new PageFile(TypeOf(name), () => Read(assembly, name)));
        }

        var documents = names.Where(n => n.StartsWith(DocsPrefix, StringComparison.Ordinal)).Order(StringComparer.Ordinal).ToList();
        documents.ForEach(name => Map(app, "/" + name, new PageFile(TypeOf(name), () => Read(assembly, name))));
        Map(app, "/docs/", new PageFile("text/html; charset=utf-8", () => Encoding.UTF8.GetBytes(Index(documents))));
    }

    private static void Map(IEndpointRouteBuilder app, string path, PageFile file) => app.MapMethods(path, Methods, context =>
    {
        // Its documents name each other beside themselves: without the slash these would be sought one folder above.
        var isFolder = path.EndsWith('/') && path.Length > 1;
        if (isFolder && !context.Request.Path.Value!.EndsWith('/'))
        {
            context.Response.Redirect("docs/", permanent: false);
            return Task.CompletedTask;
        }

        return file.WriteAsync(context);
    }).ExcludeFromDescription();

    private static byte[] Read(Assembly assembly, string name)
    {
        using var stream = assembly.GetManifestResourceStream(name)!;
        var bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return bytes;
    }

    private static string TypeOf(string name) => Path.GetExtension(name) switch
    {
        ".html" => "text/html; charset=utf-8",
        ".css" => "text/css; charset=utf-8",
        ".js" => "text/javascript; charset=utf-8",
        ".svg" => "image/svg+xml",
        _ => "text/plain; charset=utf-8",
    };

    private static string Index(List<string> documents)
    {
        var html = new StringBuilder("""
            <!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>NotifyGateway: documents</title>
            <link rel="icon" href="../ui/icon-unknown.svg" type="image/svg+xml"><link rel="stylesheet" href="../ui/style.css"></head><body class="documents"><main><h1>Documents</h1><p><a href="../">Status page</a></p><ul>
            """);
        foreach (var name in documents.Select(d => d[DocsPrefix.Length..]))
        {
            html.Append("<li><a href=\"").Append(WebUtility.HtmlEncode(name)).Append("\">").Append(WebUtility.HtmlEncode(Path.GetFileNameWithoutExtension(name))).Append("</a></li>");
        }

        return html.Append(documents.Count == 0 ? "<li>This build has none.</li>" : "").Append("</ul></main></body></html>\n").ToString();
    }

    /// <summary>A file as it is served: read once, when it is first asked for, and known by its hash.</summary>
    private sealed class PageFile(string contentType, Func<byte[]> read)
    {
        private readonly Lazy<(byte[] Content, EntityTagHeaderValue Tag)> _file = new(() =>
        {
            var content = read();
            return (content, new EntityTagHeaderValue($"\"{Convert.ToHexStringLower(SHA256.HashData(content))[..32]}\""));
        });

        public async Task WriteAsync(HttpContext context)
        {
            var (content, tag) = _file.Value;
            var headers = context.Response.Headers;
            headers.ContentSecurityPolicy = Policy;
            headers["Referrer-Policy"] = "no-referrer";
            headers.XFrameOptions = "DENY";
            headers["Cross-Origin-Opener-Policy"] = "same-origin";
            headers["Cross-Origin-Resource-Policy"] = "same-origin";

            // Kept, and asked about each time: a new version is there with the next look.
            headers.CacheControl = "no-cache";
            headers.ETag = tag.ToString();
            if (EntityTagHeaderValue.TryParseList(context.Request.Headers.IfNoneMatch, out var known) && known.Any(t => t.Compare(tag, useStrongComparison: false)))
            {
                context.Response.StatusCode = StatusCodes.Status304NotModified;
                return;
            }

            context.Response.ContentType = contentType;
            context.Response.ContentLength = content.Length;
            if (!HttpMethods.IsHead(context.Request.Method))
            {
                await context.Response.Body.WriteAsync(content, context.RequestAborted);
            }
        }
    }
}
