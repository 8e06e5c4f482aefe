using System.Text;

namespace NotifyGateway.Api.Cli.Import;

/// <summary>
/// A file of variables for a shell, as python-dotenv reads it: <c>export NAME="value"</c>, comments, both kinds of quotes (a value in quotes
/// may have several lines), <c>${NAME}</c> and <c>${NAME:-default}</c> for what the file has said before.
/// </summary>
internal sealed class EnvironmentFile
{
    private readonly string _text;
    private readonly Dictionary<string, string> _values = new(StringComparer.Ordinal);
    private readonly List<string> _faults = [];
    private int _at;
    private int _line = 1;

    private EnvironmentFile(string text) => _text = text.TrimStart('\uFEFF').Replace("\r\n", "\n", StringComparison.Ordinal);

    /// <summary>The last value of each variable.</summary>
    public IReadOnlyDictionary<string, string> Values => _values;

    /// <summary>Lines that are none, and references to nothing; without values.</summary>
    public IReadOnlyList<string> Faults => _faults;

    public static EnvironmentFile Parse(string text)
    {
        var file = new EnvironmentFile(text);
        while (file._at < file._text.Length)
        {
            file.ReadLine();
        }

        return file;
    }

    private void ReadLine()
    {
        var line = _line;
        var head = TakeWhile(c => c is not ('=' or '\n' or '#')).Trim();
        var name = head.StartsWith("export ", StringComparison.Ordinal) ? head["export ".Length..].Trim() : head;
        if (!Take('='))
        {
            SkipLine();
            if (name.Length > 0)
            {
                _faults.Add($"line {line}: is no NAME=value");
            }

            return;
        }

        TakeWhile(c => c is ' ' or '\t');
        var (value, expands) = ReadValue(line);
        SkipLine();
        if (name.Length == 0 || !name.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '.' or '-'))
        {
            _faults.Add($"line {line}: is no NAME=value");
            return;
        }

        _values[name] = expands ? Expand(name, value) : value;
    }

    private (string Value, bool Expands) ReadValue(int line)
    {
        if (_at < _text.Length && _text[_at] is '"' or '\'')
        {
            var quote = _text[_at++];
            var quoted = ReadQuoted(quote, line);
            return (quoted, quote == '"');
        }

        // Without quotes a comment begins behind a space.
        var value = TakeWhile(c => c != '\n');
        var comment = value.IndexOf(" #", StringComparison.Ordinal);
        return ((comment < 0 ? value : value[..comment]).Trim(), true);
    }

    private string ReadQuoted(char quote, int line)
    {
        var value = new StringBuilder();
        while (_at < _text.Length && _text[_at] != quote)
        {
            var c = _text[_at++];
            _line += c == '\n' ? 1 : 0;
            if (c == '\\' && _at < _text.Length && Unescape(quote, _text[_at]) is { } escaped)
            {
                _at++;
                value.Append(escaped);
            }
            else
            {
                value.Append(c);
            }
        }

        if (!Take(quote))
        {
            _faults.Add($"line {line}: the quote is not closed");
        }

        return value.ToString();
    }

    private static char? Unescape(char quote, char c) => (quote, c) switch
    {
        (_, '\\') => '\\',
        ('\'', '\'') => '\'',
        ('"', '"') => '"',
        ('"', 'n') => '\n',
        ('"', 't') => '\t',
        ('"', 'r') => '\r',
        _ => null,
    };

    private string Expand(string name, string value)
    {
        var expanded = new StringBuilder();
        while (value.IndexOf("${", StringComparison.Ordinal) is >= 0 and var start && value.IndexOf('}', start) is > 0 and var end)
        {
            var reference = value[(start + 2)..end].Split(":-", 2);
            if (!_values.TryGetValue(reference[0], out var known) && reference.Length == 1)
            {
                _faults.Add($"{name}: refers to {reference[0]}, which the file does not set before");
            }

            expanded.Append(value.AsSpan(0, start)).Append(known ?? reference.ElementAtOrDefault(1));
            value = value[(end + 1)..];
        }

        return expanded.Append(value).ToString();
    }

    private string TakeWhile(Func<char, bool> matches)
    {
        var start = _at;
        while (_at < _text.Length && matches(_text[_at]))
        {
            _at++;
        }

        return _text[start.._at];
    }

    private bool Take(char c)
    {
        var there = _at < _text.Length && _text[_at] == c;
        _at += there ? 1 : 0;
        return there;
    }

    private void SkipLine()
    {
        TakeWhile(c => c != '\n');
        Take('\n');
        _line++;
    }
}
