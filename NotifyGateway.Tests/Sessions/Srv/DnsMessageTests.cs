using FsCheck;
using FsCheck.Fluent;
using NotifyGateway.Core.Sessions.Srv;
using NotifyGateway.Tests.Support;
using Xunit;

namespace NotifyGateway.Tests.Sessions.Srv;

public sealed class DnsMessageTests
{
    private const string Service = "_xmpp-client._tcp.example.com";
    private static readonly DnsQuery Query = new(0x1234, Service, DnsType.Srv);

    /// <summary>An answer as a server compresses it (RFC 1035, section 4.1.4): two servers, the second below the question's domain.</summary>
    private static readonly byte[] Compressed = Convert.FromHexString(
        "123481800001000200000000" + "0c5f786d70702d636c69656e74045f746370076578616d706c6503636f6d0000210001" // the question; example.com at 1e
        + "c00c0021000100000078" + "0017" + "000500141466" + "036f6e65076578616d706c65036e657400" // 5 20 5222 one.example.net
        + "c00c002100010000003c" + "000c" + "000a00001466" + "0374776fc01e"); // 10 0 5222 two.example.com

    [Fact]
    public void Query_HasTheBytesOfTheStandard()
    {
        const string Head = "1234010000010000000000";
        const string Question = "0c5f786d70702d636c69656e74045f746370076578616d706c6503636f6d0000210001";
        Assert.Equal(Head + "00" + Question, Convert.ToHexStringLower(Query.Write(extended: false)));
        Assert.Equal(Head + "01" + Question + "00" + "0029" + "04d0" + "00000000" + "0000", Convert.ToHexStringLower(Query.Write(extended: true)));
    }

    [Theory]
    [InlineData("example.com", true)]
    [InlineData("a", true)]
    [InlineData("", false)]
    [InlineData("a..b", false)]
    [InlineData(".a", false)]
    [InlineData("a.", false)]
    [InlineData("ü.example", false)]
    public void Name_MustFit(string name, bool fits) => Assert.Equal(fits, DnsQuery.IsName(name));

    [Fact]
    public void Name_HasItsLimits()
    {
        var longest = string.Join('.', Enumerable.Repeat(new string('a', 63), 3)) + '.' + new string('b', 61);
        Assert.Equal(255, new DnsQuery(1, longest, 33).Write(extended: false).Length - 16);
        Assert.True(DnsQuery.IsName(longest));
        Assert.False(DnsQuery.IsName(longest + "b"));
        Assert.False(DnsQuery.IsName(new string('a', 64)));
    }

    [Fact]
    public void Answer_IsReadWithCompressedNames()
    {
        var answer = DnsAnswer.Parse(Compressed, Query);

        Assert.NotNull(answer);
        Assert.Equal((DnsCode.Done, false), (answer.Code, answer.IsTruncated));
        Assert.Equal(
            [
                new DnsRecord(Service, TimeSpan.FromSeconds(120), new SrvRecord(5, 20, 5222, "one.example.net"), null),
                new DnsRecord(Service, TimeSpan.FromSeconds(60), new SrvRecord(10, 0, 5222, "two.example.com"), null),
            ],
            answer.Records);
    }

    [Fact]
    public void Answer_ToAnotherQuestion_IsNone()
    {
        var query = Query.Write(extended: false);
        var right = DnsBytes.Answer(query, DnsBytes.SrvRecord(Service, 1, 2, 3, "h.example"));
        Assert.NotNull(DnsAnswer.Parse(right, Query));
        Assert.Null(DnsAnswer.Parse(right, Query with { Id = 0x1235 }));
        Assert.Null(DnsAnswer.Parse(right, Query with { Name = "_xmpp-client._tcp.example.org" }));
        Assert.Null(DnsAnswer.Parse(right, Query with { Type = 1 }));
        Assert.Null(DnsAnswer.Parse(query, Query)); // the question itself
        Assert.Null(DnsAnswer.Parse(DnsBytes.Answer(query, 0xA980), Query)); // another opcode
        Assert.Null(DnsAnswer.Parse([.. right[..5], 0, .. right[6..]], Query)); // no question
    }

    [Theory]
    [InlineData(0x8180, DnsCode.Done)]
    [InlineData(0x8182, DnsCode.Failed)]
    [InlineData(0x8183, DnsCode.NoSuchName)]
    [InlineData(0x8185, DnsCode.Refused)]
    public void Answer_HasItsCode(int flags, object code) => Assert.Equal(code, DnsAnswer.Parse(DnsBytes.Answer(Query.Write(false), flags), Query)!.Code);

