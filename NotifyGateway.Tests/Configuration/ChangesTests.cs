using System.Reflection;
using NotifyGateway.Core.Configuration;
using NotifyGateway.Core.Configuration.Changes;
using Xunit;

namespace NotifyGateway.Tests.Configuration;

/// <summary>What differs between two configurations, and what that means.</summary>
public sealed class ChangesTests
{
    private const string Irc = """{ "Irc": { "a": { "Server": "irc.example.org", "Nick": "bot", "Channels": [{ "Name": "#ops", "Key": "k" }] } }, "Hooks": { "h": { "Token": "token-4711", "To": ["#ops"] } } }""";

    public static TheoryData<string> IrcKeys => [.. typeof(IrcOptions).GetProperties().Where(p => p.CanWrite).Select(p => p.Name)];

    public static TheoryData<string> XmppKeys => [.. typeof(XmppOptions).GetProperties().Where(p => p.CanWrite).Select(p => p.Name)];

    [Fact]
    public void SameText_IsNoDifference() => Assert.Empty(OptionDifference.Between(Loading.Good(Irc), Loading.Good(Irc)));

    [Theory]
    [InlineData("""{ "MaxMessageBytes": 1000 }""", "Gateway:MaxMessageBytes")]
    [InlineData("""{ "Irc": { "a": { "Nick": "other" } } }""", "Gateway:Irc:a:Nick")]
    [InlineData("""{ "Irc": { "a": { "Channels": [{ "Name": "#ops", "Key": "K" }] } } }""", "Gateway:Irc:a:Channels")]
    [InlineData("""{ "Irc": { "a": { "Channels": [] } } }""", "Gateway:Irc:a:Channels")]
    [InlineData("""{ "Irc": { "a": { "Sasl": { "Password": "secret" } } } }""", "Gateway:Irc:a:Sasl")]
    [InlineData("""{ "Irc": { "b": { "Server": "b.example", "Nick": "bot" } } }""", "Gateway:Irc:b")]
    [InlineData("""{ "Irc": { "a": null } }""", "Gateway:Irc:a")]
    [InlineData("""{ "Hooks": { "h": { "Token": "token-4712" } } }""", "Gateway:Hooks:h:Token")]
    [InlineData("""{ "Aliases": { "x": ["#ops"] } }""", "Gateway:Aliases:x")]
    [InlineData("""{ "Clients": { "ci": { "Secret": "secret-4711" } } }""", "Gateway:Clients:ci")]
    [InlineData("""{ "DefaultTo": ["#ops"], "Anonymous": "Loopback" }""", "Gateway:DefaultTo Gateway:Anonymous")]
    public void Difference_IsThePathsOfWhatChanged(string change, string paths) =>
        Assert.Equal(paths.Split(' ').Order(StringComparer.Ordinal), OptionDifference.Between(Loading.Good(Irc), Loading.Good(Irc, change)).Order(StringComparer.Ordinal));

    [Theory]
    [MemberData(nameof(IrcKeys))]
    public void EveryKeyOfANetwork_IsCompared(string key)
    {
        var before = new IrcOptions();

        Assert.Equal([key], OptionDifference.Between(before, Other(before with { }, key)));
    }

    [Theory]
    [MemberData(nameof(XmppKeys))]
    public void EveryKeyOfAnAccount_IsCompared(string key)
    {
        var before = new XmppOptions();

        Assert.Equal([key], OptionDifference.Between(before, Other(before with { }, key)));
    }

    [Fact]
    public void ProxyWithAnotherPassword_IsAnother()
    {
        var before = new IrcOptions { Proxy = new Uri("socks5://u:one@127.0.0.1") };

        Assert.Equal(["Proxy"], OptionDifference.Between(before, before with { Proxy = new Uri("socks5://u:two@127.0.0.1") }));
    }

