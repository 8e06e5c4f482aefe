using NotifyGateway.Core.Configuration;
using NotifyGateway.Core.Configuration.Changes;
using NotifyGateway.Tests.Support;
using Xunit;

namespace NotifyGateway.Tests.Configuration;

/// <summary>When files that change are read.</summary>
public sealed class SettledFilesTests : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly SettledFiles _files;
    private TimeSpan _now;

    public SettledFilesTests()
    {
        _folder.Write("a.json", "one");
        Directory.CreateDirectory(_folder["secrets"]);
        _folder.Write("secrets/Gateway__Admin__Secret", "secret");
        _files = new SettledFiles(Contents);
    }

    private FileContents Contents => FileContents.Of([_folder["a.json"], _folder["none.json"]], _folder["secrets"]);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Nothing_IsReadWhileNothingChanges()
    {
        File.SetLastWriteTimeUtc(_folder["a.json"], DateTime.UtcNow.AddDays(1));
        _folder.Write("a.json", "one");
        _folder.Write("secrets/other", "not ours");

        Assert.False(After(TimeSpan.Zero));
        Assert.False(After(SettledFiles.Grace));
    }

    [Theory]
    [InlineData("a.json", "two")]
    [InlineData("none.json", "new")]
    [InlineData("secrets/Gateway__Admin__Secret", "other")]
    [InlineData("secrets/Gateway__PublicUrl", "https://a.example")]
    public void Change_IsReadOnceItRests(string file, string text)
    {
        _folder.Write(file, text);

        Assert.False(After(TimeSpan.FromMilliseconds(200)));
        Assert.True(After(TimeSpan.FromMilliseconds(200)));
        _files.OnLoaded(Contents);
        Assert.False(After(TimeSpan.FromMilliseconds(200)));
    }

    [Fact]
    public void FileThatIsStillWritten_IsNotRead()
    {
        for (var i = 0; i < 20; i++)
        {
            _folder.Write("a.json", new string('x', i + 10));
            Assert.False(After(TimeSpan.FromMilliseconds(200)));
        }

        Assert.True(After(TimeSpan.FromMilliseconds(200)));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void FileThatIsGoneOrEmpty_IsGivenLonger(bool gone)
    {
        if (gone)
        {
            File.Delete(_folder["a.json"]);
        }
        else
        {
            _folder.Write("a.json", "");
        }

        Assert.False(After(TimeSpan.Zero));
        Assert.False(After(SettledFiles.Grace - TimeSpan.FromMilliseconds(1)));
        Assert.True(After(TimeSpan.FromMilliseconds(1)));
    }

    [Fact]
    public void FileThatComesBackInTime_WasNeverGone()
    {
        File.Delete(_folder["a.json"]);
        Assert.False(After(TimeSpan.FromSeconds(1)));
        _folder.Write("a.json", "one");

        Assert.False(After(TimeSpan.FromSeconds(1)));
        Assert.False(After(TimeSpan.FromSeconds(10)));
    }

    [Fact]
    public void LinkWhoseTargetIsExchanged_IsAChange()
    {
        // As Kubernetes has it: the file is a link into ..data, which is a link to the folder of the day.
        Directory.CreateDirectory(_folder["day1"]);
        Directory.CreateDirectory(_folder["day2"]);
        _folder.Write("day1/Gateway__Admin__Secret", "one");
        _folder.Write("day2/Gateway__Admin__Secret", "two");
        Directory.CreateDirectory(_folder["mount"]);
        File.CreateSymbolicLink(_folder["mount/..data"], _folder["day1"]);
        File.CreateSymbolicLink(_folder["mount/Gateway__Admin__Secret"], "..data/Gateway__Admin__Secret");
        var before = FileContents.Of([], _folder["mount"]);

        File.Delete(_folder["mount/..data"]);
        File.CreateSymbolicLink(_folder["mount/..data"], _folder["day2"]);

        Assert.False(before.Equal(FileContents.Of([], _folder["mount"])));
        Assert.False(FileContents.Of([], _folder["mount"]).Lacks(before));
    }

    private bool After(TimeSpan pause)
    {
        _now += pause;
        return _files.AreDue(Contents, _now);
    }
}
