using System.Buffers;
using System.Text;
using NotifyGateway.Api.Metrics;
using Xunit;

namespace NotifyGateway.Tests.Metrics;

public sealed class PrometheusTextTests
{
    [Fact]
    public void Writes_HelpTypeAndSamples() => Assert.Equal(
        "# HELP a_total What it is.\n# TYPE a_total counter\na_total 3\na_total{x=\"1\"} 0.5\na_total{x=\"1\",y=\"ü\"} 1E+17\n",
        Written(text =>
        {
            text.Head("a_total", "What it is.", "counter");
            text.Sample("a_total", default, default, 3);
            text.Sample("a_total", new Label("x", "1"), default, 0.5);
            text.Sample("a_total", new Label("x", "1"), new Label("y", "ü"), 1e17);
        }));

    [Theory]
    [InlineData("a\"b", @"a\""b")]
    [InlineData("a\\b", @"a\\b")]
    [InlineData("a\nb", @"a\nb")]
    [InlineData("\\\n\"", @"\\\n\""")]
    public void Escapes_LabelValues(string value, string written) =>
        Assert.Equal($"a{{x=\"{written}\"}} 1\n", Written(text => text.Sample("a", new Label("x", value), default, 1)));

    [Fact]
    public void Escapes_HelpWithoutItsQuotes() =>
        Assert.Equal("# HELP a \\\\ \\n \"q\"\n# TYPE a gauge\n", Written(text => text.Head("a", "\\ \n \"q\"", "gauge")));

    [Theory]
    [InlineData(double.PositiveInfinity, "+Inf")]
    [InlineData(double.NegativeInfinity, "-Inf")]
    [InlineData(double.NaN, "NaN")]
    [InlineData(0.025, "0.025")]
    [InlineData(-1, "-1")]
    [InlineData(1e-9, "1E-09")]
    public void Writes_NumbersAsTheFormatHasThem(double value, string written) => Assert.Equal(written, PrometheusText.Number(value));

    private static string Written(Action<PrometheusText> write)
    {
        var bytes = new ArrayBufferWriter<byte>();
        write(new PrometheusText(bytes));
        return Encoding.UTF8.GetString(bytes.WrittenSpan);
    }
}
