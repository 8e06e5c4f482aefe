using System.Globalization;
using System.Text.Json;
using NotifyGateway.Core.Configuration;
using NotifyGateway.Tests.Support;
using Xunit;

namespace NotifyGateway.Tests.Configuration;

public sealed class ValidationTests
{
    private const string Hash = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"; // SHA-256 of "test"

    [Theory]
    [InlineData("\"Server\": \"\"", "Server", "must name the server")]
    [InlineData("\"Server\": \"irc://irc.example.org\"", "Server", "host name or address alone")]
    [InlineData("\"Server\": \"irc.example.org:6697\"", "Server", "host name or address alone")]
    [InlineData("\"Port\": 0", "Port", "1 to 65535")]
    [InlineData("\"Port\": 65536", "Port", "1 to 65535")]
    [InlineData("\"Nick\": \"\"", "Nick", "empty")]
    [InlineData("\"Nick\": \"my bot\"", "Nick", "spaces")]
    [InlineData("\"Nick\": \"1bot\"", "Nick", "begin")]
    [InlineData("\"Nick\": \"#bot\"", "Nick", "begin")]
    [InlineData("\"Nick\": \":bot\"", "Nick", "begin")]
    [InlineData("\"Nick\": \"@bot\"", "Nick", "begin")]
    [InlineData("\"Nick\": \"bot\\u0007\"", "Nick", "control")]
    [InlineData("\"Nick\": \"bot!x\"", "Nick", "any of")]
    [InlineData("\"NickFallback\": \"bot%d%d\"", "NickFallback", "one place")]
    [InlineData("\"NickFallback\": \"bot%s\"", "NickFallback", "one place")]
    [InlineData("\"NickFallback\": \"bot%00d\"", "NickFallback", "one place")]
    [InlineData("\"NickFallback\": \"%dbot\"", "NickFallback", "begin")]
    [InlineData("\"User\": \"a@b\"", "User", "@")]
    [InlineData("\"RealName\": \"a\\nb\"", "RealName", "line break")]
    [InlineData("\"OnConnect\": [\"MODE {nick} +B\", \"A\\r\\nB\"]", "OnConnect:1", "line break")]
    [InlineData("\"ServerPassword\": \"a\\u0000b\"", "ServerPassword", "NUL")]
    [InlineData("\"Users\": [\"a\", \"#b\"]", "Users:1", "begin")]
    [InlineData("\"DefaultUsers\": [\"b c\"]", "DefaultUsers:0", "spaces")]
    [InlineData("\"DefaultChannels\": [\"ops\"]", "DefaultChannels:0", "begin with #")]
    [InlineData("\"JoinUnlisted\": false, \"DefaultChannels\": [\"#a\"]", "DefaultChannels:0", "not one of Channels")]
    [InlineData("\"Channels\": [{ \"Name\": \"#a,#b\" }]", "Channels:0:Name", "commas")]
    [InlineData("\"Channels\": [{ \"Name\": \"#a\\u0007\" }]", "Channels:0:Name", "control")]
    [InlineData("\"Channels\": [{ \"Name\": \"#\" }]", "Channels:0:Name", "have a name")]
    [InlineData("\"Channels\": [{ }]", "Channels:0:Name", "begin with #")]
    [InlineData("\"Channels\": [{ \"Name\": \"#a\" }, { \"Name\": \"#A\" }]", "Channels:1:Name", "same channel as Channels:0")]
    [InlineData("\"Channels\": [{ \"Name\": \"#a\", \"Key\": \"a b\" }]", "Channels:0:Key", "spaces")]
    [InlineData("\"Channels\": [{ \"Name\": \"#a\", \"Key\": \":a\" }]", "Channels:0:Key", "colon")]
    [InlineData("\"TlsCaFile\": \"/nowhere/ca.pem\"", "TlsCaFile", "/nowhere/ca.pem")]
    [InlineData("\"TlsFingerprint\": \"AB:CD\"", "TlsFingerprint", "64 digits")]
    [InlineData("\"Tls\": false, \"ServerPassword\": \"x\"", "ServerPassword", "AllowPlaintextLogin")]
    [InlineData("\"Tls\": false, \"Sasl\": { \"Password\": \"x\" }", "Sasl:Password", "AllowPlaintextLogin")]
    [InlineData("\"Tls\": false, \"NickServ\": { \"Password\": \"x\" }", "NickServ:Password", "AllowPlaintextLogin")]
    [InlineData("\"Sasl\": { }", "Sasl", "nothing to log in with")]
    [InlineData("\"Sasl\": { \"Account\": \"bot\" }", "Sasl", "nothing to log in with")]
    [InlineData("\"Sasl\": { \"Mechanism\": \"External\" }", "Sasl", "needs ClientCertificate")]
    [InlineData("\"Sasl\": { \"Mechanism\": \"External\", \"Password\": \"x\" }", "Sasl", "needs ClientCertificate")]
    [InlineData("\"Sasl\": { \"Mechanism\": \"Plain\" }", "Sasl:Password", "needed for this mechanism")]
    [InlineData("\"Sasl\": { \"Mechanism\": \"ScramSha256\" }", "Sasl:Password", "needed for this mechanism")]
    [InlineData("\"Sasl\": { \"Account\": \"a b\", \"Password\": \"x\" }", "Sasl:Account", "spaces")]
    [InlineData("\"NickServ\": { }", "NickServ:Password", "nothing to log in with")]
    [InlineData("\"NickServ\": { \"Password\": \"a b\" }", "NickServ:Password", "spaces")]
    [InlineData("\"NickServ\": { \"Password\": \"x\", \"Service\": \"Nick Serv\" }", "NickServ:Service", "spaces")]
    [InlineData("\"JoinAttempts\": 0", "JoinAttempts", "1 to 1000")]
    [InlineData("\"JoinRetry\": \"00:00:00\"", "JoinRetry", "longer than")]
    [InlineData("\"JoinRetryAfter\": \"00:00:00\"", "JoinRetryAfter", "longer than")]
    [InlineData("\"MaxLinks\": 51", "MaxLinks", "1 to 50")]
    [InlineData("\"ChannelsPerLink\": 0", "ChannelsPerLink", "1 to 10000")]
    [InlineData("\"Burst\": 0", "Burst", "1 to 1000")]
    [InlineData("\"LinesPerSecond\": -0.5", "LinesPerSecond", "0 to 1000000")]
    [InlineData("\"Window\": 1025", "Window", "1 to 1024")]
    [InlineData("\"MaxLines\": 0", "MaxLines", "1 to 1000")]
    [InlineData("\"ReconnectMin\": \"00:10:00\"", "ReconnectMax", "shorter than ReconnectMin")]
    [InlineData("\"ConnectTimeout\": \"00:00:00\"", "ConnectTimeout", "longer than")]
    [InlineData("\"PingInterval\": \"50.00:00:00\"", "PingInterval", "at most")]
    [InlineData("\"PingTimeout\": \"00:00:00\"", "PingTimeout", "longer than")]
    public void Network_IsChecked(string keys, string key, string message) => Assert.Contains(
        message, Loading.OnlyErrorAt($"Gateway:Irc:libera:{key}", Loading.Load(Loading.Network("\"Tls\": true"), $$"""{ "Irc": { "libera": { {{keys}} } } }""")), StringComparison.Ordinal);

