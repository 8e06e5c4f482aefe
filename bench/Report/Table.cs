using System.Text;

namespace NotifyGateway.Bench.Report;

/// <summary>The figures of a run, as a table that is both readable in a terminal and Markdown.</summary>
/// <param name="judged">Whether goals are held against the figures.</param>
internal sealed class Table(bool judged)
{
    private static readonly string[] Heads = ["figure", "gateway", "compared with", "ratio, median (min–max)", "goal", "", "note"];

    private readonly List<Figure> _figures = [];

    public bool AllGood => _figures.TrueForAll(figure => figure.IsGood);

    public void Add(Figure figure) => _figures.Add(judged ? figure : figure with { Goal = null });

    public override string ToString()
    {
        List<string[]> rows = [Heads, .. _figures.Select(Cells)];
        var widths = Enumerable.Range(0, Heads.Length).Select(column => rows.Max(row => row[column].Length)).ToArray();
        rows.Insert(1, [.. widths.Select(width => new string('-', width))]);
        var text = new StringBuilder();
        foreach (var row in rows)
        {
            text.Append("| ").AppendJoin(" | ", row.Select((cell, column) => cell.PadRight(widths[column]))).Append(" |\n");
        }

        return text.ToString();
    }

    private static string[] Cells(Figure figure) =>
        [figure.Name, figure.Gateway, figure.Rival, figure.Ratio, figure.Goal?.ToString() ?? "", figure.Verdict, figure.Note ?? ""];
}
