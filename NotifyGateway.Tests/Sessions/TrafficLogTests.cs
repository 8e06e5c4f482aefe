using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Microsoft.Extensions.Logging;
using NotifyGateway.Core.Protocols.Irc;
using NotifyGateway.Core.Sessions;
using NotifyGateway.Tests.Support;
using Xunit;

namespace NotifyGateway.Tests.Sessions;

/// <summary>The lines of a traffic log, and the file that they are in.</summary>
public sealed class TrafficLogTests : IAsyncDisposable
{
    private const string Now = "1772366400.000000";

    private readonly TempFolder _folder = new();
    private readonly MemoryLog _log = new();
    private readonly ManualTime _time = new();
    private readonly TrafficLogs _logs;

    public TrafficLogTests() => _logs = new TrafficLogs(_time, _log.CreateLogger<TrafficLogTests>());

    private string LogFile => _folder["traffic.log"];

    public async ValueTask DisposeAsync()
    {
        await _logs.DisposeAsync();
        _folder.Dispose();
        _log.Dispose();
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(4096)]
    public async Task EachLine_IsThere_HoweverItsBytesCame(int size)
    {
        var tap = Tap();
        const string Said = "NOTICE AUTH :*** hello\r\n\r\n@time=x :real.example 001 bot :Welcome\n:alice!a@h PRIVMSG #ops :gr\u00fc\u00dfe|\ud83d\ude00\r\nPING :x\r\nhalf a li";
        foreach (var part in Encoding.UTF8.GetBytes(Said).Chunk(size))
        {
            tap.Feed(part);
        }

        Assert.Equal(
            [
                $"{Now}|irc.example.org|NOTICE AUTH :*** hello", $"{Now}|real.example|@time=x :real.example 001 bot :Welcome",
                $"{Now}|real.example|:alice!a@h PRIVMSG #ops :gr\u00fc\u00dfe|\ud83d\ude00", $"{Now}|real.example|PING :x",
            ],
            await LinesAsync(4));
    }

    [Fact]
    public async Task Time_HasMicroseconds_AndBytesStayWhatTheyAre()
    {
        _time.Advance(TimeSpan.FromTicks(12_345_678));
        Tap().Feed([.. "NOTICE x :"u8, 0xff, 0xfe, .. "\r\n"u8]);

        await LinesAsync(1);
        Assert.Equal([.. "1772366401.234567|irc.example.org|NOTICE x :"u8, 0xff, 0xfe, (byte)'\n'], await File.ReadAllBytesAsync(LogFile, TestContext.Current.CancellationToken));
    }

    [Theory]
    [InlineData("AUTHENTICATE +", "AUTHENTICATE +")]
    [InlineData("AUTHENTICATE dXNlcg==", "AUTHENTICATE ***")]
    [InlineData(":srv authenticate dXNlcg==", ":srv authenticate ***")]
    [InlineData("@a=b :srv AUTHENTICATE dXNlcg==", "@a=b :srv AUTHENTICATE ***")]
    [InlineData("@geheim-9 :srv AUTHENTICATE dXNlcg==", "@*** :srv AUTHENTICATE ***")]
    [InlineData(":srv 900 bot AUTHENTICATE dXNlcg==", ":srv 900 bot AUTHENTICATE dXNlcg==")]
    [InlineData(":bot!b@h PRIVMSG NickServ :IDENTIFY bot geheim-9", ":bot!b@h PRIVMSG NickServ :IDENTIFY bot ***")]
    [InlineData(":srv 464 bot :not geheim-9geheim-9, geheim-", ":srv 464 bot :not ******, geheim-")]
    [InlineData(":srv 464 bot :geheim-99", ":srv 464 bot :***")]
    [InlineData(":srv 464 bot :geheim-9", ":srv 464 bot :***")]
    [InlineData(":srv 324 bot #cabs +k abc", ":srv 324 bot #cabs +k ***")]
    [InlineData(":srv 324 bot #abc :abc abc abcabc", ":srv 324 bot #abc :*** *** abcabc")]
    [InlineData(":srv 324 bot #x +k \u00fc\u00fc\u00fc", ":srv 324 bot #x +k ***")]
    [InlineData(":geheim-9 NOTICE * :x", ":*** NOTICE * :x")]
    [InlineData(":", ":")]
    [InlineData("@", "@")]
    [InlineData("@a :", "@a :")]
    [InlineData("::", "::")]
    [InlineData(" ", " ")]
    public async Task Secrets_AreMasked(string line, string logged)
    {
        Tap("geheim-9", "geheim-99", "", "abc", "\u00fc\u00fc\u00fc").Feed(Encoding.UTF8.GetBytes(line + "\r\n"));

        Assert.Equal($"{Now}|irc.example.org|{logged}", Assert.Single(await LinesAsync(1)).Replace("|srv|", "|irc.example.org|", StringComparison.Ordinal));
    }

