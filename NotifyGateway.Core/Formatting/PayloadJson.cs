using System.Globalization;
using System.Text;
using NotifyGateway.Core.Dialects;

namespace NotifyGateway.Core.Formatting;

/// <summary>
/// JSON for people, as Python's <c>json.dumps(value, indent=2)</c> writes it: indented by two spaces, names in their order, everything but
/// printable ASCII as <c>\uXXXX</c> in lower case.
/// </summary>
internal sealed class PayloadJson
{
    private const int Indent = 2;

    private readonly int _most;

    private PayloadJson(int most) => _most = most;

    /// <param name="value">What to write.</param>
    /// <param name="most">About how many characters are wanted: no further item is written behind them.</param>
    public static string Write(Payload value, int most = int.MaxValue)
    {
        var text = new StringBuilder();
        new PayloadJson(most).Write(value, 0, text);
        return text.ToString();
    }

    private void Write(Payload value, int indent, StringBuilder text)
    {
        switch (value)
        {
            case PayloadText { Text: var words }:
                WriteString(words, text);
                break;
            case PayloadWord { Word: var word }:
                text.Append(word);
                break;
            case PayloadList { Items: [] }:
                text.Append("[]");
                break;
            case PayloadObject { Entries: [] }:
                text.Append("{}");
                break;
            case PayloadList { Items: var items }:
                text.Append('[');
                foreach (var item in items.TakeWhile(_ => text.Length <= _most))
                {
                    NewLine(ReferenceEquals(item, items[0]), indent + Indent, text);
                    Write(item, indent + Indent, text);
                }

                text.Append('\n').Append(' ', indent).Append(']');
                break;
            case PayloadObject { Entries: var entries }:
                text.Append('{');
                foreach (var (name, item) in entries.TakeWhile(_ => text.Length <= _most))
                {
                    NewLine(ReferenceEquals(name, entries[0].Key), indent + Indent, text);
                    WriteString(name, text);
                    text.Append(": ");
                    Write(item, indent + Indent, text);
                }

                text.Append('\n').Append(' ', indent).Append('}');
                break;
        }
    }

    private static void NewLine(bool isFirst, int indent, StringBuilder text) => text.Append(isFirst ? "\n" : ",\n").Append(' ', indent);

    private static void WriteString(string words, StringBuilder text)
    {
        text.Append('"');
        foreach (var c in words)
        {
            text.Append(c switch
            {
                '"' => "\\\"",
                '\\' => "\\\\",
                '\n' => "\\n",
                '\r' => "\\r",
                '\t' => "\\t",
                '\b' => "\\b",
                '\f' => "\\f",
                >= ' ' and <= '~' => null,
                _ => "\\u" + ((int)c).ToString("x4", CultureInfo.InvariantCulture),
            });
            if (c is >= ' ' and <= '~' and not '"' and not '\\')
            {
                text.Append(c);
            }
        }

        text.Append('"');
    }
}