    [Theory]
    [InlineData("\"Tls\": false, \"Server\": \"127.0.0.1\", \"ServerPassword\": \"x\"")]
    [InlineData("\"Tls\": false, \"Server\": \"localhost\", \"ServerPassword\": \"x\"")]
    [InlineData("\"Tls\": false, \"ServerPassword\": \"x\", \"AllowPlaintextLogin\": true")]
    [InlineData("\"ServerPassword\": \"x\"")]
    [InlineData("\"Tls\": false, \"Server\": \"127.0.0.1\", \"Sasl\": { \"Password\": \"two words\" }, \"NickServ\": { \"Password\": \"x\" }")]
    [InlineData("\"Nick\": \"[bot]^`{|}_\"")]
    [InlineData("\"NickFallback\": \"bot%03d\"")]
    [InlineData("\"NickFallback\": \"bot%d_\"")]
    [InlineData("\"NickFallback\": \"spare\"")]
    [InlineData("\"Channels\": [{ \"Name\": \"&local\" }, { \"Name\": \"+x\" }, { \"Name\": \"!x\" }, { \"Name\": \"##deep\" }]")]
    [InlineData("\"TlsFingerprint\": \"9F:86:D0:81:88:4C:7D:65:9A:2F:EA:A0:C5:5A:D0:15:A3:BF:4F:1B:2B:0B:82:2C:D1:5D:6C:15:B0:F0:0A:08\"")]
    [InlineData("\"ConnectSpacing\": \"00:00:00\", \"LinesPerSecond\": 0, \"Window\": 1024")]
    [InlineData("\"JoinUnlisted\": false, \"Channels\": [{ \"Name\": \"#A\" }], \"DefaultChannels\": [\"#a\"]")]
    public void Network_MayBe(string keys) => Loading.Good(Loading.Network("\"Tls\": true"), $$"""{ "Irc": { "libera": { {{keys}} } } }""");

