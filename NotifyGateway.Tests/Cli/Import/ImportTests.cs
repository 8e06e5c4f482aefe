using System.Text.Encodings.Web;
using System.Text.Json;
using NotifyGateway.Api.Cli.Import;
using NotifyGateway.Core.Configuration;
using NotifyGateway.Tests.Support;
using Xunit;

namespace NotifyGateway.Tests.Cli.Import;

/// <summary>Whole configurations of the older systems, and what they become: each in a file <c>Cases/SYSTEM-WHAT.txt</c>, the input, <c>=== output</c> and <c>=== notes</c>.</summary>
public sealed class ImportTests
{
    private static readonly string Folder = Path.Combine(RepositoryFiles.Root, "NotifyGateway.Tests/Cli/Import/Cases");

    private static readonly JsonSerializerOptions Readable = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static TheoryData<string> Cases => [.. Directory.EnumerateFiles(Folder, "*.txt").Select(f => Path.GetFileNameWithoutExtension(f)).Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Cases))]
    public void Case_BecomesWhatIsRecorded(string name)
    {
        var (input, output, notes) = Load(name);
        var imported = Format(name).Read(input)!;

        Assert.Equal(output, imported.Configuration.ToJsonString(Readable));
        Assert.Equal(notes, string.Join('\n', imported.Notes));
        foreach (var secret in new[] { "pAssWOrd", "hunter2" })
        {
            Assert.DoesNotContain(secret, notes, StringComparison.Ordinal);
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Case_IsAValidConfiguration_OnceItsFilesAreThere(string name)
    {
        var configuration = Format(name).Read(Load(name).Input)!.Configuration.ToJsonString();

        Assert.DoesNotContain(GatewayConfiguration.Load([ConfigurationSource.Json("imported", configuration)]).Errors, e => !e.Message.StartsWith("no such file", StringComparison.Ordinal));
    }

    [Fact]
    public void EverySystem_HasACaseOrTestsOfItsOwn() =>
        Assert.Equal(ImportFormat.All.Select(f => f.Name).Except(["xmpp-muc-gateway"], StringComparer.Ordinal), Directory.EnumerateFiles(Folder, "*.txt").Select(f => Path.GetFileName(f).Split('-')[0]).Distinct().Order(StringComparer.Ordinal));

    [Theory]
    [InlineData("")]
    [InlineData("A=1")]
    [InlineData("[other]\nx = y")]
    [InlineData("{\"a\": [1, 2")]
    [InlineData("- a\n- b: {c")]
    [InlineData("server: x")]
    [InlineData("cron 5 4 * * *")]
    [InlineData("irc:\n : [\nr")]
    [InlineData("irc:\n:\n : ")]
    public void AnotherFile_IsNone(string text) => Assert.All(ImportFormat.All, f => Assert.Null(f.Read(text)));

    [Theory]
    [InlineData("0.5", 2)]
    [InlineData("0.0001", 0)]
    [InlineData("0", 0)]
    [InlineData("0.ZEROS1", 0)]
    public void PauseBetweenLines_BecomesAPace(string pause, double pace)
    {
        var imported = Format("twistedprism-").Read($"irc:\n  a:\n    lineRate: {pause.Replace("ZEROS", new string('0', 309))}")!;

        Assert.Equal(pace, (double)imported.Configuration["Gateway"]!["Irc"]!["a"]!["LinesPerSecond"]!);
        Assert.NotEmpty(imported.Configuration.ToJsonString());
    }

    [Fact]
    public void NestingWithoutEnd_IsNoConfiguration() => Assert.All(ImportFormat.All, f => Assert.Null(f.Read("irc: " + new string('[', 200_000))));

    [Theory]
    [InlineData("a b  c", "a|b|c")]
    [InlineData("""a "b c" 'd "e' f\ g ""  """, "a|b c|d \"e|f g|")]
    [InlineData("""x"y"'z' "\"" '\'""", "xyz|\"|\\")]
    [InlineData("", "")]
    public void CommandLine_IsSplitAsAShellDoes(string line, string words) => Assert.Equal(words, string.Join('|', ShellWords.Split(line)));

    [Theory]
    [InlineData("/usr/bin/irkerd -n a%03d")]
    [InlineData("ExecStart=/usr/bin/irkerd -n a%03d")]
    [InlineData("# Debian\nIRKER_OPTIONS=\"-n a%03d\"\n")]
    [InlineData("IRKER_OPTIONS=-n a%03d")]
    [InlineData("--nick=a%03d")]
    [InlineData("exec python3 ./irkerd \\\n  -n a%03d")]
    public void Irkerd_IsFoundWhereverItsOptionsStand(string text) =>
        Assert.Equal("a%03d", (string?)IrkerdImport.Read(text)?.Configuration["Gateway"]!["Dynamic"]!["Nick"]);

    [Theory]
    [InlineData("[a]\nk = v\n  w\n; c\n#c\nK2: x=y\n", "k=v\nw|k2=x=y", "")]
    [InlineData("k=v\n[a]\nnothing\nk=50%%\n", "k=50%", "line 1: stands in no section|line 3: is no key = value")]
    public void Ini_IsReadAsPythonDoes(string text, string values, string faults)
    {
        var file = IniFile.Parse(text);

        Assert.Equal(values, string.Join('|', file.Section("a").Select(v => $"{v.Key}={v.Value}")));
        Assert.Equal(faults, string.Join('|', file.Faults));
    }

    private static ImportFormat Format(string name) => ImportFormat.All.Single(f => name.StartsWith(f.Name + "-", StringComparison.Ordinal));

    private static (string Input, string Output, string Notes) Load(string name)
    {
        var parts = File.ReadAllText(Path.Combine(Folder, name + ".txt")).ReplaceLineEndings("\n").Split("\n=== output\n", 2);
        var answer = parts[1].Split("\n=== notes\n", 2);
        return (parts[0], answer[0], answer[1].TrimEnd('\n'));
    }
}
