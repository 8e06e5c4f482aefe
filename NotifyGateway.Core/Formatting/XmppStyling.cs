using System.Text;

namespace NotifyGateway.Core.Formatting;

/// <summary>
/// Format codes as the directives of XEP-0393: <c>*bold*</c>, <c>_italic_</c>, <c>~strike~</c>, <c>`code`</c>, and blocks of code between lines of three backticks. Where a directive would
/// not be read as it is meant, there is none and the text stands alone.
/// </summary>
internal static class XmppStyling
{
    private const string Fence = "```";

    /// <summary>Writes a text of which lines end with <c>\n</c>. Colours, underline and reverse have no directive and are left out.</summary>
    public static string Write(string text)
    {
        if (!text.AsSpan().ContainsAny(IrcFormat.Codes))
        {
            return text;
        }

        var lines = text.Split('\n');
        var styled = new StringBuilder(text.Length + 16);
        var isQuoted = false;
        var noBlockBefore = 0;
        for (var i = 0; i < lines.Length; i++)
        {
            var block = isQuoted || i < noBlockBefore ? 0 : BlockLength(lines, i, ref noBlockBefore);
            if (block > 1)
            {
                styled.Append(i > 0 ? "\n" : "").Append(Fence);
                foreach (var line in lines.AsSpan(i, block))
                {
                    styled.Append('\n').Append(RichText.WithoutCodes(line));
                }

                styled.Append('\n').Append(Fence);
                i += block - 1;
                continue;
            }

            styled.Append(i > 0 ? "\n" : "");
            var plain = RichText.WithoutCodes(lines[i]);
            if (isQuoted || plain.StartsWith(Fence, StringComparison.Ordinal))
            {
                // The sender's own block: in it nothing is a directive but its end.
                isQuoted = !isQuoted || !plain.Equals(Fence, StringComparison.Ordinal);
                styled.Append(plain);
            }
            else
            {
                XmppLine.Append(styled, lines[i]);
            }
        }

        return styled.ToString();
    }

    /// <summary>How many lines from one on are a block of code (<see cref="RichText.AppendCode"/>). One that holds its own end cannot be shown as one.</summary>
    /// <param name="noBlockBefore">Behind the last such end: until there nobody need look again.</param>
    private static int BlockLength(string[] lines, int from, ref int noBlockBefore)
    {
        var end = from;
        for (; end < lines.Length && IsCode(lines[end]); end++)
        {
            if (lines[end].AsSpan(1, lines[end].Length - 2).SequenceEqual(Fence))
            {
                noBlockBefore = end + 1;
            }
        }

        return noBlockBefore > from ? 0 : end - from;
    }

    private static bool IsCode(string line) => line is [IrcFormat.Code, .. var inner, IrcFormat.Code] && !inner.AsSpan().ContainsAny(IrcFormat.Codes);
}