    [Theory]
    [InlineData("\"Mechanism\": \"External\"")]
    [InlineData("\"Account\": \"bot\"")]
    [InlineData("\"Mechanism\": \"Plain\", \"Password\": \"x\"")]
    public void Certificate_IsALoginOverTlsAlone(string sasl)
    {
        using var certificates = new TestCertificates();
        string Network(string tls) => Loading.Network(
            $"\"AllowPlaintextLogin\": true, \"Tls\": {tls}, \"ClientCertificate\": {JsonSerializer.Serialize(certificates.Client.CertificateFile)}, \"ClientCertificateKey\": {JsonSerializer.Serialize(certificates.Client.KeyFile)}, \"Sasl\": {{ {sasl} }}");

        Loading.Good(Network("true"));
        Assert.Contains("over TLS only", Loading.OnlyErrorAt("Gateway:Irc:libera:ClientCertificate", Loading.Load(Network("false"))), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{ "MaxMessageBytes": 255 }""", "Gateway:MaxMessageBytes", "256 to 16777216")]
    [InlineData("""{ "MaxMessageBytes": 16777217 }""", "Gateway:MaxMessageBytes", "256 to 16777216")]
    [InlineData("""{ "PublicUrl": "ftp://a.example" }""", "Gateway:PublicUrl", "http or https")]
    [InlineData("""{ "PublicUrl": "https://a\ufffdb" }""", "Gateway:PublicUrl", "http or https")]
    [InlineData("""{ "PublicUrl": "/notify" }""", "Gateway:PublicUrl", "http or https")]
    [InlineData("""{ "DefaultTo": ["#a", " "] }""", "Gateway:DefaultTo:1", "empty")]
    [InlineData("""{ "DynamicServers": ["irc://*"] }""", "Gateway:DynamicServers:0", "host name")]
    [InlineData("""{ "SecretsDirectory": "/nowhere/secrets" }""", "Gateway:SecretsDirectory", "no such directory")]
    [InlineData("""{ "Dynamic": { "MaxSessions": 0 } }""", "Gateway:Dynamic:MaxSessions", "1 to 100000")]
    [InlineData("""{ "Dynamic": { "Nick": "irker%s" } }""", "Gateway:Dynamic:Nick", "one place")]
    [InlineData("""{ "Dynamic": { "Sasl": { "Password": "x" } } }""", "Gateway:Dynamic:Sasl", "needs an Account")]
    [InlineData("""{ "Dynamic": { "NickServ": { "Password": "x" } } }""", "Gateway:Dynamic:NickServ", "needs an Account")]
    [InlineData("""{ "Dynamic": { "Window": 0 } }""", "Gateway:Dynamic:Window", "1 to 1024")]
    [InlineData("""{ "Dynamic": { "IdleAfter": "00:00:00" } }""", "Gateway:Dynamic:IdleAfter", "longer than")]
    [InlineData("""{ "Dynamic": { "ChannelIdleAfter": "00:00:00" } }""", "Gateway:Dynamic:ChannelIdleAfter", "longer than")]
    [InlineData("""{ "Dynamic": { "NeverSeenAfter": "00:00:00" } }""", "Gateway:Dynamic:NeverSeenAfter", "longer than")]
    [InlineData("""{ "Outbox": { "Provider": "Postgres" } }""", "Gateway:Outbox:Provider", "Sqlite")]
    [InlineData("""{ "Outbox": { "Path": "/" } }""", "Gateway:Outbox:Path", "directory")]
    [InlineData("""{ "Outbox": { "ExpireAfter": "00:00:00" } }""", "Gateway:Outbox:ExpireAfter", "longer than")]
    [InlineData("""{ "Outbox": { "KeepSettled": "9999.00:00:00" } }""", "Gateway:Outbox:KeepSettled", "at most")]
    [InlineData("""{ "Outbox": { "MaxQueuedPerSession": 0 } }""", "Gateway:Outbox:MaxQueuedPerSession", "1 to")]
    public void Gateway_IsChecked(string section, string path, string message) =>
        Assert.Contains(message, Loading.OnlyErrorAt(path, Loading.Load(section)), StringComparison.Ordinal);

    [Theory]
    [InlineData("""{ "ci": { } }""", "ci:Secret", "needs Secret or SecretSha256")]
    [InlineData("""{ "ci": { "Secret": "" } }""", "ci:Secret", "needs Secret or SecretSha256")]
    [InlineData("""{ "ci": { "Secret": "short77" } }""", "ci:Secret", "shorter than 8")]
    [InlineData("""{ "ci": { "Secret": "with a space" } }""", "ci:Secret", "spaces")]
    [InlineData("""{ "ci": { "Secret": "with\u0001control" } }""", "ci:Secret", "control")]
    [InlineData("""{ "ci": { "SecretSha256": "abcd" } }""", "ci:SecretSha256", "64 digits")]
    [InlineData($$"""{ "ci": { "Secret": "long-enough", "SecretSha256": "{{Hash}}" } }""", "ci:SecretSha256", "only one")]
    [InlineData("""{ "Anonymous": { "Secret": "long-enough" } }""", "Anonymous", "gateway's own")]
    [InlineData("""{ "admin": { "Secret": "long-enough" } }""", "admin", "gateway's own")]
    [InlineData("""{ "a": { "Secret": "long-enough" }, "b": { "Secret": "long-enough" } }""", "b:Secret", "that of Clients:a")]
    [InlineData($$"""{ "a": { "SecretSha256": "{{Hash}}" }, "b": { "SecretSha256": "9F86D081884C7D659A2FEAA0C55AD015A3BF4F1B2B0B822CD15D6C15B0F00A08" } }""", "b:SecretSha256", "that of Clients:a")]
    [InlineData("""{ "a": { "Secret": "long-enough", "To": ["oncal"] } }""", "a:To:0", "is no alias")]
    [InlineData("""{ "a": { "Secret": "long-enough", "To": ["#x", "liberra/*"] } }""", "a:To:1", "no network and no account is named liberra")]
    [InlineData("""{ "a": { "Secret": "long-enough", "To": [""] } }""", "a:To:0", "must not be empty")]
    [InlineData("""{ "a": { "Secret": "long-enough", "PerMinute": 0 } }""", "a:PerMinute", "1 to 1000000")]
    public void Clients_AreChecked(string clients, string key, string message) => Assert.Contains(
        message, Loading.OnlyErrorAt($"Gateway:Clients:{key}", Loading.Load($$"""{ "Clients": {{clients}} }""")), StringComparison.Ordinal);

    [Fact]
    public void SecretOfTheAdministrator_IsNobodyElses()
    {
        var hash = Convert.ToHexString(System.Security.Cryptography.SHA256.HashData("long-enough"u8));

        var message = Loading.OnlyErrorAt("Gateway:Clients:ci:SecretSha256", Loading.Load($$"""{ "Admin": { "Secret": "long-enough" }, "Clients": { "ci": { "SecretSha256": "{{hash}}" } } }"""));

        Assert.Contains("that of Admin", message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{ "a": ["a"] }""", "a", "a → a")]
    [InlineData("""{ "a": ["#x", "B"], "b": ["c"], "c": ["a"] }""", "a", "a → B → c → a")]
    [InlineData("""{ "start": ["a"], "a": ["b"], "b": ["a"] }""", "a", "a → b → a")]
    [InlineData("""{ "#a": ["#b"] }""", "#a", "must not begin")]
    [InlineData("""{ "log": ["#b"] }""", "log", "own log")]
    [InlineData("""{ "libera": ["#b"] }""", "libera", "name of a network")]
    [InlineData("""{ "a": [] }""", "a", "at least one")]
    [InlineData("""{ "a": ["#b", "x y"] }""", "a:1", "spaces")]
    public void Aliases_AreChecked(string aliases, string key, string message) => Assert.Contains(
        message, Loading.OnlyErrorAt($"Gateway:Aliases:{key}", Loading.Load(Loading.Network("\"Tls\": true"), $$"""{ "Aliases": {{aliases}} }""")), StringComparison.Ordinal);