    [Fact]
    public async Task AnyBytes_AreTaken_AndNoSecretIsWritten()
    {
        var tap = Tap("geheim-9", "heim-9:x", "im");
        var bytes = Gen.Elements("geheim-9", "heim-9:x", "g", "im", " ", ":", "@", "\r", "\n", "\0", "|", "AUTHENTICATE ", "\u00fc", "PRIVMSG").ListOf()
            .Select(parts => Encoding.UTF8.GetBytes(string.Concat(parts)));
        Prop.ForAll(bytes.ToArbitrary(), said => tap.Feed(said)).Holds();
        tap.Feed("\nPING :end\n"u8);

        await Deadline.Poll(_ => Task.FromResult(File.Exists(LogFile) && File.ReadAllText(LogFile).EndsWith("PING :end\n", StringComparison.Ordinal)), "the end");
        var text = await File.ReadAllTextAsync(LogFile, TestContext.Current.CancellationToken);
        Assert.DoesNotContain("geheim-9", text, StringComparison.Ordinal);
        Assert.DoesNotContain("heim-9:x", text, StringComparison.Ordinal);
        Assert.Contains("***", text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(":a|b 001 x :y")]
    [InlineData(":\x1b[31m 001 x :y")]
    [InlineData(":aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa 001 x :y")]
    public async Task NameThatIsNone_IsNotTheServers(string line)
    {
        Tap().Feed(Encoding.UTF8.GetBytes(line + "\n"));

        Assert.Equal([$"{Now}|irc.example.org|{line}"], await LinesAsync(1));
    }

    [Fact]
    public async Task FileThatWasMovedOrDeleted_IsMadeAnew()
    {
        var tap = Tap();
        tap.Feed("one\n"u8);
        await LinesAsync(1);
        File.Move(LogFile, _folder["traffic.log.1"]);
        tap.Feed("two\n"u8);
        Assert.Equal([$"{Now}|irc.example.org|two"], await LinesAsync(1));
        File.Delete(LogFile);
        tap.Feed("three\n"u8);

        Assert.Equal([$"{Now}|irc.example.org|three"], await LinesAsync(1));
        Assert.Equal($"{Now}|irc.example.org|one\n", await File.ReadAllTextAsync(_folder["traffic.log.1"], TestContext.Current.CancellationToken));
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal((UnixFileMode)0, File.GetUnixFileMode(LogFile) & (UnixFileMode.OtherRead | UnixFileMode.OtherWrite | UnixFileMode.GroupWrite));
        }
    }

    [Fact]
    public async Task OneFileOfManyConnections_HoldsWholeLines()
    {
        await Parallel.ForEachAsync(Enumerable.Range(0, 20), TestContext.Current.CancellationToken, (i, _) =>
        {
            // The same file, written in two ways.
            var tap = _logs.Tap(Settings(i % 2 == 0 ? LogFile : _folder["x/../traffic.log"]))!;
            for (var line = 0; line < 200; line++)
            {
                tap.Feed(Encoding.UTF8.GetBytes($"{new string((char)('a' + i), 50)}\n"));
            }

            return ValueTask.CompletedTask;
        });

        var lines = await LinesAsync(4000);
        Assert.All(lines, l => Assert.Single(l.Split('|')[2].Distinct()));
        Assert.All(lines.GroupBy(l => l), g => Assert.Equal(200, g.Count()));
    }

    [Fact]
    public async Task FileThatCannotBeWritten_IsSaidOnce_AndWrittenLater()
    {
        var path = _folder["blocked/traffic.log"];
        _folder.Write("blocked", "a file, where a folder is wanted");
        var tap = _logs.Tap(Settings(path))!;
        tap.Feed("one\n"u8);
        await _log.Lines.FirstAsync(l => l.Id.Id == 5041, "the failure");
        tap.Feed("two\n"u8);
        for (var i = 0; i < 3; i++)
        {
            _time.Advance(TimeSpan.FromSeconds(5));
        }

        File.Delete(_folder["blocked"]);
        await Deadline.Poll(
            _ =>
            {
                _time.Advance(TimeSpan.FromSeconds(5));
                return Task.FromResult(_log.Of(5042).Any());
            },
            "the file is written again");

        await Deadline.Poll(_ => Task.FromResult(File.ReadAllLines(path).Length == 2), "both lines");
        Assert.Single(_log.Of(5041));
        Assert.Empty(_log.Of(5043));
    }

