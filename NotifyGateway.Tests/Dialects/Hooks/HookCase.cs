using System.Text;
using NotifyGateway.Core.Dialects.Hooks;
using NotifyGateway.Tests.Support;

namespace NotifyGateway.Tests.Dialects.Hooks;

/// <summary>
/// One recorded request and what it becomes, in one file <c>Cases/SENDER-WHAT.txt</c>: request headers, an empty line, the body; a line
/// <c>=== irc</c> and the lines as IRC shows them (codes written as <c>{b}</c>, <c>{i}</c>, <c>{s}</c>, <c>{c}</c>, <c>{o}</c> and <c>{k04}</c>); a line <c>=== xmpp</c> and the body that XMPP users get.
/// Silence is <c>(silent)</c>, a refusal <c>(InvalidPayload)</c> or <c>(NoText)</c>. Before the irc line may stand <c>=== facts</c> with <c>severity</c>, <c>repeat</c> and <c>channel</c>.
/// </summary>
internal sealed record HookCase(string Name, IReadOnlyDictionary<string, string> Headers, string Body, IReadOnlyDictionary<string, string> Sections)
{
    public static string Folder { get; } = Path.Combine(RepositoryFiles.Root, "NotifyGateway.Tests/Dialects/Hooks/Cases");

    public static HookCase Load(string name)
    {
        var parts = File.ReadAllText(Path.Combine(Folder, name + ".txt")).ReplaceLineEndings("\n").Split("\n=== ");
        var (head, body) = Cut(parts[0], "\n\n");
        var headers = head.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(l => Cut(l, ":")).ToDictionary(h => h.Before, h => h.After.Trim(), StringComparer.OrdinalIgnoreCase);
        return new HookCase(name, headers, body, parts[1..].Select(p => Cut(p, "\n")).ToDictionary(p => p.Before.Trim(), p => p.After.TrimEnd('\n'), StringComparer.Ordinal));
    }

    /// <summary>The request as a door would have filled it.</summary>
    public HookRequest Request => new()
    {
        Header = name => Headers.GetValueOrDefault(name),
        Query = _ => null,
        MediaType = MediaType,
        Text = Body,
        Body = Encoding.UTF8.GetBytes(Body),
        Form = MediaType == "application/x-www-form-urlencoded" ? Fields(Body) : null,
    };

    private string MediaType => Cut(Headers.GetValueOrDefault("Content-Type") ?? "", ";").Before.Trim().ToLowerInvariant();

    private static List<KeyValuePair<string, IReadOnlyList<string>>> Fields(string body)
    {
        var fields = System.Web.HttpUtility.ParseQueryString(body);
        return [.. fields.AllKeys.Select(k => KeyValuePair.Create(k ?? "", (IReadOnlyList<string>)(fields.GetValues(k) ?? [])))];
    }

    private static (string Before, string After) Cut(string text, string at)
    {
        var index = text.IndexOf(at, StringComparison.Ordinal);
        return index < 0 ? (text, "") : (text[..index], text[(index + at.Length)..]);
    }
}
