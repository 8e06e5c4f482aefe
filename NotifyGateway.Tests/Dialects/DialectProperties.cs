using System.Text;
using FsCheck;
using FsCheck.Fluent;
using NotifyGateway.Core.Configuration;
using NotifyGateway.Core.Dialects;
using NotifyGateway.Tests.Support;
using Xunit;

namespace NotifyGateway.Tests.Dialects;

public sealed class DialectProperties
{
    private const string Marker = "TOP-5ECRET";

    private static readonly string[] Pieces =
    [
        "{", "}", "[", "]", ":", "::", ",", "\"", "\\", "\\u", "d800", "\\ud83d", "\\n", " ", "\t", "#", "@", "a", "s3cret", "s3cret:", "null", "true", "1e9", "-",
        "\"to\":", "\"privmsg\":", "\"message\":", "\"users\":", "\"channels\":", "\"text\":", "\"secret\":", "\"client\":", "\"reply\":true", "\"expiresIn\":",
        "\"severity\":", "\"irc://h/c\"", "\"x\"", "\u0000", "\u00fc", "😀",
    ];

    /// <summary>Bytes that come near to what the dialects know, with arbitrary ones among them.</summary>
    private static Gen<byte[]> Lines =>
        Gen.OneOf(Gen.Elements(Pieces).Select(Encoding.UTF8.GetBytes), Gen.Choose(0, 255).Select(b => new[] { (byte)b }))
            .ListOf().Select(pieces => pieces.SelectMany(p => p).ToArray());

    [Fact]
    public void AnyBytes_GiveSomeRequest_NeverAnException() =>
        Prop.ForAll(Lines.ToArbitrary(), line => Array.TrueForAll(Enum.GetValues<Dialect>(), dialect =>
        {
            var parse = LineDialects.For(dialect);
            return parse(line, Speakers.Anyone) is not null && parse(line, Speakers.KnownOnly) is not LineMessage { Client: ClientDirectory.Anonymous };
        })).Holds(5000);

    [Fact]
    public void Refusals_NeverQuoteTheLine() =>
        Prop.ForAll(Lines.ToArbitrary(), Lines.ToArbitrary(), (before, after) =>
        {
            byte[] line = [.. before, .. Encoding.UTF8.GetBytes(Marker), .. after];
            return Array.TrueForAll(Enum.GetValues<Dialect>(), dialect =>
                LineDialects.For(dialect)(line, Speakers.KnownOnly) is not LineRefusal refusal || !refusal.ToString().Contains(Marker, StringComparison.Ordinal));
        }).Holds(2000);

    [Fact]
    public void AnyText_ComesThroughJson_AsItWas() =>
        Prop.ForAll<string>(text =>
        {
            var clean = new string([.. (text ?? "x").Where(c => !char.IsSurrogate(c))]);
            var json = System.Text.Json.JsonSerializer.Serialize(new { to = "irc://h/c", privmsg = clean });
            return string.Equals(LineDialects.For(Dialect.Irker).Message(json).Text, clean, StringComparison.Ordinal);
        }).Holds();

    [Fact]
    public void AnyMessage_ComesThroughKaoz_AsItWas() =>
        Prop.ForAll<NonEmptyString>(text =>
        {
            var clean = new string([.. text.Get.Where(c => !char.IsSurrogate(c))]);
            return clean.Length == 0 || string.Equals(LineDialects.For(Dialect.Kaoz).Message($"s3cret:#ops:{clean}", Speakers.KnownOnly).Text, clean, StringComparison.Ordinal);
        }).Holds();

    [Fact]
    public void AnyNames_ComeThroughCommas_AsTheyWere() =>
        Prop.ForAll<string[]>(names =>
        {
            var clean = (names ?? []).Where(n => n is not null).Select(n => n.Replace(",", "", StringComparison.Ordinal).Trim()).Where(n => n.Length > 0 && n is not "isnick").ToList();
            return TwistedPrismRequest.Split([string.Join(" , ", clean)]).SequenceEqual(clean, StringComparer.Ordinal);
        }).Holds();
}
