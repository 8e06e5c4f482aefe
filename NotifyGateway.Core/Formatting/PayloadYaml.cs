using System.Text;
using NotifyGateway.Core.Dialects;

namespace NotifyGateway.Core.Formatting;

/// <summary>
/// YAML for people, as PyYAML's <c>dump(value, indent=2, allow_unicode=True)</c> writes it, to the byte: block style, names sorted by code
/// point, long texts folded at 80 columns. Numbers alone stay as the sender wrote them.
/// </summary>
internal sealed class PayloadYaml
{
    private const int Indent = 2;

    /// <summary>A name of more characters, or one of no character or several lines, stands behind a question mark.</summary>
    private const int LongestSimpleName = 122;

    private readonly YamlLines _lines = new();
    private readonly int _most;
    private int _indent = -1;

    private PayloadYaml(int most) => _most = most;

    /// <param name="value">What to write.</param>
    /// <param name="most">About how many characters are wanted: no further item is written behind them.</param>
    public static string Write(Payload value, int most = int.MaxValue)
    {
        var yaml = new PayloadYaml(most);
        var isOpen = yaml.Node(value, isMapped: false);
        return yaml._lines.Finish(isOpen ? "\n...\n" : "\n");
    }

    /// <param name="isMapped">Whether it is the value of a name.</param>
    /// <returns>Whether it ended with a text or word without quotes.</returns>
    private bool Node(Payload value, bool isMapped)
    {
        switch (value)
        {
            case PayloadText { Text: var words }:
                return Scalar(words, mayFold: true);
            case PayloadWord { Word: var word }:
                return Nested(() => _lines.Plain([.. Readable(word)], _indent, mayFold: false));
            case PayloadList { Items: [] }:
                _lines.Indicator("[]", needsSpace: true);
                return false;
            case PayloadObject { Entries: [] }:
                _lines.Indicator("{}", needsSpace: true);
                return false;
            case PayloadList { Items: var items }:
                List(items, isMapped && !_lines.IsIndention);
                return false;
            default:
                Map(((PayloadObject)value).Entries);
                return false;
        }
    }

    private void List(IReadOnlyList<Payload> items, bool isIndentless)
    {
        var outer = _indent;
        _indent = outer < 0 ? 0 : isIndentless ? outer : outer + Indent;
        foreach (var item in items.TakeWhile(_ => _lines.Length <= _most))
        {
            _lines.Begin(_indent);
            _lines.Indicator("-", needsSpace: true, indention: true);
            Node(item, isMapped: false);
        }

        _indent = outer;
    }

    private void Map(IReadOnlyList<KeyValuePair<string, Payload>> entries)
    {
        var outer = _indent;
        _indent = outer < 0 ? 0 : outer + Indent;
        foreach (var (name, value) in entries.OrderBy(e => e.Key, CodePoints.Instance).TakeWhile(_ => _lines.Length <= _most))
        {
            _lines.Begin(_indent);
            if (name.Length > 0 && name.EnumerateRunes().Count() <= LongestSimpleName && !name.EnumerateRunes().Any(r => YamlScalar.IsBreak(r.Value)))
            {
                Scalar(name, mayFold: false);
                _lines.Indicator(":", needsSpace: false);
            }
            else
            {
                _lines.Indicator("?", needsSpace: true, indention: true);
                Scalar(name, mayFold: true);
                _lines.Begin(_indent);
                _lines.Indicator(":", needsSpace: true, indention: true);
            }

            Node(value, isMapped: true);
        }

        _indent = outer;
    }

    private bool Scalar(string words, bool mayFold)
    {
        int[] text = [.. words.EnumerateRunes().Select(r => r.Value)];
        var form = YamlScalar.Of(text, words);
        return Nested(() =>
        {
            if (form.Plain)
            {
                _lines.Plain(text, _indent, mayFold);
            }
            else if (form.SingleQuoted)
            {
                _lines.SingleQuoted(text, _indent, mayFold);
            }
            else
            {
                _lines.DoubleQuoted(text, _indent, mayFold);
            }
        }) && form.Plain;
    }

    /// <summary>A scalar's further lines are indented more than what it stands in.</summary>
    private bool Nested(Action write)
    {
        var outer = _indent;
        _indent = Math.Max(outer, 0) + Indent;
        write();
        _indent = outer;
        return true;
    }

    /// <summary>A number with an exponent needs a point and the exponent's sign to be one in YAML 1.1.</summary>
    private static IEnumerable<int> Readable(string word)
    {
        var exponent = word[0] is '-' or (>= '0' and <= '9') ? word.AsSpan().IndexOfAny('e', 'E') : -1;
        if (exponent >= 0)
        {
            var point = word.AsSpan(0, exponent).Contains('.') ? "" : ".0";
            var sign = word[exponent + 1] is '+' or '-' ? "" : "+";
            word = $"{word[..exponent]}{point}{word[exponent]}{sign}{word[(exponent + 1)..]}";
        }

        return word.Select(c => (int)c);
    }

    /// <summary>UTF-8 sorts as its code points do; UTF-16 does not.</summary>
    private sealed class CodePoints : IComparer<string>
    {
        public static readonly CodePoints Instance = new();

        public int Compare(string? x, string? y) => Encoding.UTF8.GetBytes(x!).AsSpan().SequenceCompareTo(Encoding.UTF8.GetBytes(y!));
    }
}