    [Fact]
    public void Aliases_MayShareMembers() => Loading.Good("""{ "Aliases": { "all": ["a", "b"], "a": ["c"], "b": ["c"], "c": ["#x"] } }""");

    [Theory]
    [InlineData("""{ "Tcp": { "a": { } } }""", "Tcp:a:Endpoint", "address and a port")]
    [InlineData("""{ "Tcp": { "a": { "Endpoint": "6659" } } }""", "Tcp:a:Endpoint", "[::1]:6659")]
    [InlineData("""{ "Tcp": { "a": { "Endpoint": "127.0.0.1:6659", "MaxConnections": 0 } } }""", "Tcp:a:MaxConnections", "1 to")]
    [InlineData("""{ "Tcp": { "a": { "Endpoint": "127.0.0.1:6659", "IdleTimeout": "00:00:00" } } }""", "Tcp:a:IdleTimeout", "longer than")]
    [InlineData("""{ "Tcp": { "a": { "Endpoint": "127.0.0.1:6659", "CloseAfter": "00:00:00" } } }""", "Tcp:a:CloseAfter", "longer than")]
    [InlineData("""{ "Tcp": { "a": { "Endpoint": "127.0.0.1:6659" }, "b": { "Endpoint": "127.0.0.1:6659" } } }""", "Tcp:b:Endpoint", "taken by Tcp:a")]
    [InlineData("""{ "Udp": { "a": { "Endpoint": "0.0.0.0:6659" }, "b": { "Endpoint": "127.0.0.1:6659" } } }""", "Udp:b:Endpoint", "taken by Udp:a")]
    [InlineData("""{ "Udp": { "a": { "Endpoint": "127.0.0.1:6659", "Dialect": "Kaoz" } } }""", "Udp:a:Dialect", "Irker")]
    public void Listeners_AreChecked(string listeners, string key, string message) => Assert.Contains(
        message, Loading.OnlyErrorAt($"Gateway:Listeners:{key}", Loading.Load($$"""{ "Listeners": {{listeners}} }""")), StringComparison.Ordinal);

