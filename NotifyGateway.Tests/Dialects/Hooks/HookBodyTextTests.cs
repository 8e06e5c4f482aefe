using System.Text;
using FsCheck;
using FsCheck.Fluent;
using NotifyGateway.Core.Dialects.Hooks;
using NotifyGateway.Tests.Support;
using Xunit;

namespace NotifyGateway.Tests.Dialects.Hooks;

/// <summary>Bytes of bodies as texts, forms and pieces of bounded length.</summary>
public sealed class HookBodyTextTests
{
    [Theory]
    [InlineData("utf-8", "utf-8", false)]
    [InlineData("utf-8", null, false)]
    [InlineData("utf-8", null, true)]
    [InlineData("utf-8", "x-nobody-knows", false)]
    [InlineData("utf-8", "\"UTF-8\"", false)]
    [InlineData("utf-16", "utf-16", true)]
    [InlineData("utf-16", "utf-16", false)]
    [InlineData("utf-16", null, false)]
    [InlineData("utf-16BE", null, true)]
    [InlineData("utf-16BE", null, false)]
    [InlineData("utf-16BE", "utf-16be", false)]
    [InlineData("utf-16", "utf-8", true)]
    [InlineData("utf-32", null, true)]
    [InlineData("utf-32BE", null, true)]
    public void Text_IsReadInItsUnicode(string encoding, string? declared, bool mark)
    {
        var written = Encoding.GetEncoding(encoding);
        byte[] bytes = [.. mark ? written.GetPreamble() : [], .. written.GetBytes("""{"text":"Grüße 😀"}""")];
        Assert.Equal("""{"text":"Grüße 😀"}""", HookCharset.Decode(bytes, declared));
    }

    [Theory]
    [InlineData("iso-8859-1", 0xE9, "é")]
    [InlineData("ISO-8859-1", 0x80, "€")]
    [InlineData("windows-1252", 0x80, "€")]
    [InlineData("windows-1251", 0xC6, "Ж")]
    [InlineData("iso-8859-15", 0xA4, "€")]
    [InlineData("koi8-r", 0xC1, "а")]
    [InlineData(null, 0xE9, "é")]
    [InlineData("utf-8", 0xE9, "é")]
    [InlineData("utf-7", 0xE9, "é")]
    public void Text_IsReadInItsEightBits(string? declared, int letter, string text) =>
        Assert.Equal($"caf{text}", HookCharset.Decode([.. "caf"u8, (byte)letter], declared));

    [Theory]
    [InlineData("a=1&b=%C3%BC+x&a=2", "a=1,2 b=ü x")]
    [InlineData("a", "a=")]
    [InlineData("&&a=b=c&", "a=b=c")]
    [InlineData("a=%E9", "a=é")]
    [InlineData("a=100%&b=%zz&c=%4", "a=100% b=%zz c=%4")]
    [InlineData("%61=%00", "a=\0")]
    [InlineData("a=%ED%A0%80", "a=í\u00A0\uFFFD")]
    public void Form_IsReadLeniently(string body, string fields) =>
        Assert.Equal(fields, string.Join(' ', HookForm.Parse(Encoding.UTF8.GetBytes(body), null)!.Select(f => $"{f.Key}={string.Join(',', f.Value)}")));

    [Fact]
    public void Form_HasItsCharset() => Assert.Equal("Ж", Assert.Single(HookForm.Parse("a=%C6"u8, "windows-1251")!).Value[0]);

    [Fact]
    public void Form_WithTooManyFields_IsRefused()
    {
        var fields = string.Join('&', Enumerable.Range(0, HookForm.MaxFields).Select(n => FormattableString.Invariant($"f{n}=1")));
        Assert.Equal(HookForm.MaxFields, HookForm.Parse(Encoding.UTF8.GetBytes(fields), null)!.Count);
        Assert.Null(HookForm.Parse(Encoding.UTF8.GetBytes(fields + "&x=1"), null));
    }

    [Fact]
    public void Cut_KeepsWholeCharacters_AndFits() =>
        Prop.ForAll(ArbMap.Default.ArbFor<string>(), Gen.Choose(0, 40).ToArbitrary(), (text, most) =>
        {
            var words = Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text ?? ""));
            var cut = HookLength.Cut(words, most, "…");
            var kept = cut.EndsWith('…') ? cut[..^1] : cut;
            return (Encoding.UTF8.GetByteCount(words) <= most && string.Equals(cut, words, StringComparison.Ordinal))
                || (Encoding.UTF8.GetByteCount(cut) <= Math.Max(most, 3) && words.StartsWith(kept, StringComparison.Ordinal) && !kept.Contains('\uFFFD', StringComparison.Ordinal) == !words[..kept.Length].Contains('\uFFFD', StringComparison.Ordinal));
        }).Holds();

    [Fact]
    public void Bytes_NeverThrow() =>
        Prop.ForAll(ArbMap.Default.ArbFor<byte[]>(), Gen.Elements(null, "utf-8", "utf-16", "shift_jis", "iso-2022-jp", "gb18030", "x", "", "hz-gb-2312").ToArbitrary(), (body, charset) =>
            HookCharset.Decode(body, charset) is not null && HookForm.Parse(body, charset) is not null).Holds();

    [Theory]
    [InlineData("Idempotency-Key: k", "X-GitHub-Delivery: d", "Idempotency-Key: k")]
    [InlineData("X-GitHub-Delivery: d", "x: y", "X-GitHub-Delivery: d")]
    [InlineData("webhook-id: w", "X-Gitlab-Event-UUID: u", "webhook-id: w")]
    [InlineData("X-Gitlab-Event-UUID: u", "x: y", "X-Gitlab-Event-UUID: u e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")]
    [InlineData("Idempotency-Key: ", "x: y", null)]
    public void Delivery_IsKnownByItsHeaders(string header, string other, string? key)
    {
        var headers = new[] { header, other }.Select(h => h.Split(": ", 2)).ToDictionary(h => h[0], h => h[1], StringComparer.OrdinalIgnoreCase);
        var repeat = HookRepeats.OfHeaders(new HookRequest { Header = headers.GetValueOrDefault, Query = _ => null, Text = "", Body = default });
        Assert.Equal((key, key is not null), (repeat?.Key, repeat?.IsDelivery ?? false));
    }
}
