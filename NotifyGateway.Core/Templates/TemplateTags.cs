namespace NotifyGateway.Core.Templates;

/// <summary>What a tag of a template is, by its first character.</summary>
internal enum TagKind
{
    Value, Open, Close, Inverse, Else, Partial,

    /// <summary>What Handlebars has and these templates have not.</summary>
    Foreign,
}

/// <summary>One <c>{{…}}</c>.</summary>
/// <param name="Words">Names, quoted texts with their quotes, brackets, and <c>name=</c>; without the character that says the kind.</param>
/// <param name="Line">Counted from 1.</param>
internal sealed record TemplateTag(TagKind Kind, IReadOnlyList<string> Words, int Line);

/// <summary>Cuts a template into its tags. Texts between them and comments are left out.</summary>
internal sealed class TemplateTags
{
    private readonly string _text;
    private int _at;

    private TemplateTags(string text) => _text = text;

    /// <param name="fault">What is wrong with the last tag, with its line.</param>
    public static IReadOnlyList<TemplateTag> Read(string text, out string? fault)
    {
        var reader = new TemplateTags(text);
        var tags = new List<TemplateTag>();
        fault = null;
        while (fault is null && reader.Next(out fault) is { } tag)
        {
            if (fault is null && (tag.Words.Count > 0 || tag.Kind is not TagKind.Value))
            {
                tags.Add(tag);
            }
        }

        return tags;
    }

    /// <summary>The next tag; null at the end. A comment is a value of no words.</summary>
    private TemplateTag? Next(out string? fault)
    {
        fault = null;
        var open = _text.IndexOf("{{", _at, StringComparison.Ordinal);
        if (open < 0)
        {
            return null;
        }

        var line = Line(open);
        _at = open + 2;
        Skip('~');
        if (_text.AsSpan(_at).StartsWith("!"))
        {
            fault = SkipTo(_text.AsSpan(_at).StartsWith("!--") ? "--}}" : "}}") ? null : $"line {line}: a comment begins and does not end";
            return new(TagKind.Value, [], line);
        }

        var isTriple = Skip('{');
        var (kind, words) = Words();
        Skip('~');
        var closed = _text.AsSpan(_at).StartsWith(isTriple ? "}}}" : "}}");
        fault = words.Contains("~", StringComparer.Ordinal) ? $"line {line}: ~ stands elsewhere than at the brackets"
            : words.Find(HasEmptyPart) is { } path ? $"line {line}: the path {path} has a part that is empty"
            : closed ? words.Count == 0 && kind is not (TagKind.Foreign or TagKind.Else) ? $"line {line}: {{{{}}}} says nothing" : null
            : $"line {line}: {{{{ begins and does not end";
        _at += closed ? isTriple ? 3 : 2 : 0;
        return new(kind, words, line);
    }

    /// <summary>Before, between or behind slashes; <c>../</c> is a whole path. The engine reads such a path, and throws when it goes there; brackets are nothing special to it then.</summary>
    private static bool HasEmptyPart(string word) =>
        word[0] is not ('"' or '\'') && (word[0] == '/' || word.StartsWith("@/", StringComparison.Ordinal) || word.Contains("//", StringComparison.Ordinal) || (word[^1] == '/' && word.AsSpan().ContainsAnyExcept('.', '/')));

    private (TagKind Kind, List<string> Words) Words()
    {
        var kind = _at < _text.Length ? _text[_at] switch
        {
            '#' => TagKind.Open,
            '/' => TagKind.Close,
            '^' => TagKind.Inverse,
            '>' => TagKind.Partial,
            '*' or '&' or '{' => TagKind.Foreign,
            _ => TagKind.Value,
        } : TagKind.Value;
        _at += kind == TagKind.Value ? 0 : 1;
        if (kind == TagKind.Open && (Skip('>') || Skip('*')))
        {
            kind = TagKind.Foreign;
        }

        var words = new List<string>();
        while (Word() is { } word)
        {
            words.Add(word);
        }

        if (kind == TagKind.Value && words is ["else", ..])
        {
            return (TagKind.Else, words[1..]);
        }

        return (kind == TagKind.Inverse && words.Count == 0 ? TagKind.Foreign : kind, words);
    }

    /// <summary>The next word of a tag, of one character at least; null at its end.</summary>
    private string? Word()
    {
        while (_at < _text.Length && char.IsWhiteSpace(_text[_at]))
        {
            _at++;
        }

        if (_at == _text.Length || _text[_at] is '}' || _text.AsSpan(_at).StartsWith("~}"))
        {
            return null;
        }

        var start = _at;
        _at = _text[start] switch
        {
            '(' or ')' or '~' => start + 1,
            '"' or '\'' => Behind(_text[start], start),
            '|' => Behind('|', start),
            _ => EndOfName(start),
        };
        return _text[start.._at];
    }

    private int EndOfName(int at)
    {
        while (at < _text.Length && _text[at] is not ('(' or ')' or '"' or '\'' or '|' or '}' or '~') && !char.IsWhiteSpace(_text[at]))
        {
            if (_text[at] == '=')
            {
                return at + 1;
            }

            // Within these a name may hold anything.
            at = _text[at] == '[' ? Behind(']', at) : at + 1;
        }

        return at;
    }

    /// <summary>Behind the next such character; the end of the text if there is none.</summary>
    private int Behind(char end, int at)
    {
        var found = _text.IndexOf(end, at + 1);
        while (found > 0 && end is '"' or '\'' && _text[found - 1] == '\\')
        {
            found = _text.IndexOf(end, found + 1);
        }

        return found < 0 ? _text.Length : found + 1;
    }

    private bool Skip(char c)
    {
        var skipped = _at < _text.Length && _text[_at] == c;
        _at += skipped ? 1 : 0;
        return skipped;
    }

    private bool SkipTo(string end)
    {
        var found = _text.IndexOf(end, _at, StringComparison.Ordinal);
        _at = found < 0 ? _at : found + end.Length;
        return found >= 0;
    }

    private int Line(int at) => 1 + _text.AsSpan(0, at).Count('\n');
}
