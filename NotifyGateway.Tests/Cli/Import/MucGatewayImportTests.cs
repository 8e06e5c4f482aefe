using System.Text.Json;
using NotifyGateway.Api.Cli.Import;
using NotifyGateway.Core;
using NotifyGateway.Core.Configuration;
using NotifyGateway.Core.Routing;
using NotifyGateway.Tests.Support;
using Xunit;

namespace NotifyGateway.Tests.Cli.Import;

public sealed class MucGatewayImportTests
{
    /// <summary>As that gateway's own example has it, with tokens as its comment makes them.</summary>
    private const string Example = """
        # The user we authenticate with becomes the sender of the message
        export JID_FROM_USER="user@host"

        # Cleartext password of the above user
        export JID_FROM_PASS="my-StroNG-pAssWOrd"

        # The webhook token and its associated MUC
        export KNOWN_ROOMS="A1B2C3D4E5F6A7B8C9D0:room1@conf.host:nick1 token2:room2@conf.host:nick2 B1B2C3D4E5F6A7B8C9D0:room1@conf.host:nick3"

        export XMPP_LOG_LEVEL="${LOG_LEVEL}"
        export MESSAGE_FORMAT="yaml"
        """;

    private const string Golden = """
        {
          "Gateway": {
            "Xmpp": {
              "xmpp": {
                "Jid": "user@host",
                "Password": "my-StroNG-pAssWOrd",
                "Rooms": [
                  {
                    "Jid": "room1@conf.host",
                    "Nick": "nick1"
                  },
                  {
                    "Jid": "room2@conf.host",
                    "Nick": "nick2"
                  }
                ]
              }
            },
            "Hooks": {
              "nick1": {
                "Token": "A1B2C3D4E5F6A7B8C9D0",
                "To": [
                  "xmpp:room1@conf.host?join"
                ],
                "Nick": "nick1",
                "Format": "Yaml"
              },
              "nick2": {
                "TokenSha256": "d8cc7aed3851ac3338fcc15df3b6807b89125837f77a75b9ecb13ed2afe3b49f",
                "To": [
                  "xmpp:room2@conf.host?join"
                ],
                "Nick": "nick2",
                "Format": "Yaml"
              },
              "nick3": {
                "Token": "B1B2C3D4E5F6A7B8C9D0",
                "To": [
                  "xmpp:room1@conf.host?join"
                ],
                "Nick": "nick3",
                "Format": "Yaml"
              }
            }
          }
        }
        """;

    private const string Address = "the address: that gateway listened to port 5000 of every address (Docker: 10080); start this one with --urls http://*:5000, or change the senders' URLs";
    private const string Certificates = "certificates: that gateway checked none; here the XMPP server's must be valid, or named with TlsCaFile or TlsFingerprint";

    [Fact]
    public void Example_IsCarriedOver()
    {
        var imported = MucGatewayImport.Read(Example)!;

        Assert.Equal(Golden, imported.Configuration.ToJsonString(new JsonSerializerOptions { WriteIndented = true }));
        Assert.Equal(
            [
                "XMPP_LOG_LEVEL: refers to LOG_LEVEL, which the file does not set before",
                "KNOWN_ROOMS, entry 2: the token is shorter than 8 characters and can be guessed. It still works; notify-gateway token prints a better one",
                Address,
                Certificates,
            ],
            imported.Notes);
    }

    [Fact]
    public void Imported_IsAConfigurationThatServesTheSameSenders()
    {
        var result = GatewayConfiguration.Load([ConfigurationSource.Json("imported", MucGatewayImport.Read(Example)!.Configuration.ToJsonString())]);
        Assert.Empty(result.Errors);
        var hooks = new HookDirectory(result.Options!);
        var router = new Router(result.Options!);

        Assert.Equal("room1@conf.host", Lane("A1B2C3D4E5F6A7B8C9D0"));
        Assert.Equal("room2@conf.host", Lane("token2"));
        Assert.Equal("room1@conf.host;nick=nick3", Lane("B1B2C3D4E5F6A7B8C9D0"));
        Assert.Null(hooks.Identify("token1"));

        string Lane(string token)
        {
            var hook = hooks.Identify(token)!.Value.Options;
            return Assert.Single(router.Resolve(Addressing.Named(hook.To) with { Nick = hook.Nick }).Destinations).Lane;
        }
    }

