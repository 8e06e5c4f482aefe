using System.Buffers;
using System.Globalization;
using System.Text;

namespace NotifyGateway.Api.Metrics;

/// <summary>Writes Prometheus' text format, version 0.0.4: for each metric its HELP, its TYPE and its samples.</summary>
internal sealed class PrometheusText(IBufferWriter<byte> output)
{
    public const string ContentType = "text/plain; version=0.0.4; charset=utf-8";

    /// <summary>What a metric is, before its samples.</summary>
    /// <param name="type"><c>counter</c>, <c>gauge</c> or <c>histogram</c>.</param>
    public void Head(string name, string help, string type)
    {
        Text("# HELP ");
        Text(name);
        Text(" ");
        Escaped(help, quotes: false);
        Text("\n# TYPE ");
        Text(name);
        Text(" ");
        Text(type);
        Text("\n");
    }

    /// <summary>One sample. A label without a name is none.</summary>
    public void Sample(string name, Label first, Label second, double value)
    {
        Text(name);
        if (first.Name is not null)
        {
            Text("{");
            Write(first);
            if (second.Name is not null)
            {
                Text(",");
                Write(second);
            }

            Text("}");
        }

        Text(" ");
        Text(Number(value));
        Text("\n");
    }

    /// <summary>As the format has it: the shortest form that is read as the same number, and <c>+Inf</c>, <c>-Inf</c>, <c>NaN</c>.</summary>
    public static string Number(double value) =>
        double.IsPositiveInfinity(value) ? "+Inf" : double.IsNegativeInfinity(value) ? "-Inf" : value.ToString("R", CultureInfo.InvariantCulture);

    private void Write(Label label)
    {
        Text(label.Name!);
        Text("=\"");
        Escaped(label.Value, quotes: true);
        Text("\"");
    }

    private void Escaped(string text, bool quotes)
    {
        if (text.AsSpan().IndexOfAny('\\', '\n', '"') < 0)
        {
            Text(text);
            return;
        }

        var escaped = text.Replace("\\", @"\\", StringComparison.Ordinal).Replace("\n", @"\n", StringComparison.Ordinal);
        Text(quotes ? escaped.Replace("\"", "\\\"", StringComparison.Ordinal) : escaped);
    }

    private void Text(string text) => Encoding.UTF8.GetBytes(text, output);
}

/// <summary>A label of a sample; <c>default</c> is none.</summary>
internal readonly record struct Label(string? Name, string Value);
