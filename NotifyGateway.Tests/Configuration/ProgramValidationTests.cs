using NotifyGateway.Core.Configuration;
using Xunit;

namespace NotifyGateway.Tests.Configuration;

public sealed class ProgramValidationTests
{
    [Theory]
    [InlineData("", "Command", "list of the program and its arguments")]
    [InlineData("\"Command\": []", "Command", "list of the program and its arguments")]
    [InlineData("\"Command\": \"/bin/true -x\"", "Command", "must be a list")]
    [InlineData("\"Command\": [\" \"]", "Command:0", "must be the program")]
    [InlineData("\"Command\": [\"/bin/{{client}}\"]", "Command:0", "must not choose the program")]
    [InlineData("\"Command\": [\"a\", \"b\\u0000\"]", "Command:1", "NUL")]
    [InlineData("\"Command\": [\"a\", \"{{titel}}\"]", "Command:1", "did you mean {{title}}?")]
    [InlineData("\"Command\": [\"a\", \"x\", \"{{SUBJECT}}\"]", "Command:2", "known are {{title}}, {{text}}, {{severity}}, {{client}}, {{id}}")]
    [InlineData("\"Command\": [\"a\"], \"Timeout\": \"00:00:00\"", "Timeout", "longer than 00:00:00")]
    [InlineData("\"Command\": [\"a\"], \"Timeout\": \"30\"", "Timeout", "must be a time")]
    [InlineData("\"Command\": [\"a\"], \"Timeout\": \"25.00:00:00\"", "Timeout", "at most 24")]
    [InlineData("\"Command\": [\"a\"], \"MaxConcurrent\": 0", "MaxConcurrent", "1 to 100")]
    [InlineData("\"Command\": [\"a\"], \"Attempts\": 0", "Attempts", "1 to 100")]
    [InlineData("\"Command\": [\"a\"], \"Environment\": { \"A=B\": \"c\" }", "Environment:A=B", "must not hold '='")]
    [InlineData("\"Command\": [\"a\"], \"Environment\": { \"A\": \"\\u0000\" }", "Environment:A", "NUL")]
    [InlineData("\"Command\": [\"a\"], \"Environment\": { \"A\": \"{{txt}}\" }", "Environment:A", "did you mean {{text}}?")]
    [InlineData("\"Command\": [\"a\"], \"Environment\": { \"A\": [\"b\"] }", "Environment:A", "must be a text")]
    [InlineData("\"Command\": [\"a\"], \"WorkingDirectory\": \"a\\u0000\"", "WorkingDirectory", "path of a directory")]
    [InlineData("\"Command\": [\"a\"], \"Stdin\": \"Body\"", "Stdin", "one of Text, None, Json")]
    [InlineData("\"Command\": [\"a\"], \"Args\": []", "Args", "is unknown")]
    public void Refuses_WhatIsWrongWithAProgram(string keys, string path, string message) =>
        Assert.Contains(message, Loading.OnlyErrorAt($"Gateway:Programs:mail:{path}", Loading.Load($$"""{ "Programs": { "mail": { {{keys}} } } }""")), StringComparison.Ordinal);

    [Theory]
    [InlineData("my mail", "spaces")]
    [InlineData("a/b", "must not hold '/'")]
    public void Refuses_NamesThatNoDestinationCanHold(string name, string message) =>
        Assert.Contains(message, Loading.OnlyErrorAt($"Gateway:Programs:{name}", Loading.Load($$"""{ "Programs": { "{{name}}": { "Command": ["a"] } } }""")), StringComparison.Ordinal);

    [Theory]
    [InlineData("""{ "Irc": { "LOG": { "Server": "irc.example.org", "Nick": "bot" } } }""", "Gateway:Irc:LOG")]
    [InlineData("""{ "Xmpp": { "log": { "Jid": "bot@example.org", "Password": "x" } } }""", "Gateway:Xmpp:log")]
    public void Refuses_ANetworkCalledLog(string section, string path) => Assert.Contains("own log", Loading.OnlyErrorAt(path, Loading.Load(section)), StringComparison.Ordinal);

    [Fact]
    public void Accepts_AProgramThatIsNotThere_AndTemplatesOfOtherPrograms()
    {
        var program = Loading.Good("""
            { "Programs": { "x": { "Command": ["/nowhere/x", "--format", "{{.Names}}, {{ Title }}"], "Timeout": "00:01:00", "MaxConcurrent": 4, "Attempts": 3,
              "Environment": { "LANG": "C.UTF-8", "WHO": "{{client}}" }, "WorkingDirectory": "/nowhere", "Stdin": "json" } } }
            """).Programs["X"];

        Assert.Equal(["/nowhere/x", "--format", "{{.Names}}, {{ Title }}"], program.Command);
        Assert.Equal(("{{client}}", ProgramInput.Json, 4, 3), (program.Environment["WHO"], program.Stdin, program.MaxConcurrent, program.Attempts));
        Assert.DoesNotContain("nowhere", program.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Secrets_AreFoundWhereverTheyStand()
    {
        var options = Loading.Good("""
            { "Admin": { "Secret": "secret-00" }, "Clients": { "a": { "Secret": "secret-01" } }, "Dynamic": { "ServerPassword": "secret-02" },
              "Irc": { "a": { "Server": "s.example", "Nick": "n", "ServerPassword": "secret-03", "Sasl": { "Password": "secret-04" }, "NickServ": { "Password": "secret-05" },
                              "Proxy": "socks5://user:secret%2D06@h", "Channels": [ { "Name": "#a", "Key": "secret-07" } ] } },
              "Xmpp": { "x": { "Jid": "bot@example.org", "Password": "secret-08", "Rooms": [ { "Jid": "a@c.example", "Password": "secret-09" } ] } },
              "Hooks": { "h": { "Token": "secret-10", "To": ["#a"] } },
              "Programs": { "p": { "Command": ["curl", "--user", "api:secret-11", "--token", "secret-12", "--password=secret-13", "-H", "Authorization: Bearer secret-14", "-F", "to=a@example.org", "localhost:2525", "https://x.example/y"],
                                   "Environment": { "SMTP_PASSWORD": "secret-15", "LANG": "C.UTF-8" } } } }
            """);

        var secrets = ConfiguredSecrets.Of(options);

        Assert.All(Enumerable.Range(0, 16), n => Assert.Contains($"secret-{n:00}", secrets));
        Assert.DoesNotContain(secrets, s => !s.Contains("secret", StringComparison.Ordinal));
    }
}
