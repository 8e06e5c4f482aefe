using System.Text.Json;
using NotifyGateway.Core.Configuration;
using NotifyGateway.Tests.Support;
using Xunit;

namespace NotifyGateway.Tests.Configuration;

/// <summary>The keys that say how a network is connected to.</summary>
public sealed class ConnectionValidationTests
{
    [Theory]
    [InlineData("socks5://127.0.0.1", "Socks5", "127.0.0.1:1080", null, null)]
    [InlineData("SOCKS5H://Proxy.Example.ORG:9050/", "Socks5", "proxy.example.org:9050", null, null)]
    [InlineData("socks5://us%40er:p%3Aa%2Fss@[2001:db8::1]:80", "Socks5", "[2001:db8::1]:80", "us@er", "p:a/ss")]
    [InlineData("socks5://user@h", "Socks5", "h:1080", "user", "")]
    [InlineData("socks4://user@127.0.0.1", "Socks4", "127.0.0.1:1080", "user", null)]
    [InlineData("socks4a://127.0.0.1", "Socks4", "127.0.0.1:1080", null, null)]
    [InlineData("http://127.0.0.1", "Http", "127.0.0.1:8080", null, null)]
    [InlineData("http://127.0.0.1:80", "Http", "127.0.0.1:80", null, null)]
    [InlineData("http://user:p%C3%A9:x@127.0.0.1:80/", "Http", "127.0.0.1:80", "user", "pé:x")]
    [InlineData("http://user:80@[::1]", "Http", "[::1]:8080", "user", "80")]
    public void Proxy_IsRead(string url, string kind, string endpoint, string? user, string? password)
    {
        var proxy = ProxyAddress.Parse(Loading.Good(Loading.Network($"\"Proxy\": \"{url}\"")).Irc["libera"].Proxy!);

        Assert.Equal((kind, endpoint, user, password), (proxy.Kind.ToString(), proxy.Endpoint, proxy.User, proxy.Password));
        Assert.Equal($"{kind} {endpoint}", proxy.ToString());
    }

