using System.Net;
using NotifyGateway.Core;
using NotifyGateway.Core.Configuration;

namespace NotifyGateway.Api.Http;

/// <summary>Who a request acts as, once the doorkeeper has let it in.</summary>
/// <param name="Client">A configured client, <see cref="ClientDirectory.Admin"/> or <see cref="ClientDirectory.Anonymous"/>.</param>
internal readonly record struct Caller(string Client)
{
    public bool IsAdmin => string.Equals(Client, ClientDirectory.Admin, StringComparison.Ordinal);

    /// <summary>A client sees its own messages, the administrator all.</summary>
    public bool MaySee(string client) => IsAdmin || string.Equals(Client, client, StringComparison.OrdinalIgnoreCase);
}

/// <summary>Lets a request in, or says why not. The only place that decides about credentials.</summary>
internal sealed class Doorkeeper(ClientDirectory clients, FailedAttempts attempts, GatewayOptions options)
{
    private static readonly Refusal CrossSite =
        new(StatusCodes.Status403Forbidden, "A request from a web page of another site needs a secret in a header.");

    private static readonly Refusal StrangeHost =
        new(StatusCodes.Status403Forbidden, "Without a secret the host name must be localhost, an IP address or that of Gateway:PublicUrl.");

    private static readonly Refusal NoCredentials = new(StatusCodes.Status401Unauthorized, "A secret is needed.");

    private static readonly Refusal WrongCredentials = new(StatusCodes.Status401Unauthorized, "The credentials are wrong.");

    /// <summary>Lets a request in by its headers and its query.</summary>
    public Refusal? Admit(HttpRequest request, out Caller caller) => Admit(request, default, out caller);

    /// <summary>Lets a request in that has a secret, of any client: nobody is anonymous here.</summary>
    public Refusal? AdmitKnown(HttpRequest request) =>
        Admit(request, out var caller) ?? (string.Equals(caller.Client, ClientDirectory.Anonymous, StringComparison.Ordinal) ? NoCredentials : null);

    /// <summary>
    /// Lets a request in. Headers come before the query, the query before the body; a name given anywhere must be that of the
    /// secret's owner; a credential that is wrong is refused even where none is needed.
    /// </summary>
    /// <param name="request">The request.</param>
    /// <param name="body">What the body's own fields <c>client</c> and <c>secret</c> say.</param>
    /// <param name="caller">Who it is, when the answer is null.</param>
    private Refusal? Admit(HttpRequest request, Credentials body, out Caller caller)
    {
        caller = default;
        var header = Credentials.FromHeaders(request.Headers);
        if (header.Secret is null && IsCrossSite(request))
        {
            return CrossSite;
        }

        var query = Credentials.FromQuery(request.Query);
        var secret = header.Secret ?? query.Secret ?? body.Secret;
        var name = NullIfEmpty(header.Client) ?? NullIfEmpty(query.Client) ?? NullIfEmpty(body.Client);
        if (secret is null && name is null)
        {
            return AdmitAnonymous(request, out caller);
        }

        if (string.IsNullOrEmpty(secret) || clients.Identify(secret, name) is not { } client)
        {
            HoldAnswer(request);
            return WrongCredentials;
        }

        caller = new Caller(client);
        return null;
    }

    /// <summary>Refuses at once what no body can make good: another site's page, or a wrong secret in a header or the query.</summary>
    /// <param name="request">The request.</param>
    /// <param name="caller">Who it is, if the headers or the query say so already.</param>
    public Refusal? Precheck(HttpRequest request, out Caller? caller)
    {
        caller = null;
        if (Credentials.FromHeaders(request.Headers).Secret is null && Credentials.FromQuery(request.Query).Secret is null)
        {
            return IsCrossSite(request) ? CrossSite : null;
        }

        var refusal = Admit(request, default, out var known);
        caller = refusal is null ? known : null;
        return refusal;
    }

    /// <summary>Lets a request in after its body was read.</summary>
    /// <param name="request">The request.</param>
    /// <param name="known">What <see cref="Precheck"/> found.</param>
    /// <param name="body">What the body's own fields say.</param>
    /// <param name="caller">Who it is, when the answer is null.</param>
    public Refusal? Admit(HttpRequest request, Caller? known, Credentials body, out Caller caller)
    {
        if (known is { } already && !body.AreGiven)
        {
            caller = already;
            return null;
        }

        return Admit(request, body, out caller);
    }

    /// <summary>Refuses a web page of another site where the request's own token is the credential: it stands in no header.</summary>
    public Refusal? RefuseForeignPage(HttpRequest request)
    {
        if (!IsCrossSite(request))
        {
            return null;
        }

        if (Credentials.FromHeaders(request.Headers) is { Secret: { Length: > 0 } secret } header)
        {
            if (clients.Identify(secret, NullIfEmpty(header.Client)) is not null)
            {
                return null;
            }

            // The answer tells whether the secret is right, as everywhere else.
            HoldAnswer(request);
        }

        return CrossSite;
    }

