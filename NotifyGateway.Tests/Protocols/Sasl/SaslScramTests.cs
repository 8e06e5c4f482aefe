using System.Security.Cryptography;
using System.Text;
using FsCheck;
using FsCheck.Fluent;
using NotifyGateway.Core.Protocols.Sasl;
using NotifyGateway.Tests.Support;
using Xunit;

namespace NotifyGateway.Tests.Protocols.Sasl;

public sealed class SaslScramTests
{
    // RFC 7677, section 3.
    private const string Nonce = "rOprNGfwEbeRWgbNEkqO";
    private const string ServerFirst = "r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096";
    private const string ServerFinal = "v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=";

    [Fact]
    public void Sha256_SaysWhatRfc7677Says()
    {
        var scram = Sha256();

        Assert.Equal("SCRAM-SHA-256", scram.Name);
        Assert.Equal("n,,n=user,r=rOprNGfwEbeRWgbNEkqO", Text(scram.Begin()));
        Assert.False(scram.Proved);
        Assert.Equal("c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=", Text(scram.Answer(Bytes(ServerFirst))));
        Assert.True(scram.Proved);
        Assert.False(scram.Complete);
        Assert.Equal("", Text(scram.Answer(Bytes(ServerFinal))));
        Assert.True(scram.Complete);
    }

    [Fact]
    public void Sha1_SaysWhatRfc5802Says()
    {
        var scram = new SaslScram(HashAlgorithmName.SHA1, "user", "pencil", "fyko+d2lbbFgONRv9qkxdawL", ChannelBinding.None);

        Assert.Equal("SCRAM-SHA-1", scram.Name);
        Assert.Equal("n,,n=user,r=fyko+d2lbbFgONRv9qkxdawL", Text(scram.Begin()));
        Assert.Equal(
            "c=biws,r=fyko+d2lbbFgONRv9qkxdawL3rfcNHYJY1ZVvWVs7j,p=v0X8v3Bz2T0CJGbJQyF0X+HI4Ts=",
            Text(scram.Answer("r=fyko+d2lbbFgONRv9qkxdawL3rfcNHYJY1ZVvWVs7j,s=QSXCR+Q6sek8bf92,i=4096"u8)));
        Assert.Equal("", Text(scram.Answer("v=rmF9pqV8S7suAoZWja4dJRkFsKQ="u8)));
        Assert.True(scram.Complete);
    }

    [Theory]
    [InlineData("a,b=c", "n,,n=a=2Cb=3Dc,r=")]
    [InlineData("I\u00ADX", "n,,n=IX,r=")]
    [InlineData("zoë", "n,,n=zoë,r=")]
    public void Name_IsPreparedAndEscaped(string account, string begin) =>
        Assert.Equal(begin + Nonce, Text(new SaslScram(HashAlgorithmName.SHA256, account, "pencil", Nonce, ChannelBinding.None).Begin()));

    [Fact]
    public void Binding_StandsInTheHeaderAndInTheProof()
    {
        var scram = new SaslScram(HashAlgorithmName.SHA256, "user", "pencil", Nonce, ChannelBinding.To("tls-exporter", [1, 2, 3]));

        Assert.Equal("SCRAM-SHA-256-PLUS", scram.Name);
        Assert.StartsWith("p=tls-exporter,,n=user,", Text(scram.Begin()), StringComparison.Ordinal);
        byte[] bound = [.. "p=tls-exporter,,"u8, 1, 2, 3];
        Assert.StartsWith($"c={Convert.ToBase64String(bound)},", Text(scram.Answer(Bytes(ServerFirst))), StringComparison.Ordinal);
        Assert.Equal("eSws", ChannelBinding.NotOffered.Encoded);
    }

