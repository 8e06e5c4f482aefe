namespace NotifyGateway.Core.Templates;

/// <summary>
/// Reads a template before the engine does, and says what is wrong with it by its line: names that nobody knows would else be found when the first message comes,
/// and some mistakes the engine takes for something else.
/// </summary>
internal sealed class TemplateCheck
{
    /// <summary>The longest template, in characters.</summary>
    public const int MaxLength = 32 * 1024;

    /// <summary>How deep blocks may stand in blocks, and brackets in brackets: the engine compiles by recursion.</summary>
    private const int MaxDepth = 32;

    /// <summary>The blocks that take an argument.</summary>
    private static readonly string[] Blocks = ["if", "unless", "each", "with"];

    private readonly Func<string, bool> _isPartial;
    private readonly Stack<(TemplateTag Tag, string Name, bool HasElse)> _open = new();
    private int _words;

    private TemplateCheck(Func<string, bool> isPartial) => _isPartial = isPartial;

    /// <param name="text">The template.</param>
    /// <param name="isPartial">Whether there is a template of that name.</param>
    /// <returns>What is wrong first, with its line; null: nothing.</returns>
    public static string? Wrong(string text, Func<string, bool> isPartial)
    {
        if (text.Length > MaxLength)
        {
            return $"a template has at most {MaxLength} characters";
        }

        var check = new TemplateCheck(isPartial);
        var tags = TemplateTags.Read(text, out var unread);
        return tags.Select(tag => check.Wrong(tag) is { } wrong ? $"line {tag.Line}: {wrong}" : null).FirstOrDefault(w => w is not null)
            ?? unread ?? check.Unclosed();
    }

    private string? Unclosed() => _open.TryPeek(out var block) ? $"line {block.Tag.Line}: {{{{#{block.Name}}}}} has no {{{{/{block.Name}}}}}" : null;

    private string? Wrong(TemplateTag tag) => tag.Kind switch
    {
        TagKind.Foreign => "inline partials, partial blocks, decorators, raw blocks, {{&…}} and {{^}} are not known here; there are {{x}}, {{#x}}, {{else}} and {{> name}}",
        TagKind.Open or TagKind.Inverse => Open(tag),
        TagKind.Close => Close(tag),
        TagKind.Else => Else(tag),
        TagKind.Partial => Partial(tag.Words),
        _ => Call(tag.Words),
    };

    private string? Open(TemplateTag tag)
    {
        if (_open.Count == MaxDepth)
        {
            return $"blocks stand in blocks more than {MaxDepth} deep";
        }

        _open.Push((tag, tag.Words[0], false));
        return Block(tag.Words);
    }

    private string? Close(TemplateTag tag)
    {
        if (!_open.TryPop(out var block))
        {
            return $"{{{{/{tag.Words[0]}}}}} closes nothing";
        }

        return string.Equals(block.Name, tag.Words[0], StringComparison.Ordinal) ? null : $"{{{{/{tag.Words[0]}}}}} stands where {{{{/{block.Name}}}}} should, of the block in line {block.Tag.Line}";
    }

    private string? Else(TemplateTag tag)
    {
        if (!_open.TryPop(out var block))
        {
            return "{{else}} stands outside of any block";
        }

        _open.Push(block with { HasElse = tag.Words.Count == 0 });
        return block.HasElse ? "{{else}} stands behind another {{else}}" : tag.Words.Count == 0 ? null : Block(tag.Words);
    }

    /// <summary>What stands in <c>{{#…}}</c>: one of the blocks with its argument, or a path alone.</summary>
    private string? Block(IReadOnlyList<string> words)
    {
        var end = words.Count >= 2 && words[^1].StartsWith('|') && words[^2] is "as" ? words.Count - 2 : words.Count;
        if (!Blocks.Contains(words[0], StringComparer.Ordinal))
        {
            return end == 1 && !TemplateHelpers.All.ContainsKey(words[0]) ? null : $"there is no block {words[0]}; there are {string.Join(", ", Blocks)}";
        }

        _words = 1;
        var count = 0;
        while (_words < end)
        {
            if (Argument(words, end, 0) is { } wrong)
            {
                return wrong;
            }

            count++;
        }

        return count == 1 ? null : $"{words[0]} takes one argument";
    }

    /// <summary><c>{{> name}}</c>, <c>{{> name value}}</c> or <c>{{> name key=value}}</c>.</summary>
    private string? Partial(IReadOnlyList<string> words)
    {
        if (!_isPartial(words[0].Trim('"', '\'')))
        {
            return $"there is no template of the name {words[0]}";
        }

        _words = 1;
        while (_words < words.Count)
        {
            _words += words[_words].EndsWith('=') ? 1 : 0;
            if (Argument(words, words.Count, 0) is { } wrong)
            {
                return wrong;
            }
        }

        return null;
    }

    private string? Call(IReadOnlyList<string> words)
    {
        _words = 0;
        return Call(words, words.Count, 0) ?? (_words == words.Count ? null : $"{words[_words]} stands where nothing should");
    }

    /// <summary>A name with its arguments, up to the end or a closing bracket.</summary>
    private string? Call(IReadOnlyList<string> words, int end, int depth)
    {
        if (_words == end || words[_words] is "(" or ")")
        {
            return "a name is missing";
        }

        var name = words[_words++];
        var count = 0;
        for (; _words < end && words[_words] is not ")"; count++)
        {
            if (Argument(words, end, depth) is { } wrong)
            {
                return wrong;
            }
        }

        return count == 0 && depth == 0 ? null : WrongCount(name, count);
    }

    private static string? WrongCount(string name, int count)
    {
        if (!TemplateHelpers.All.TryGetValue(name, out var helper))
        {
            return Blocks.Contains(name, StringComparer.Ordinal) ? $"{name} is a block: {{{{#{name} …}}}}"
                : NearestName.To(name, TemplateHelpers.All.Keys) is { } nearest ? $"there is no helper {name}; did you mean {nearest}?"
                : $"there is no helper {name}";
        }

        return count >= helper.Least && count <= helper.Most ? null
            : $"{name} takes {(helper.Least == helper.Most ? $"{helper.Least}" : $"{helper.Least} to {helper.Most}")} argument{(helper.Most == 1 ? "" : "s")}, not {count}";
    }

    private string? Argument(IReadOnlyList<string> words, int end, int depth)
    {
        if (_words == end)
        {
            return "a value is missing";
        }

        var word = words[_words++];
        if (word.EndsWith('='))
        {
            return $"{word}… is known with partials only";
        }

        if (word[0] == '|' || word is ")" || (word[0] is '"' or '\'' && (word.Length == 1 || word[^1] != word[0])))
        {
            return $"{word} stands where nothing should";
        }

        if (word is not "(")
        {
            return null;
        }

        return depth == MaxDepth ? $"brackets stand in brackets more than {MaxDepth} deep"
            : Call(words, end, depth + 1) ?? (_words < end && words[_words++] is ")" ? null : "( has no )");
    }
}
