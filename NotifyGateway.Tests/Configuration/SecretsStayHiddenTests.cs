using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using NotifyGateway.Core.Configuration;
using NotifyGateway.Tests.Support;
using Xunit;

namespace NotifyGateway.Tests.Configuration;

public sealed class SecretsStayHiddenTests
{
    private const string Marker = "hunter2xyz";

    /// <summary>Every place that a secret may stand, right or wrong, each with something that is an error there.</summary>
    private static readonly string[] Places =
    [
        """{ "Admin": { "Secret": SECRET, "SecretSha256": SECRET } }""",
        """{ "Admin": { "Secert": SECRET } }""",
        """{ "Clients": { "a": { "Secret": SECRET }, "b": { "Secret": SECRET } } }""",
        """{ "Clients": { "a": { "SecretSha256": SECRET } } }""",
        """{ "Clients": { "a": { "Secret": [SECRET], "Expires": SECRET, "Disabled": SECRET } } }""",
        """{ "Clients": { "a": SECRET }, "MaxMessageBytes": SECRET, "Anonymous": SECRET, "PublicUrl": SECRET, "DefaultTo": SECRET, "Outbox": SECRET }""",
        """{ "Irc": { "a": { "Server": "s.example", "Nick": "n", "Tls": false, "ServerPassword": SECRET } } }""",
        """{ "Irc": { "a": { "Server": "s.example", "Nick": "n", "OnConnect": ["PRIVMSG NickServ :IDENTIFY\r\n", SECRET], "Port": 0 } } }""",
        """{ "Irc": { "a": { "Server": "s.example", "Nick": "n", "Channels": [ { "Name": "x", "Key": SECRET } ] } } }""",
        """{ "Irc": { "a": { "Server": SECRET, "Nick": SECRET, "User": SECRET, "TlsFingerprint": SECRET, "Port": SECRET, "NickFallback": SECRET } } }""",
        """{ "Irc": { "a": { "Server": "s.example", "Nick": "n", "Tls": false, "Sasl": { "Account": SECRET, "Password": SECRET }, "NickServ": { "Password": SECRET, "Service": SECRET } } } }""",
        """{ "Irc": { "a": { "Server": "s.example", "Nick": "n", "Proxy": SECRET, "LocalAddress": SECRET, "ClientCertificateKey": "" } }, "MaxMessageBytes": 1 }""",
        """{ "Xmpp": { "a": { "Jid": "bot@example.org", "Password": SECRET, "Port": 0, "Rooms": [ { "Jid": "x", "Password": SECRET, "Nick": SECRET } ] } } }""",
        """{ "Xmpp": { "a": { "Jid": SECRET, "Host": SECRET, "Resource": SECRET, "Users": [SECRET], "DefaultUsers": [SECRET], "DefaultRooms": [SECRET], "Proxy": SECRET, "Tls": SECRET } } }""",
        """{ "Hooks": { "a": { "Token": SECRET, "TokenSha256": SECRET, "Nick": SECRET, "Format": SECRET, "Template": SECRET, "SigningSecret": SECRET, "PerMinute": SECRET, "Repeat": SECRET, "Answer": SECRET, "AllowGet": SECRET }, "b": { "Token": SECRET, "SigningSecret": SECRET, "AllowGet": true, "To": [SECRET, "x y"] } } }""",
        """{ "Programs": { "a": { "Command": ["x", "{{a}}", SECRET], "Timeout": SECRET, "Environment": { "A": SECRET, "B": [SECRET] }, "Stdin": SECRET } } }""",
        """{ "Otlp": { "Endpoint": SECRET, "Protocol": SECRET, "Headers": { "a b": SECRET, "x": SECRET, "y": [SECRET] } }, "MetricsNeedSecret": SECRET }""",
        """{ "DefaultTo": [SECRET], "Aliases": { "a": [SECRET, ""] } }""",
        """{ "Listeners": { "Tcp": { "a": { "Endpoint": SECRET, "Dialect": SECRET } } } }""",
        """{ "Hooks": { "a": { "Token": SECRET } }, "Outbox": { "RabbitMq": { "Uri": SECRET }, "Provider": SECRET } }""",
    ];