    [Fact]
    public void WhatCannotBeCarriedOver_IsNamed_WithoutSecrets()
    {
        var imported = MucGatewayImport.Read("""
            JID_FROM_USER='bot@host/gw'   # who
            JID_FROM_PASS="pass\"word"
            KNOWN_ROOMS="  hunter2xyz:room@conf.host:Nick   hunter3xyz:room@conf.host hunter4xyz:conf.host:n hunter5xyz:a@b@c:n
              hunter6xyz:room@conf.host:nick:with hunter7xyz:Ro%om@conf.host:NICK"
            MESSAGE_FORMAT=xml
            LOG_LEVEL=warning
            FLASK_ENV=dev
            nonsense
            """)!;

        var gateway = imported.Configuration["Gateway"]!;
        Assert.Equal("""{"Jid":"bot@host","Password":"pass\u0022word","Resource":"gw","Rooms":[{"Jid":"room@conf.host","Nick":"Nick"},{"Jid":"ro%om@conf.host","Nick":"NICK"}]}""", gateway["Xmpp"]!["xmpp"]!.ToJsonString());
        Assert.Equal(["Nick", "nick-with", "NICK-2"], gateway["Hooks"]!.AsObject().Select(h => h.Key));
        Assert.Equal("xmpp:ro%25om@conf.host?join", (string)gateway["Hooks"]!["NICK-2"]!["To"]![0]!);
        Assert.Equal("Warning", (string)imported.Configuration["Logging"]!["LogLevel"]!["Default"]!);
        Assert.Equal(
            [
                "line 8: is no NAME=value",
                "MESSAGE_FORMAT: is neither json nor yaml, which that gateway answered with 415; Json is taken",
                "KNOWN_ROOMS, entry 2: is no token:room:nick",
                "KNOWN_ROOMS, entry 3: the room is no address like ops@conference.example.org",
                "KNOWN_ROOMS, entry 4: the room is no address like ops@conference.example.org: only one @ may stand before the domain",
                "FLASK_ENV: is no variable of the XMPP MUC Message Gateway",
                Address,
                Certificates,
            ],
            imported.Notes);
        Assert.Empty(GatewayConfiguration.Load([ConfigurationSource.Json("imported", imported.Configuration.ToJsonString())]).Errors);
    }

    [Theory]
    [InlineData("A=1", "A=1")]
    [InlineData("export A = x y # comment\nB=a#b", "A=x y|B=a#b")]
    [InlineData("A='single ${B} \\' \\\\ \\n'", "A=single ${B} ' \\ \\n")]
    [InlineData("A=\"double \\\" \\\\ \\n\" # comment", "A=double \" \\ \n")]
    [InlineData("\uFEFFA=1\r\nB=${A}2\r\nC=\"${X:-3}${A}\"", "A=1|B=12|C=31")]
    [InlineData("A=\"two\nlines\"\nB=1", "A=two\nlines|B=1")]
    [InlineData("A=1\nA=2\n\n# B=3\n", "A=2")]
    [InlineData("A=\nB=\"\"", "A=|B=")]
    public void File_IsReadAsDotenvDoes(string text, string values)
    {
        var file = EnvironmentFile.Parse(text);
        Assert.Equal(values, string.Join('|', file.Values.Select(v => $"{v.Key}={v.Value}")));
        Assert.Empty(file.Faults);
    }

    [Theory]
    [InlineData("=1", "line 1: is no NAME=value")]
    [InlineData("\nA B=1", "line 2: is no NAME=value")]
    [InlineData("A=\"x\ny", "line 1: the quote is not closed")]
    [InlineData("A=\"x\ny\"\nB=${C}\nnope", "B: refers to C, which the file does not set before|line 4: is no NAME=value")]
    public void File_HasItsFaults(string text, string faults) => Assert.Equal(faults, string.Join('|', EnvironmentFile.Parse(text).Faults));

    [Fact]
    public void AnotherFile_IsNone() => Assert.Null(MucGatewayImport.Read("[irc]\nserver = x\n"));

    [Fact]
    public async Task Command_WritesToBothOutputs()
    {
        using var folder = new TempFolder();
        folder.Write(".pyenv", Example);
        folder.Write("other", "A=1\n");

        var (code, output, error) = await GatewayProcess.RunAsync(folder.Path, "import", "xmpp-muc-gateway", ".pyenv");
        Assert.Equal((0, Golden), (code, output.TrimEnd()));
        Assert.Contains(Address, error, StringComparison.Ordinal);

        Assert.Equal(66, (await GatewayProcess.RunAsync(folder.Path, "import", "xmpp-muc-gateway", "nowhere")).ExitCode);
        Assert.Equal(65, (await GatewayProcess.RunAsync(folder.Path, "import", "xmpp-muc-gateway", "other")).ExitCode);
        Assert.Equal(2, (await GatewayProcess.RunAsync(folder.Path, "import", "sendmail", ".pyenv")).ExitCode);
    }
}