    [Fact]
    public void TlsListener_NeedsBothFiles()
    {
        var result = Loading.Load("""{ "Listeners": { "Tcp": { "a": { "Endpoint": "127.0.0.1:6659", "Tls": { "Certificate": "/nowhere/x.pem" } } } } }""");

        Assert.Equal(["Gateway:Listeners:Tcp:a:Tls:Certificate", "Gateway:Listeners:Tcp:a:Tls:Key"], result.Errors.Select(e => e.Path));
    }

    [Fact]
    public void TcpAndUdp_MayShareAnEndpoint() =>
        Loading.Good("""{ "Listeners": { "Tcp": { "a": { "Endpoint": "127.0.0.1:6659" }, "b": { "Endpoint": "127.0.0.1:0" }, "c": { "Endpoint": "127.0.0.1:0" } }, "Udp": { "a": { "Endpoint": "127.0.0.1:6659" } } } }""");

    [Theory]
    [InlineData("127.0.0.1:6659", "127.0.0.1:6659")]
    [InlineData("[::1]:6659", "[::1]:6659")]
    [InlineData("0.0.0.0:0", "0.0.0.0:0")]
    [InlineData("[::]:65535", "[::]:65535")]
    [InlineData("::1:6659", null)]
    [InlineData("127.1:6659", null)]
    [InlineData("127.0.0.1", null)]
    [InlineData("127.0.0.1:", null)]
    [InlineData("127.0.0.1:65536", null)]
    [InlineData("127.0.0.1:+1", null)]
    [InlineData("localhost:6659", null)]
    [InlineData("[127.0.0.1]:6659", null)]
    [InlineData(":6659", null)]
    public void Endpoint_IsAddressAndPort(string text, string? endpoint) => Assert.Equal(endpoint, ListenerEndpoint.Parse(text)?.ToString());

    [Theory]
    [InlineData("127.0.0.1:1", "127.0.0.1:1", true)]
    [InlineData("127.0.0.1:1", "127.0.0.1:2", false)]
    [InlineData("127.0.0.1:1", "127.0.0.2:1", false)]
    [InlineData("0.0.0.0:1", "127.0.0.2:1", true)]
    [InlineData("0.0.0.0:1", "[::1]:1", false)]
    [InlineData("[::]:1", "127.0.0.2:1", true)]
    [InlineData("[::]:1", "0.0.0.0:1", true)]
    [InlineData("127.0.0.1:0", "127.0.0.1:0", false)]
    public void Endpoints_CollideWhereOneHoldsTheOther(string one, string other, bool collide)
    {
        Assert.Equal(collide, ListenerEndpoint.Collide(ListenerEndpoint.Parse(one)!, ListenerEndpoint.Parse(other)!));
        Assert.Equal(collide, ListenerEndpoint.Collide(ListenerEndpoint.Parse(other)!, ListenerEndpoint.Parse(one)!));
    }

    [Fact]
    public void Numbers_AreReadTheSameInEveryCulture()
    {
        var before = CultureInfo.CurrentCulture;
        try
        {
            CultureInfo.CurrentCulture = CultureInfo.GetCultureInfo("de-DE");
            Assert.Equal(2.5, Loading.Good(Loading.Network("\"LinesPerSecond\": 2.5")).Irc["libera"].LinesPerSecond);
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }
}
