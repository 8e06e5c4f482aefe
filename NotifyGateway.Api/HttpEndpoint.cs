using System.Globalization;
using System.Net;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using NotifyGateway.Api.Listeners;
using NotifyGateway.Core.Configuration;

namespace NotifyGateway.Api;

/// <summary>
/// An address that HTTP is listened to. Read and listened to by our own code, because endpoints given in code (the TCP doors) make Kestrel
/// ignore <c>--urls</c>.
/// </summary>
internal sealed class HttpEndpoint
{
    /// <summary>Where we listen when nobody says where.</summary>
    public const string Default = "http://127.0.0.1:8080";

    private readonly BindingAddress _address;

    private HttpEndpoint(BindingAddress address) => _address = address;

    /// <summary>Whether this address speaks TLS.</summary>
    public bool IsHttps => string.Equals(_address.Scheme, Uri.UriSchemeHttps, StringComparison.OrdinalIgnoreCase);

    /// <summary>
    /// The addresses of the command line, else those of <c>ASPNETCORE_URLS</c> or <c>Urls</c>, else every address with the ports of <c>ASPNETCORE_HTTP_PORTS</c> and
    /// <c>ASPNETCORE_HTTPS_PORTS</c> (.NET's container images set the first), else those of <c>Kestrel:Endpoints</c> alone, else <see cref="Default"/>.
    /// </summary>
    public static (IReadOnlyList<HttpEndpoint> Endpoints, IReadOnlyList<ConfigurationError> Errors) Choose(string? argument, IReadOnlyDictionary<string, string?> settings)
    {
        var (path, urls) = argument is { Length: > 0 } ? ("--urls", argument)
            : settings.GetValueOrDefault("Urls") is { Length: > 0 } configured ? ("Urls", configured)
            : Ports(settings) is { Length: > 0 } ports ? ("HTTP_PORTS", ports)
            : settings.Keys.Any(k => k.StartsWith("Kestrel:Endpoints:", StringComparison.OrdinalIgnoreCase)) ? ("", "")
            : ("Urls", Default);
        var (endpoints, wrong) = ParseAll(urls);
        var errors = wrong.Select(w => new ConfigurationError(path, w));
        return (endpoints, endpoints.Any(e => e.IsHttps) ? [.. errors, .. HttpCertificate.Errors(settings)] : [.. errors]);
    }

    /// <summary>Addresses separated by semicolons.</summary>
    public static (IReadOnlyList<HttpEndpoint> Endpoints, IReadOnlyList<string> Errors) ParseAll(string urls)
    {
        var endpoints = new List<HttpEndpoint>();
        var errors = new List<string>();
        foreach (var url in urls.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            if (Parse(url) is { } address)
            {
                endpoints.Add(new(address));
            }
            else
            {
                errors.Add($"'{url}' is no address to listen to; right are http://127.0.0.1:8080, http://[::1]:8080, http://localhost:8080, http://*:8080 for every address, and http://unix:/path");
            }
        }

        return (endpoints, errors);
    }

    /// <summary>Listens. An https address takes the certificate of <c>Kestrel:Certificates:Default</c>.</summary>
    /// <param name="certificate">It, where the gateway reads it; null: Kestrel does, once.</param>
    public void ListenWith(KestrelServerOptions kestrel, ListenerCertificate? certificate)
    {
        void Secure(ListenOptions listen) => this.Secure(listen, certificate);
        if (_address.IsUnixPipe)
        {
            kestrel.ListenUnixSocket(_address.UnixPipePath, Secure);
        }
        else if (IsLocalhost(_address.Host))
        {
            kestrel.ListenLocalhost(_address.Port, Secure);
        }
        else if (IPAddress.TryParse(_address.Host, out var address))
        {
            kestrel.Listen(address, _address.Port, Secure);
        }
        else
        {
            kestrel.ListenAnyIP(_address.Port, Secure);
        }
    }

    /// <summary>How this machine reaches the address: for <c>*</c> and its kind by loopback. With a path, through that socket.</summary>
    public (Uri Url, string? Socket) FromHere
    {
        get
        {
            if (_address.IsUnixPipe)
            {
                return (new Uri($"{_address.Scheme}://localhost"), _address.UnixPipePath);
            }

            var host = IPAddress.TryParse(_address.Host, out var address)
                ? (address.Equals(IPAddress.Any) ? IPAddress.Loopback : address.Equals(IPAddress.IPv6Any) ? IPAddress.IPv6Loopback : address).ToString()
                : IsLocalhost(_address.Host) ? "localhost" : IPAddress.Loopback.ToString();
            return (new UriBuilder(_address.Scheme, host, _address.Port).Uri, null);
        }
    }

    public override string ToString() => _address.IsUnixPipe
        ? $"{_address.Scheme}://unix:{_address.UnixPipePath}"
        : string.Create(CultureInfo.InvariantCulture, $"{_address.Scheme}://{_address.Host}:{_address.Port}");

    private static BindingAddress? Parse(string url)
    {
        if (!url.StartsWith("http://", StringComparison.OrdinalIgnoreCase) && !url.StartsWith("https://", StringComparison.OrdinalIgnoreCase))
        {
            return null;
        }

        try
        {
            var address = BindingAddress.Parse(url);
            return address.PathBase.Length == 0 && IsListenable(address) ? address : null;
        }
        catch (Exception e) when (e is FormatException or ArgumentException)
        {
            // The second for a socket without a name, http://unix:/
            return null;
        }
    }

    /// <summary>Kestrel would listen to every address for a host name that it does not know. And localhost is two addresses, which cannot share a port that is still to be found.</summary>
    private static bool IsListenable(BindingAddress address) =>
        address.IsUnixPipe ? !address.UnixPipePath.EndsWith('/') : (address.Port is >= 0 and <= 65535 && (address.Host is "*" or "+" || (IsLocalhost(address.Host) && address.Port > 0) || IPAddress.TryParse(address.Host, out _)));

    private static bool IsLocalhost(string host) => string.Equals(host, "localhost", StringComparison.OrdinalIgnoreCase);

    private static string Ports(IReadOnlyDictionary<string, string?> settings)
    {
        return string.Join(';', [.. Of("HTTP_PORTS", Uri.UriSchemeHttp), .. Of("HTTPS_PORTS", Uri.UriSchemeHttps)]);

        IEnumerable<string> Of(string key, string scheme) =>
            (settings.GetValueOrDefault(key) ?? "").Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(port => $"{scheme}://*:{port}");
    }

    private void Secure(ListenOptions listen, ListenerCertificate? certificate)
    {
        if (IsHttps && certificate is not null)
        {
            listen.UseHttps(certificate.Callback);
        }
        else if (IsHttps)
        {
            listen.UseHttps();
        }
    }
}