    [Fact]
    public async Task MoreThanMemoryHolds_IsCounted_AndWaitsForNobody()
    {
        _folder.Write("blocked", "a file, where a folder is wanted");
        var file = new TrafficFile(_folder["blocked/traffic.log"], _time, _log.CreateLogger<TrafficLogTests>());
        const int Fits = TrafficFile.MostWaiting / (1000 + 64);
        for (var i = 0; i < Fits + 10; i++)
        {
            file.Append(new byte[1000]);
        }

        File.Delete(_folder["blocked"]);
        await file.DisposeAsync();

        Assert.Equal($"10 lines are missing in the traffic log {_folder["blocked/traffic.log"]}: too many waited, or they were too long", Assert.Single(_log.Of(5043)));
        Assert.Equal(Fits * 1000, new FileInfo(_folder["blocked/traffic.log"]).Length);
    }

    [Fact]
    public async Task WhatCannotBeWrittenToTheEnd_IsCounted()
    {
        _folder.Write("blocked", "a file, where a folder is wanted");
        _logs.Tap(Settings(_folder["blocked/traffic.log"]))!.Feed("one\ntwo\n"u8);

        await _logs.DisposeAsync();

        Assert.Equal("2", Assert.Single(_log.Lines.Entries, l => l.Id.Id == 5043).Message.Split(' ')[0]);
    }

    [Fact]
    public async Task KeysThatCameWithMessages_AreMasked_FromThenOn()
    {
        var settings = Settings(LogFile, "configured");
        var tap = _logs.Tap(settings)!;
        tap.Feed(":srv 324 bot #a +k later-key\n"u8);
        settings.Traffic!.Learn("#a later-key");
        settings.Traffic.Learn("#no-key");
        tap.Feed(":srv 324 bot #a +k later-key\n:srv NOTICE bot :configured #no-key\n"u8);

        Assert.Equal(
            [$"{Now}|srv|:srv 324 bot #a +k later-key", $"{Now}|srv|:srv 324 bot #a +k ***", $"{Now}|srv|:srv NOTICE bot :*** #no-key"], await LinesAsync(3));
    }

    [Theory]
    [InlineData("OPER bot hunter2", "hunter2")]
    [InlineData("PRIVMSG NickServ :IDENTIFY bot hunter2", "hunter2")]
    [InlineData("PRIVMSG AuthServ@services.example :auth bot hunter2", "hunter2")]
    [InlineData("NS id hunter2", "hunter2")]
    [InlineData("PASS :hunter2", "hunter2")]
    [InlineData("join #a,#b key1,key2", "key1 key2")]
    [InlineData("MODE #a +ntk sesame", "sesame")]
    [InlineData("MODE {nick} +B", "")]
    [InlineData("MODE #k +b *!*@bad", "")]
    [InlineData("JOIN #a", "")]
    [InlineData("PRIVMSG #ops :hello there", "")]
    [InlineData("IDENTIFY", "")]
    [InlineData("", "")]
    public void SecretWordsOfALineForTheServer_AreKnown(string line, string secrets) => Assert.Equal(secrets, string.Join(' ', IrcConnectSecrets.Of(line)));

    [Fact]
    public async Task LineThatIsTooLong_IsCounted()
    {
        var tap = Tap();
        tap.Feed([.. Enumerable.Repeat((byte)'x', 9000), (byte)'\n']);
        tap.Feed("PING :x\n"u8);

        Assert.Equal([$"{Now}|irc.example.org|PING :x"], await LinesAsync(1));
        await _log.Lines.FirstAsync(l => l.Id.Id == 5043, "the count");
    }

    [Fact]
    public void WithoutAFile_ThereIsNoTap() => Assert.Null(_logs.Tap(Settings(LogFile) with { Traffic = null }));

    private static LinkSettings Settings(string path, params string[] secrets) =>
        new("irc.example.org", 6667, null, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1), TimeSpan.Zero) { Traffic = new TrafficSettings(path, secrets) };

    private TrafficTap Tap(params string[] secrets) => _logs.Tap(Settings(LogFile, secrets))!;

    private async Task<string[]> LinesAsync(int count)
    {
        await Deadline.Poll(_ => Task.FromResult(File.Exists(LogFile) && File.ReadAllText(LogFile).Count(c => c == '\n') >= count), $"{count} lines");
        return await File.ReadAllLinesAsync(LogFile, TestContext.Current.CancellationToken);
    }
}