    [Theory]
    [InlineData("https://127.0.0.1:3128", "must be a proxy like socks5://127.0.0.1:1080")]
    [InlineData("ftp://127.0.0.1", "must be a proxy like")]
    [InlineData("127.0.0.1:9050", "must be a URL")]
    [InlineData("localhost:9050", "must be a proxy like")]
    [InlineData("socks5:///x", "must be a proxy like")]
    [InlineData("socks5://a\ufffdb:1", "must be a proxy like")]
    [InlineData("socks5://h/path", "must end with the host or the port")]
    [InlineData("socks5://h?hunter2xyz", "must end with the host or the port")]
    [InlineData("socks5://h#hunter2xyz", "must end with the host or the port")]
    [InlineData("socks5://:hunter2xyz@h", "must name a user")]
    [InlineData("socks4://u:hunter2xyz@h", "must have no password")]
    [InlineData("socks5://u%00hunter2xyz@h", "no control character")]
    [InlineData("http://u:a%0D%0Ahunter2xyz@h", "no control character")]
    [InlineData("http://hunter2xyz%3Au:p@h", "no colon in its user")]
    public void Proxy_IsChecked(string url, string message)
    {
        var error = Loading.OnlyErrorAt("Gateway:Irc:libera:Proxy", Loading.Load(Loading.Network($"\"Proxy\": \"{url}\"")));

        Assert.Contains(message, error, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2xyz", error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("socks5://{0}:x@h")]
    [InlineData("socks5://x:{0}@h")]
    [InlineData("http://{0}@h")]
    public void LoginOfAProxy_IsNotLongerThanSocksCanSay(string url)
    {
        // 128 letters of two bytes each.
        var longest = string.Concat(Enumerable.Repeat("%C3%A9", 127)) + "x";

        Loading.Good(Loading.Network($"\"Proxy\": \"{url.Replace("{0}", longest, StringComparison.Ordinal)}\""));
        Assert.Contains("at most 255 bytes", Loading.OnlyErrorAt(
            "Gateway:Irc:libera:Proxy", Loading.Load(Loading.Network($"\"Proxy\": \"{url.Replace("{0}", longest + "x", StringComparison.Ordinal)}\""))), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("socks5://u:p/hunter2xyz@h")]
    [InlineData("socks5://u:p#hunter2xyz@h")]
    [InlineData("socks5://u:p?hunter2xyz@h")]
    [InlineData("socks5://u:p@hunter2xyz@h")]
    [InlineData("socks5://u:p hunter2xyz@h:99999")]
    [InlineData("http://u:[hunter2xyz@h")]
    public void PasswordThatIsNotEncoded_IsRepeatedNowhere(string url)
    {
        var result = Loading.Load(Loading.Network($"\"Proxy\": \"{url}\""));

        Assert.All(result.Errors, e => Assert.DoesNotContain("hunter2xyz", e.ToString(), StringComparison.Ordinal));
        Assert.True(result.Errors.Count == 1 || result.Options!.Irc["libera"].Proxy is { } proxy && ProxyAddress.Parse(proxy).Password!.Contains("hunter2xyz", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("\"LocalAddress\": \"eth0\"", "LocalAddress", "must be an address of this machine")]
    [InlineData("\"TrafficLog\": \"/\"", "TrafficLog", "must be a file, not a directory: /")]
    [InlineData("\"TrafficLog\": \"nowhere/\"", "TrafficLog", "must be a file, not a directory")]
    [InlineData("\"TrafficLog\": \"a\\u0000b\"", "TrafficLog", "must be the path of a file")]
    [InlineData("\"ClientCertificate\": \"nowhere.pem\"", "ClientCertificate", "no such file")]
    [InlineData("\"ClientCertificateKey\": \"nowhere.pem\"", "ClientCertificateKey", "of no use without ClientCertificate")]
    public void Connection_IsChecked(string keys, string key, string message) =>
        Assert.Contains(message, Loading.OnlyErrorAt($"Gateway:Irc:libera:{key}", Loading.Load(Loading.Network(keys))), StringComparison.Ordinal);

    [Theory]
    [InlineData("\"LocalAddress\": \"192.0.2.7\"")]
    [InlineData("\"LocalAddress\": \"2001:db8::7\"")]
    [InlineData("\"TrafficLog\": \"nowhere/libera.log\"")]
    public void Connection_MayBe(string keys) => Loading.Good(Loading.Network(keys));

    [Fact]
    public void Certificates_AreRead()
    {
        using var certificates = new TestCertificates();
        using var folder = new TempFolder();
        var (bot, other, over) = (certificates.Client, certificates.Server, certificates.Expired);
        var empty = folder.Write("empty.pem", "nothing");

        Loading.Good(Loading.Network($"{Own(bot.CertificateFile, bot.KeyFile)}, \"TlsCaFile\": {Json(certificates.Authority.CertificateFile)}"));
        Loading.Good($$"""{ "Dynamic": { {{Own(bot.CertificateFile, bot.KeyFile)}} } }""");
        Wrong("ClientCertificate", Own(bot.CertificateFile, other.KeyFile), "does not belong");
        Loading.Good(Loading.Network(Own(over.CertificateFile, over.KeyFile)));
        Wrong("ClientCertificate", Own(empty, bot.KeyFile), "holds no certificate");
        Wrong("ClientCertificateKey", Own(bot.CertificateFile, folder["no.key"]), "no such file");
        Wrong("ClientCertificate", Own(bot.CertificateFile, bot.KeyFile) + ", \"Tls\": false", "over TLS only");
        Wrong("TlsCaFile", $"\"TlsCaFile\": {Json(empty)}", "holds no certificate");

        static void Wrong(string key, string keys, string message) =>
            Assert.Contains(message, Loading.OnlyErrorAt($"Gateway:Irc:libera:{key}", Loading.Load(Loading.Network(keys))), StringComparison.Ordinal);

        static string Own(string certificate, string key) => $"\"ClientCertificate\": {Json(certificate)}, \"ClientCertificateKey\": {Json(key)}";
    }

    [Theory]
    [InlineData("localhost", "socks5://127.0.0.1", true)]
    [InlineData("127.0.0.1", "http://localhost:3128", true)]
    [InlineData("localhost", "socks5://[::1]", true)]
    [InlineData("localhost", "socks5://proxy.example.org", false)]
    [InlineData("127.0.0.1", "socks4://192.0.2.1", false)]
    [InlineData("irc.example.org", "socks5://127.0.0.1", false)]
    public void PasswordInClear_StaysOnThisMachine_OnlyIfTheProxyIsHereToo(string server, string proxy, bool allowed)
    {
        var result = Loading.Load(Loading.Network("\"Tls\": false, \"ServerPassword\": \"x\""), $$"""{ "Irc": { "libera": { "Server": "{{server}}", "Proxy": "{{proxy}}" } } }""");

        Assert.Equal(allowed, result.Errors.Count == 0);
        Assert.All(result.Errors, e => Assert.Equal("Gateway:Irc:libera:ServerPassword", e.Path));
    }

    private static string Json(string text) => JsonSerializer.Serialize(text);
}