    [Theory]
    [InlineData("Channels Users DefaultChannels DefaultUsers JoinUnlisted NickFallback JoinAttempts JoinRetry JoinRetryAfter FallbackChannel MaxLinks ChannelsPerLink Burst LinesPerSecond Window MaxLines FoldAfter Colors AllowPlaintextLogin ReconnectMin ReconnectMax ConnectSpacing ConnectTimeout PingInterval PingTimeout Nick")]
    public void NetworkThatChangesInTheseKeysAlone_KeepsItsConnection_AndInNoOthers(string keys)
    {
        var before = new IrcOptions { Nick = "bot" };
        foreach (var key in IrcKeys.Select(k => k.Data))
        {
            var expected = keys.Split(' ').Contains(key, StringComparer.Ordinal) ? SessionChangeKind.Live : SessionChangeKind.Anew;
            Assert.True(expected == SessionChange.Of(before, Other(before with { }, key)), key);
        }

        Assert.Equal(SessionChangeKind.None, SessionChange.Of(before, before with { }));
        Assert.Equal(SessionChangeKind.Anew, SessionChange.Of(null, before));
    }

    [Theory]
    [InlineData("Rooms Users DefaultRooms DefaultUsers JoinUnlisted JoinAttempts JoinRetry JoinRetryAfter MaxLinks MessagesPerSecond Burst Window FoldAfter ReconnectMin ReconnectMax ConnectSpacing ConnectTimeout PingInterval PingTimeout")]
    public void AccountThatChangesInTheseKeysAlone_KeepsItsConnection_AndInNoOthers(string keys)
    {
        var before = new XmppOptions();
        foreach (var key in XmppKeys.Select(k => k.Data))
        {
            var expected = keys.Split(' ').Contains(key, StringComparer.Ordinal) ? SessionChangeKind.Live : SessionChangeKind.Anew;
            Assert.True(expected == SessionChange.Of(before, Other(before with { }, key)), key);
        }
    }

    [Fact]
    public void NickThatIsTheAccountToo_NeedsAnotherLogin()
    {
        var plain = new IrcOptions { Nick = "bot" };
        foreach (var before in new[]
        {
            plain with { Sasl = new SaslOptions { Password = "p" } }, plain with { NickServ = new NickServOptions { Password = "p" } }, plain with { Nick = "bot%d" },
        })
        {
            Assert.Equal(SessionChangeKind.Anew, SessionChange.Of(before, before with { Nick = "other" }));
        }

        var named = plain with { Sasl = new SaslOptions { Account = "a", Password = "p" }, NickServ = new NickServOptions { Account = "a", Password = "p" } };
        Assert.Equal(SessionChangeKind.Live, SessionChange.Of(named, named with { Nick = "other" }));
    }

    [Fact]
    public void KeyThatATrafficLogDoesNotKnow_NeedsAnotherConnection()
    {
        IrcOptions logged = new() { TrafficLog = "x.log", Channels = [new IrcChannelOptions { Name = "#a", Key = "one" }] };

        Assert.Equal(SessionChangeKind.Anew, SessionChange.Of(logged, logged with { Channels = [new IrcChannelOptions { Name = "#a", Key = "two" }] }));
        Assert.Equal(SessionChangeKind.Live, SessionChange.Of(logged, logged with { Channels = [new IrcChannelOptions { Name = "#b", Key = "one" }, new IrcChannelOptions { Name = "#c" }] }));
    }

    [Fact]
    public void FewerLinks_AndAnotherNickInARoom_NeedAnotherLogin()
    {
        var irc = new IrcOptions();
        XmppOptions xmpp = new() { Rooms = [new XmppRoomOptions { Jid = "r@c.example", Nick = "a" }] };

        Assert.Equal(SessionChangeKind.Anew, SessionChange.Of(irc, irc with { MaxLinks = 1 }));
        Assert.Equal(SessionChangeKind.Anew, SessionChange.Of(xmpp, xmpp with { MaxLinks = 1 }));
        Assert.Equal(SessionChangeKind.Anew, SessionChange.Of(xmpp, xmpp with { Rooms = [new XmppRoomOptions { Jid = "r@c.example", Nick = "b" }] }));
        Assert.Equal(SessionChangeKind.Live, SessionChange.Of(xmpp, xmpp with { Rooms = [.. xmpp.Rooms, new XmppRoomOptions { Jid = "s@c.example", Nick = "b" }] }));
    }