    /// <summary>A wrong secret or token, wherever it stood: the answer is held back when many have come from the same address.</summary>
    public void HoldAnswer(HttpRequest request)
    {
        var context = request.HttpContext;
        context.Response.OnStarting(async () =>
        {
            if (!await attempts.HoldAsync(context.Connection.RemoteIpAddress, HttpIntake.Input, 1, context.RequestAborted) && HttpProtocol.IsHttp11(request.Protocol))
            {
                context.Response.Headers.Connection = "close";
            }
        });
    }

    /// <summary>Whether a request that was let in would be by other clients, too. Looks at the request now, and never again.</summary>
    public static Predicate<ClientDirectory> Standing(HttpRequest request, Caller caller)
    {
        var loopback = IsLoopback(request);
        var secret = Credentials.FromHeaders(request.Headers).Secret ?? Credentials.FromQuery(request.Query).Secret;
        return clients => secret is null ? clients.AllowsAnonymous(loopback) : string.Equals(clients.Identify(secret, caller.Client), caller.Client, StringComparison.OrdinalIgnoreCase);
    }

    private Refusal? AdmitAnonymous(HttpRequest request, out Caller caller)
    {
        caller = new Caller(ClientDirectory.Anonymous);
        if (!clients.AllowsAnonymous(IsLoopback(request)))
        {
            return NoCredentials;
        }

        return IsForeignLink(request) ? CrossSite : IsKnownHost(request.Host) ? null : StrangeHost;
    }

    /// <summary>A request that came through a proxy is never from this machine, wherever the proxy stands.</summary>
    private static bool IsLoopback(HttpRequest request)
    {
        if (request.HttpContext.Connection.RemoteIpAddress is not { } remote || !IPAddress.IsLoopback(remote.IsIPv4MappedToIPv6 ? remote.MapToIPv4() : remote))
        {
            return false;
        }

        foreach (var (name, _) in request.Headers)
        {
            // Of a known proxy the server keeps what was there before as X-Original-*.
            if (name.StartsWith("X-Forwarded-", StringComparison.OrdinalIgnoreCase)
                || name.StartsWith("X-Original-", StringComparison.OrdinalIgnoreCase)
                || name.Equals("Forwarded", StringComparison.OrdinalIgnoreCase)
                || name.Equals("X-Real-IP", StringComparison.OrdinalIgnoreCase))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>
    /// DNS rebinding lets a foreign page reach this server under a name of its own, so a request without a secret must use a name that
    /// no stranger can point here. An IP address is no name; HTTP/1.0 without Host is no browser.
    /// </summary>
    private bool IsKnownHost(HostString host) =>
        !host.HasValue
        || host.Host.Equals("localhost", StringComparison.OrdinalIgnoreCase)
        || host.Host.EndsWith(".localhost", StringComparison.OrdinalIgnoreCase)
        || IPAddress.TryParse(host.Host, out _)
        || (options.PublicUrl is { } url && host.Host.Equals(url.IdnHost, StringComparison.OrdinalIgnoreCase));

    /// <summary>
    /// A GET that a browser makes for a picture says only in its Referer where it comes from, if this address is none that the browser trusts (plain http, not this
    /// machine). Senders with a secret may have a Referer of their own.
    /// </summary>
    private bool IsForeignLink(HttpRequest request) =>
        request.Headers["Sec-Fetch-Site"].Count == 0 && request.Headers.Origin.Count == 0 && request.Headers.Referer is [{ Length: > 0 } referer] && !IsOwn(referer, request);

    private bool IsCrossSite(HttpRequest request)
    {
        var site = request.Headers["Sec-Fetch-Site"];
        if (site.Count > 0 && site.ToString() is not ("same-origin" or "none"))
        {
            return true;
        }

        var origin = request.Headers.Origin;
        return origin.Count > 0 && !IsOwn(origin.ToString(), request);
    }

    /// <summary>The scheme is not compared: a proxy in front may have taken TLS off.</summary>
    private bool IsOwn(string origin, HttpRequest request)
    {
        if (!Uri.TryCreate(origin, UriKind.Absolute, out var url) || url.Host.Length == 0)
        {
            return false;
        }

        var port = request.Host.Port ?? (url.Scheme is "https" ? 443 : 80);
        var own = url.Port == port && url.Host.Equals(request.Host.Host, StringComparison.OrdinalIgnoreCase);
        return own || (options.PublicUrl is { } mine && url.Port == mine.Port && url.Host.Equals(mine.Host, StringComparison.OrdinalIgnoreCase));
    }

    private static string? NullIfEmpty(string? value) => string.IsNullOrEmpty(value) ? null : value;
}
