using System.Text;
using FsCheck;
using FsCheck.Fluent;
using NotifyGateway.Api.Http;
using Xunit;

namespace NotifyGateway.Tests.Http;

public sealed class ReaderPropertyTests
{
    private static readonly string[] Pieces =
        ["{", "}", "[", "]", ":", ",", "\"", "\\", "\\ud800", "\\u0000", "\"text\"", "\"message\"", "\"to\"", "\"users\"", "null", "1e999", "\"x\"", " ", "é", "\ufeff", "true"];

    [Fact]
    public void AnyBytesAreAnObjectOrMalformed_AndNothingElse() =>
        Prop.ForAll(Garbage().ToArbitrary(), bytes => IsReadOrMalformed(bytes)).QuickCheckThrowOnFailure();

    [Fact]
    public void AnyTextSurvivesTheNativeReader() =>
        Prop.ForAll(ArbMap.Default.GeneratorFor<string>().Where(s => s is not null).ToArbitrary(), text =>
        {
            var errors = new FieldErrors();
            var json = System.Text.Json.JsonSerializer.SerializeToUtf8Bytes(new Dictionary<string, string>(StringComparer.Ordinal) { ["text"] = text, ["title"] = "t" });
            return string.Equals(SendRequestReader.Read(json, errors).Text, Valid(text), StringComparison.Ordinal) && errors.ToRefusal() is null;
        }).QuickCheckThrowOnFailure();

    private static Gen<byte[]> Garbage() => Gen.OneOf(
        Gen.ArrayOf(Gen.Choose(0, 255).Select(i => (byte)i)),
        Gen.ArrayOf(Gen.Elements(Pieces)).Select(p => Encoding.UTF8.GetBytes(string.Concat(p))),
        Gen.ArrayOf(Gen.Elements(Pieces)).Select(p => Encoding.UTF8.GetBytes("{" + string.Concat(p) + "}")));

    private static bool IsReadOrMalformed(byte[] bytes)
    {
        try
        {
            SendRequestReader.Read(bytes, new FieldErrors());
        }
        catch (MalformedJsonException)
        {
        }

        return true;
    }

    private static string Valid(string text) => Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text));
}