    [Theory]
    [InlineData("""{ "Listeners": { "Tcp": { "x": { "Endpoint": "127.0.0.1:2" } } } }""", "Gateway:Listeners:Tcp:x:Endpoint")]
    [InlineData("""{ "Listeners": { "Tcp": { "x": null } } }""", "Gateway:Listeners:Tcp:x")]
    [InlineData("""{ "Listeners": { "Tcp": { "y": { "Endpoint": "127.0.0.1:2" } } } }""", "Gateway:Listeners:Tcp:y")]
    [InlineData("""{ "Listeners": { "Udp": { "u": { "Endpoint": "127.0.0.1:2" } } } }""", "Gateway:Listeners:Udp:u:Endpoint")]
    [InlineData("""{ "Listeners": { "Tcp": { "x": { "AllowFrom": ["10.0.0.0/8"], "MaxConnections": 5, "CloseAfter": "00:00:01" } } } }""", "")]
    [InlineData("""{ "Outbox": { "Path": "other.db", "ExpireAfter": "01:00:00" } }""", "Gateway:Outbox:Path")]
    [InlineData("""{ "Outbox": { "KeepSettled": "01:00:00", "MaxQueuedPerSession": 5 } }""", "Gateway:Outbox:KeepSettled Gateway:Outbox:MaxQueuedPerSession")]
    [InlineData("""{ "Anonymous": "Any", "MaxMessageBytes": 1000, "DefaultTo": ["log"] }""", "")]
    public void Restart_IsNeededByWhatIsOpenedOnce(string change, string keys)
    {
        const string Before = """{ "Listeners": { "Tcp": { "x": { "Endpoint": "127.0.0.1:1" } }, "Udp": { "u": { "Endpoint": "127.0.0.1:1" } } } }""";

        Assert.Equal(keys.Split(' ', StringSplitOptions.RemoveEmptyEntries), RestartKeys.Of(Loading.Good(Before), Loading.Good(Before, change)).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Restart_IsNeededByTheServersOwnSections_AndNotByTheLog()
    {
        var before = new Dictionary<string, string?>(StringComparer.Ordinal) { ["AllowedHosts"] = "*", ["Logging:LogLevel:Default"] = "Information" };
        var after = new Dictionary<string, string?>(StringComparer.Ordinal) { ["AllowedHosts"] = "a", ["Logging:LogLevel:Default"] = "Debug", ["Kestrel:Limits:MaxConcurrentConnections"] = "5" };

        Assert.Equal(["AllowedHosts", "Kestrel:Limits:MaxConcurrentConnections"], RestartKeys.Of(before, after));
    }

    /// <summary>The same record with one key that is not what it was.</summary>
    private static T Other<T>(T record, string key)
        where T : class
    {
        var property = typeof(T).GetProperty(key)!;
        property.SetValue(record, Different(property, property.GetValue(record)));
        return record;
    }

    private static object Different(PropertyInfo property, object? value)
    {
        var type = Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType;
        return type == typeof(string) ? value + "other"
            : type == typeof(bool) ? !(bool)value!
            : type == typeof(int) ? (int?)value + 1 ?? 4711
            : type == typeof(double) ? (double)value! + 1
            : type == typeof(TimeSpan) ? (TimeSpan?)value + TimeSpan.FromSeconds(1) ?? TimeSpan.FromSeconds(1)
            : type == typeof(Uri) ? new Uri("socks5://127.0.0.1")
            : type.IsEnum ? Enum.GetValues(type).Cast<object>().First(v => !v.Equals(value))
            : type.IsGenericType ? OneItem(type.GenericTypeArguments[0])
            : Activator.CreateInstance(type)!;
    }

    private static Array OneItem(Type type)
    {
        var list = Array.CreateInstance(type, 1);
        list.SetValue(type == typeof(string) ? "other" : Activator.CreateInstance(type), 0);
        return list;
    }
}