    [Theory]
    [InlineData("")]
    [InlineData("nonsense")]
    [InlineData("r=rOprNGfwEbeRWgbNEkqOx,s=W22Z")]
    [InlineData("s=W22Z,r=rOprNGfwEbeRWgbNEkqOx,i=4096")]
    [InlineData("m=ext,r=rOprNGfwEbeRWgbNEkqOx,s=W22Z,i=4096")]
    [InlineData("r=,s=W22Z,i=4096")]
    [InlineData("r=rOprNGfwEbeRWgbNEkqOx,s=,i=4096")]
    [InlineData("r=rOprNGfwEbeRWgbNEkqOx,s=W2*Z,i=4096", "salt")]
    [InlineData("r=rOprNGfwEbeRWgbNEkqOx,s=W22,i=4096", "salt")]
    [InlineData("r=rOprNGfwEbeRWgbNEkqOx,s= ,i=4096", "salt")]
    [InlineData("r=rOprNGfwEbeRWgbNEkqO,s=W22Z,i=4096", "nonce")]
    [InlineData("r=another,s=W22Z,i=4096", "nonce")]
    [InlineData("r=roprngfwebergwbnekqox,s=W22Z,i=4096", "nonce")]
    [InlineData("r=rOprNGfwEbeRWgbNEkqOx,s=W22Z,i=0", "iteration")]
    [InlineData("r=rOprNGfwEbeRWgbNEkqOx,s=W22Z,i=-1", "iteration")]
    [InlineData("r=rOprNGfwEbeRWgbNEkqOx,s=W22Z,i= 4096", "iteration")]
    [InlineData("r=rOprNGfwEbeRWgbNEkqOx,s=W22Z,i=1000001", "iteration")]
    [InlineData("r=rOprNGfwEbeRWgbNEkqOx,s=W22Z,i=99999999999999999999", "iteration")]
    [InlineData("e=unknown-user", "SCRAM-SHA-256: unknown-user")]
    [InlineData("e=bad\u0007words,x=1", "SCRAM-SHA-256: badwords")]
    public void Aborts_WhenTheFirstChallengeIsNone(string challenge, string word = "first message")
    {
        var scram = Sha256();
        scram.Begin();

        var step = scram.Answer(Bytes(challenge));

        Assert.Contains(word, step.Fault, StringComparison.Ordinal);
        Assert.False(step.Impostor);
        Assert.False(scram.Proved);
        Assert.Empty(step.Response);
    }

    [Theory]
    [InlineData("", true)]
    [InlineData("v=", true)]
    [InlineData("v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95H4=", true)]
    [InlineData("v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95Gw=", true)]
    [InlineData("v=AAAA", true)]
    [InlineData("v=!", true)]
    [InlineData("x=1,v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=", true)]
    [InlineData("e=invalid-proof", false)]
    public void Aborts_WhenTheServerDoesNotProveItself(string challenge, bool impostor)
    {
        var scram = Sha256();
        scram.Begin();
        scram.Answer(Bytes(ServerFirst));

        var step = scram.Answer(Bytes(challenge));

        Assert.NotNull(step.Fault);
        Assert.Equal(impostor, step.Impostor);
        Assert.False(scram.Complete);
    }

    [Theory]
    [InlineData("", "account's name")]
    [InlineData("a\u0007b", "account's name")]
    public void Aborts_BeforeItBegins_WithoutAName(string account, string word) =>
        Assert.Contains(word, new SaslScram(HashAlgorithmName.SHA256, account, "pencil", Nonce, ChannelBinding.None).Begin().Fault, StringComparison.Ordinal);

    [Fact]
    public void Aborts_WithoutSayingThePassword_WhenItCannotBePrepared()
    {
        var scram = new SaslScram(HashAlgorithmName.SHA256, "user", "pen\uFFFDcil", Nonce, ChannelBinding.None);
        scram.Begin();

        var fault = scram.Answer(Bytes(ServerFirst)).Fault!;

        Assert.Contains("SASLprep", fault, StringComparison.Ordinal);
        Assert.DoesNotContain("cil", fault, StringComparison.Ordinal);
    }

    [Fact]
    public void Aborts_WhenItIsAskedAgain()
    {
        var scram = Sha256();
        scram.Begin();
        scram.Answer(Bytes(ServerFirst));
        scram.Answer(Bytes(ServerFinal));

        Assert.NotNull(scram.Answer(Bytes(ServerFinal)).Fault);
        Assert.NotNull(Sha256().Answer(Bytes(ServerFirst)).Fault);
    }

    [Fact]
    public void NeverThrows_AndBelievesNobody_WhateverAServerSays()
    {
        string[] words = ["r=" + Nonce, "r=" + Nonce + "x", "s=W22Z", "s=", "i=1", "i=2", "i=-5", "e=x", "v=AAAA", "m=x", ",", "=", "", "\0", "ü", "\uFFFD"];
        var text = Gen.Elements(words).ListOf().Select(list => Bytes(string.Join(',', list)));
        var bytes = Gen.Choose(0, 255).Select(b => (byte)b).ArrayOf();
        Prop.ForAll(Gen.OneOf(text, bytes).ListOf().ToArbitrary(), challenges =>
        {
            var scram = Sha256();
            scram.Begin();
            foreach (var challenge in challenges)
            {
                var step = scram.Answer(challenge);
                Assert.True(step.Fault is not null || step.Response.Length > 0);
            }

            Assert.False(scram.Complete);
        }).Holds();
    }

    private static SaslScram Sha256() => new(HashAlgorithmName.SHA256, "user", "pencil", Nonce, ChannelBinding.None);

    private static string Text(SaslStep step)
    {
        Assert.Null(step.Fault);
        return Encoding.UTF8.GetString(step.Response);
    }

    private static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);
}
