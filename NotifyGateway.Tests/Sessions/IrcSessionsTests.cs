using System.Text;
using NotifyGateway.Core;
using NotifyGateway.Core.Configuration;
using NotifyGateway.Core.Protocols;
using NotifyGateway.Core.Protocols.Irc;
using NotifyGateway.Core.Sessions;
using NotifyGateway.Tests.Support;
using Xunit;

namespace NotifyGateway.Tests.Sessions;

/// <summary>What of the configuration a connection's login makes use of.</summary>
public sealed class IrcSessionsTests
{
    private static readonly IrcOptions Network = new() { Server = "127.0.0.1", Nick = "bot", User = "ident" };

    [Theory]
    [InlineData(SaslMechanism.Auto, true, true, "EXTERNAL")]
    [InlineData(SaslMechanism.Auto, false, true, "SCRAM-SHA-256")]
    [InlineData(SaslMechanism.Auto, true, false, "SCRAM-SHA-256")]
    [InlineData(SaslMechanism.Plain, true, true, "PLAIN")]
    [InlineData(SaslMechanism.ScramSha256, true, true, "SCRAM-SHA-256")]
    [InlineData(SaslMechanism.External, true, true, "EXTERNAL")]
    public void Sasl_BeginsWithTheStrongestThatThereAreMeansFor(SaslMechanism mechanism, bool certificate, bool tls, string name)
    {
        using var certificates = new TestCertificates();
        var network = Network with
        {
            Tls = tls,
            ClientCertificate = certificate ? certificates.Client.CertificateFile : null,
            ClientCertificateKey = certificate ? certificates.Client.KeyFile : null,
            Sasl = new SaslOptions { Mechanism = mechanism, Password = "s3cret" },
        };

        Assert.Equal($"AUTHENTICATE {name}", Login(IrcSessions.Configured("net", network, null), 1).Last());
    }

    [Theory]
    [InlineData(null, 1, "AGJvdABzM2NyZXQ=")]
    [InlineData(null, 2, "AGJvdABzM2NyZXQ=")]
    [InlineData("gateway", 1, "AGdhdGV3YXkAczNjcmV0")]
    public void Sasl_HasTheNickForAnAccount_OnEachLink(string? account, int link, string payload)
    {
        var network = Network with { Sasl = new SaslOptions { Mechanism = SaslMechanism.Plain, Account = account, Password = "s3cret" } };

        Assert.Equal($"AUTHENTICATE {payload}", Login(IrcSessions.Configured("net", network, null), link, "AUTHENTICATE +").Last());
    }

    [Theory]
    [InlineData(1, "NICK bot", "PRIVMSG NickServ :IDENTIFY s3cret")]
    [InlineData(2, "NICK bot2", "PRIVMSG NickServ :IDENTIFY bot s3cret")]
    public void NickServ_IsToldTheAccount_WhereTheNickIsNotIt(int link, string nick, string identify)
    {
        var settings = IrcSessions.Configured("net", Network with { NickServ = new NickServOptions { Password = "s3cret" } }, null);

        var lines = Login(settings, link, $":irc.test 001 {nick.Split(' ')[1]} :Welcome", ":irc.test 376 x :End");

        Assert.Contains(nick, lines);
        Assert.Equal(identify, lines.Last());
    }

    [Fact]
    public void Dynamic_LogsInToo_AndSendsItsIdentEachTime()
    {
        var options = new DynamicOptions { Nick = "irker%03d", User = "ident", Sasl = new SaslOptions { Account = "gateway", Password = "s3cret" } };
        var settings = IrcSessions.OnDemand(new SessionKey("ircs://irc.example.org:6697"), options, null, restored: false, 7);

        for (var connect = 0; connect < 2; connect++)
        {
            var lines = Login(settings, 1);
            Assert.Contains("NICK irker007", lines);
            Assert.Contains("USER ident 0 * :Notify gateway", lines);
            Assert.Equal("AUTHENTICATE SCRAM-SHA-256", lines.Last());
        }
    }

    [Fact]
    public void Ident_IsSentAgain_WhateverTheNickHasBecome()
    {
        var settings = IrcSessions.Configured("net", Network, null);
        for (var connect = 0; connect < 2; connect++)
        {
            var lines = Login(settings, 1, ":irc.test 433 * bot :Nickname is already in use", ":irc.test 001 bot1 :Welcome");
            Assert.Contains("NICK bot", lines);
            Assert.Contains("NICK bot1", lines);
            Assert.Contains("USER ident 0 * :Notify gateway", lines);
        }
    }

    private static List<string> Login(SessionSettings settings, int link, params string[] said)
    {
        var client = settings.CreateProtocol(link);
        client.Start(TimeSpan.Zero);
        foreach (var line in (string[])[":irc.test CAP * LS :sasl", ":irc.test CAP * ACK :sasl", .. said])
        {
            client.Feed(Encoding.UTF8.GetBytes(line + "\r\n"), TimeSpan.Zero);
        }

        return [.. Encoding.UTF8.GetString(client.Output.Bytes.WrittenSpan).Split("\r\n", StringSplitOptions.RemoveEmptyEntries)];
    }
}
