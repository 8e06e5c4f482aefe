using System.Text;
using NotifyGateway.Core.Protocols.Irc;
using Xunit;

namespace NotifyGateway.Tests.Protocols.Irc;

public sealed class IsupportTests
{
    [Fact]
    public void Defaults_WhereTheServerSaysNothing()
    {
        var isupport = new Isupport();

        Assert.Equal(CaseMapping.Rfc1459, isupport.CaseMapping);
        Assert.Equal("#&", isupport.ChannelTypes);
        Assert.Equal(512, isupport.LineLength);
        Assert.Null(isupport.ChannelLimit('#'));
        Assert.Null(isupport["NETWORK"]);
    }

    [Fact]
    public void Reads_SeveralLines_AndTakesBackWhatIsNegated()
    {
        var isupport = Read(
            "005 bot CASEMAPPING=ascii CHANTYPES=#+ LINELEN=1024 EXCEPTS :are supported by this server",
            "005 bot NETWORK=Test CHANLIMIT=#:20,+: MAXCHANNELS=5 :are supported by this server");

        Assert.Equal((CaseMapping.Ascii, "#+", 1024), (isupport.CaseMapping, isupport.ChannelTypes, isupport.LineLength));
        Assert.Equal((20, int.MaxValue, 5), (isupport.ChannelLimit('#'), isupport.ChannelLimit('+'), isupport.ChannelLimit('&')));
        Assert.Equal("", isupport["excepts"]);
        Assert.Equal("Test", isupport["NETWORK"]);

        Read(isupport, "005 bot -CASEMAPPING -CHANTYPES -LINELEN -CHANLIMIT -MAXCHANNELS -NEVER :are supported by this server");

        Assert.Equal((CaseMapping.Rfc1459, "#&", 512), (isupport.CaseMapping, isupport.ChannelTypes, isupport.LineLength));
        Assert.Null(isupport.ChannelLimit('#'));
        Assert.Equal("Test", isupport["NETWORK"]);
    }

    [Theory]
    [InlineData("005 bot CASEMAPPING=ascii", CaseMapping.Ascii)]
    [InlineData("005 bot CASEMAPPING=rfc1459-strict :are supported", CaseMapping.Rfc1459Strict)]
    [InlineData("005 CASEMAPPING=ascii", CaseMapping.Rfc1459)]
    [InlineData("005 bot :Try server irc.test, port 6667 CASEMAPPING=ascii", CaseMapping.Rfc1459)]
    [InlineData("005 bot : CASEMAPPING=ascii", CaseMapping.Rfc1459)]
    [InlineData("005 bot :", CaseMapping.Rfc1459)]
    [InlineData("005", CaseMapping.Rfc1459)]
    public void Skips_TheSentence_WhereThereIsOne(string line, CaseMapping mapping) => Assert.Equal(mapping, Read(line).CaseMapping);

    [Theory]
    [InlineData("LINELEN=", 512)]
    [InlineData("LINELEN=x", 512)]
    [InlineData("LINELEN=-9", 512)]
    [InlineData("LINELEN=0", 512)]
    [InlineData("LINELEN=80", 512)]
    [InlineData("LINELEN=2048", 2048)]
    [InlineData("LINELEN=99999999", 65536)]
    [InlineData("LINELEN=99999999999999999999", 512)]
    public void Keeps_LineLengthInBounds(string token, int length) => Assert.Equal(length, Read($"005 bot {token} :are supported").LineLength);

    [Theory]
    [InlineData("CHANLIMIT=", null)]
    [InlineData("CHANLIMIT=,,:,#", null)]
    [InlineData("CHANLIMIT=:5", null)]
    [InlineData("CHANLIMIT=#:x", int.MaxValue)]
    [InlineData("CHANLIMIT=#&!+:21", 21)]
    [InlineData("CHANLIMIT=&:3,#:9", 9)]
    [InlineData("MAXCHANNELS=", null)]
    [InlineData("MAXCHANNELS=12", 12)]
    public void Reads_ChannelLimit(string token, int? limit) => Assert.Equal(limit, Read($"005 bot {token} :are supported").ChannelLimit('#'));

    [Fact]
    public void Keeps_NoMoreTokensThanAnyServerHas()
    {
        var isupport = new Isupport();
        for (var i = 0; i < 1000; i++)
        {
            Read(isupport, $"005 bot T{i} :are supported");
        }

        Read(isupport, "005 bot T0=new :are supported");

        Assert.Equal("new", isupport["T0"]);
        Assert.Equal("", isupport["T499"]);
        Assert.Null(isupport["T500"]);
    }

    private static Isupport Read(params string[] lines)
    {
        var isupport = new Isupport();
        Array.ForEach(lines, line => Read(isupport, line));
        return isupport;
    }

    private static void Read(Isupport isupport, string line)
    {
        Assert.True(IrcMessage.TryParse(Encoding.UTF8.GetBytes(line), out var message));
        isupport.Read(message);
    }
}
