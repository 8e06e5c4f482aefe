using System.Text;
using NotifyGateway.Tests.Support;
using Xunit;

namespace NotifyGateway.Tests.Acceptance;

/// <summary>Users and rooms of a real XMPP server.</summary>
public abstract class XmppTests(XmppHouse house)
{
    private const string StartTls = "<starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>";

    private const string User = "watcher@localhost";

    [Theory]
    [InlineData("work")]
    [InlineData("direct")]
    public async Task MessageToARoom_IsProvedByItsReflection(string account)
    {
        var message = await house.Gateway.PostAsync($"{account}/{XmppHouse.Open}?join", $"to the room <&> from {account} \u2713", wait: 10);

        Assert.Equal(("delivered", "reflection"), (message.Text("status"), message.Delivery().Text("proof")));
        var seen = await house.Watcher.Messages.FirstAsync(m => m.From == $"{XmppHouse.Open}/{account}" && m.Body.StartsWith("to the room", StringComparison.Ordinal), "the message");
        Assert.Equal(("groupchat", $"to the room <&> from {account} \u2713"), (seen.Type, seen.Body));
    }

    [Theory]
    [InlineData("work", "?message")]
    [InlineData("direct", "")]
    public async Task MessageToAUser_IsAcknowledged(string account, string query)
    {
        var message = await house.Gateway.PostAsync($"{account}/{User}{query}", $"to you from {account}", wait: 10);

        Assert.Equal(("delivered", "ack"), (message.Text("status"), message.Delivery().Text("proof")));
        var seen = await house.Watcher.Messages.FirstAsync(m => m.From == $"{account}@localhost/notify", "the message");
        Assert.Equal(("chat", $"to you from {account}"), (seen.Type, seen.Body));
    }

    [Fact]
    public async Task IndependentClient_SeesWhatWeSendToItAndToItsRoom()
    {
        await using var witness = await house.SlixmppAsync();
        var message = await house.Gateway.PostAsync([$"work/{XmppHouse.Open}?join", "work/witness@localhost?message"], "two \u2713\nlines <&>'\"]]>", wait: 10);

        Assert.Equal("delivered", message.Text("status"));
        var seen = await witness.MessagesAsync("two \u2713\nlines <&>'\"]]>", 2);
        Assert.Equal([("groupchat", $"{XmppHouse.Open}/work"), ("chat", "work@localhost/notify")], seen.Select(m => (m.Type, m.From)).OrderDescending());
        Assert.Equal(message["deliveries"]!.AsArray().Select(d => d!.Text("id")).Order(StringComparer.Ordinal), seen.Select(m => m.Id).Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("work")]
    [InlineData("direct")]
    public async Task Session_IsOnlineUnderItsAddress(string account)
    {
        var session = await house.Gateway.SessionAsync(account, s => s.Text("state") == "online", "is online");

        Assert.Equal(("xmpp", $"{account}@localhost/notify"), (session.Text("protocol"), session.Text("nick")));
    }

    /// <summary>TLS 1.3 has nothing that both ends could bind a login to: .NET does not know what RFC 9266 wants for it.</summary>
    [Theory]
    [InlineData("work", "SCRAM-SHA-256-PLUS")]
    [InlineData("direct", "SCRAM-SHA-256")]
    public async Task Login_IsBoundToTheTlsChannel_UnderTls12_AndPasswordsStayHere(string account, string mechanism)
    {
        await house.Gateway.SessionAsync(account, s => s.Text("state") == "online", "is online");

        await Deadline.Poll(() => house.Server.Mechanisms($"{account}@localhost") is [_, ..]);
        Assert.All(house.Server.Mechanisms($"{account}@localhost"), m => Assert.Equal(mechanism, m));
        Assert.DoesNotContain($"{account}: connection 1 is logged in, but", house.Gateway.Log, StringComparison.Ordinal);
    }

    [Fact]
    public async Task WrongPassword_FaultsTheSession()
    {
        var session = await house.Gateway.SessionAsync("wrong", s => s.Text("state") == "faulted", "is faulted", TimeSpan.FromSeconds(5));

        Assert.Contains("not-authorized", session.Text("lastError"), StringComparison.Ordinal);
        Assert.DoesNotContain("wrongpw", house.Gateway.Log, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("doubt", "the server's certificate is not trusted: ")]
    [InlineData("late", "the server's certificate expired on ")]
    public async Task BadCertificate_IsToldNothing(string account, string reason)
    {
        var session = await house.Gateway.SessionAsync(account, s => s.Text("state") == "waiting", "is waiting");

        Assert.Contains(reason, session.Text("lastError"), StringComparison.Ordinal);
        string[] heard = [.. house.Tapped.Heard.Where(h => h.Length > 0).Select(Encoding.Latin1.GetString)];
        Assert.Contains(heard, h => h.Contains(StartTls, StringComparison.Ordinal));
        Assert.All(heard, AssertTellsNothing);
    }

    /// <summary>Prosody says so before it acknowledges the message, ejabberd perhaps afterwards.</summary>
    [Fact]
    public async Task UserThatIsNot_FailsWithTheServersWords()
    {
        var message = await house.Gateway.PostAsync("work/nobody@localhost?message", "hello?");

        var failed = await house.Gateway.FailedAsync(message.Text("id")!);
        Assert.StartsWith("service-unavailable", failed.Delivery().Text("reason"), StringComparison.Ordinal);
    }

    /// <summary>In clear that TLS is wanted, and then only records of TLS (RFC 8446, section 5.1), none of which carries data. The latest connection may have only begun.</summary>
    private static void AssertTellsNothing(string said)
    {
        var clear = said.Split("\x16\x03")[0];
        var header = clear.IndexOf("<stream:stream ", StringComparison.Ordinal);
        Assert.StartsWith(clear[(clear.IndexOf('>', header) + 1)..], StartTls, StringComparison.Ordinal);
        Assert.DoesNotContain("doubt", clear, StringComparison.Ordinal);
        Assert.DoesNotContain("late", clear, StringComparison.Ordinal);
        for (var at = clear.Length; at + 5 <= said.Length; at += 5 + ((said[at + 3] << 8) | said[at + 4]))
        {
            Assert.InRange(said[at], 20, 22);
        }
    }
}

public sealed class XmppOnProsodyTests(ProsodyHouse house) : XmppTests(house), IClassFixture<ProsodyHouse>;

public sealed class XmppOnEjabberdTests(EjabberdHouse house) : XmppTests(house), IClassFixture<EjabberdHouse>;