    [Fact]
    public void NoError_RepeatsASecret() =>
        Prop.ForAll(
            Gen.Elements(Places).ToArbitrary(),
            Gen.Elements("", " ", "\n", "\0", "%s", "@", ":", ",", "#", "1", "\ud83d\ude00").Two().ToArbitrary(),
            (place, around) =>
            {
                var secret = JsonSerializer.Serialize(around.Item1 + Marker + around.Item2);
                var result = Loading.Load(place.Replace("SECRET", secret, StringComparison.Ordinal));
                return result.Errors.All(e => !e.ToString().Contains(Marker, StringComparison.OrdinalIgnoreCase));
            }).Holds();

    [Fact]
    public void NoOptionsAsText_ShowASecret()
    {
        var options = Loading.Good($$"""
            { "Admin": { "Secret": "{{Marker}}0" }, "Clients": { "a": { "Secret": "{{Marker}}1" } }, "Dynamic": { "ServerPassword": "{{Marker}}", "OnConnect": ["{{Marker}}"] },
              "Irc": { "a": { "Server": "s.example", "Nick": "n", "ServerPassword": "{{Marker}}", "Sasl": { "Password": "{{Marker}}" }, "NickServ": { "Password": "{{Marker}}" }, "Proxy": "socks5://{{Marker}}:{{Marker}}@h", "Channels": [ { "Name": "#a", "Key": "{{Marker}}" } ] } },
              "Xmpp": { "x": { "Jid": "bot@example.org", "Password": "{{Marker}}", "Rooms": [ { "Jid": "a@c.example", "Password": "{{Marker}}" } ], "Proxy": "socks5://u:{{Marker}}@p.example" } },
              "Otlp": { "Endpoint": "http://c.example", "Headers": { "Authorization": "{{Marker}}" } },
              "Hooks": { "h": { "Token": "{{Marker}}2", "SigningSecret": "{{Marker}}", "To": ["xmpp:a@c.example?join;password={{Marker}}"] } } }
            """);

        Assert.All(
            new object[] { options, options.Admin, options.Clients["a"], options.Dynamic, options.Irc["a"], options.Irc["a"].Sasl!, options.Irc["a"].NickServ!, options.Irc["a"].Channels[0], options.Xmpp["x"], options.Xmpp["x"].Rooms[0], options.Hooks["h"], options.Otlp },
            o => Assert.DoesNotContain(Marker, o.ToString(), StringComparison.Ordinal));
    }

    [Fact]
    public void EveryPlace_GivesAnErrorToLookAt() =>
        Assert.All(Places, place => Assert.NotEmpty(Loading.Load(place.Replace("SECRET", $"\" {Marker}\"", StringComparison.Ordinal)).Errors));

    [Theory]
    [InlineData("{ \"Gateway\": { \"Admin\": { \"Secret\": hunter2xyz } } }")]
    [InlineData("{ \"Gateway\": { \"Admin\": { \"Secret\": 'hunter2xyz' } } }")]
    [InlineData("{ \"Gateway\": { \"Admin\": { \"Secret\": \"hunter2xyz\n\" } } }")]
    [InlineData("{ \"Gateway\": { \"Admin\": { \"Secret\": \"\\qhunter2xyz\" } } }")]
    [InlineData("{ \"Gateway\": { \"Admin\": { \"Secret\": thunter2xyz } } }")]
    [InlineData("{ \"Gateway\": { \"Admin\": { \"Secret\": nhunter2xyz } } }")]
    public void NoSyntaxError_RepeatsASecret(string text) => Assert.DoesNotContain(
        Marker, Assert.Single(GatewayConfiguration.Load([ConfigurationSource.Json("f.json", text)]).Errors).ToString(), StringComparison.Ordinal);
}