    [Fact]
    public void Answer_OfAServerThatUnderstandsNothing_NeedsNoQuestion() =>
        Assert.Equal(DnsCode.Malformed, DnsAnswer.Parse([0x12, 0x34, 0x80, 0x01, 0, 0, 0, 0, 0, 0, 0, 0], Query)!.Code);

    [Fact]
    public void TruncatedAnswer_MayEndAnywhere()
    {
        var whole = DnsBytes.Answer(Query.Write(false), 0x8380, DnsBytes.SrvRecord(Service, 1, 2, 3, "h.example"));
        Assert.True(DnsAnswer.Parse(whole.AsSpan(0, whole.Length - 4), Query) is { IsTruncated: true, Records: [] });
        whole[2] = 0x81; // not said to be truncated
        Assert.Null(DnsAnswer.Parse(whole.AsSpan(0, whole.Length - 4), Query));
    }

    [Fact]
    public void Records_OfOtherTypesAndClasses_ArePassedOver()
    {
        var answer = DnsAnswer.Parse(
            DnsBytes.Answer(
                Query.Write(false),
                DnsBytes.Record(DnsBytes.Name(Service), 46, 1, [1, 2, 3]),
                DnsBytes.Record(DnsBytes.Name(Service), DnsBytes.Srv, 1, [1, 2, 3], kind: 3),
                DnsBytes.CnameRecord(Service, "x.example"),
                DnsBytes.SrvRecord("x.example", 0, 0, 5222, "", ttl: -1)),
            Query);

        Assert.Equal(
            [new DnsRecord(Service, TimeSpan.FromSeconds(300), null, "x.example"), new DnsRecord("x.example", TimeSpan.Zero, new SrvRecord(0, 0, 5222, ""), null)],
            answer!.Records);
    }

    [Theory]
    [InlineData("c00c")] // to itself
    [InlineData("c0ff")] // forward, and out of the message
    [InlineData("01c00c")] // a label's length, then the label holds a pointer, then nothing
    [InlineData("03616263c00c")] // a label, then back to it: each round would be longer
    [InlineData("40")] // a kind of label that is none
    [InlineData("80")]
    [InlineData("c0")] // half a pointer
    [InlineData("05616263")] // cut
    [InlineData("")]
    public void Name_ThatCannotBeRead_IsRefused(string hex)
    {
        byte[] message = [.. new byte[12], .. Convert.FromHexString(hex)];
        var reader = new DnsReader(message) { Position = 12 };

        Assert.False(reader.TryName(out var name));
        Assert.Equal("", name);
    }

    [Fact]
    public void Name_OfPointersInARow_EndsAtTheFirstLabels()
    {
        var chain = new byte[600];
        chain[0] = 1;
        chain[1] = (byte)'a'; // "a" at 0, then 299 pointers, each to the one before
        for (var at = 3; at + 1 < chain.Length; at += 2)
        {
            var to = at == 3 ? 0 : at - 2;
            (chain[at], chain[at + 1]) = ((byte)(0xC0 | (to >> 8)), (byte)to);
        }

        var reader = new DnsReader(chain) { Position = 597 };

        Assert.True(reader.TryName(out var name));
        Assert.Equal(("a", 599), (name, reader.Position));
    }

    [Fact]
    public void Name_WithBytesOfNoHostName_ShowsThem()
    {
        var reader = new DnsReader([4, (byte)'A', (byte)'.', 0, 0xFF, 1, (byte)'_', 0]);

        Assert.True(reader.TryName(out var name));
        Assert.Equal(@"a\046\000\255._", name);
    }

    [Fact]
    public void AnyBytes_AreReadOrRefused() => Prop.ForAll(
        ArbMap.Default.ArbFor<byte[]>(),
        bytes => DnsAnswer.Parse(bytes, Query) is null or { Records.Count: <= 256 } && DnsAnswer.Parse([.. Compressed[..47], .. bytes], Query) is null or { Records.Count: <= 2 }).Holds();

    [Fact]
    public void AnswerWithAnyByteChanged_IsReadOrRefused() => Prop.ForAll(
        Gen.Choose(0, Compressed.Length - 1).ToArbitrary(),
        ArbMap.Default.ArbFor<byte>(),
        Gen.Choose(0, Compressed.Length).ToArbitrary(),
        (at, value, length) =>
        {
            var changed = Compressed.ToArray();
            changed[at] = value;
            return DnsAnswer.Parse(changed.AsSpan(0, length), Query) is null or { Records.Count: <= 2 };
        }).Holds(5000);
}
