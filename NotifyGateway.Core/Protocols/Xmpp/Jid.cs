using System.Buffers;
using System.Globalization;
using System.Text;

namespace NotifyGateway.Core.Protocols.Xmpp;

/// <summary>
/// An XMPP address, <c>[local@]domain[/resource]</c> (RFC 7622), in its canonical form: equal addresses are equal values.
/// </summary>
/// <param name="Local">Lower case; null: a server's or a component's own address.</param>
/// <param name="Domain">Lower case, without a final dot; an IPv6 address in brackets.</param>
/// <param name="Resource">Case counts. In a room: the nick.</param>
public sealed record Jid(string? Local, string Domain, string? Resource)
{
    /// <summary>The longest part, in bytes (RFC 7622, section 3.1).</summary>
    private const int MaxPartBytes = 1023;

    /// <summary>What no local part holds (RFC 7622, section 3.3.1).</summary>
    private const string NotInLocal = "\"&'/:<>@ ";

    /// <summary>Without the resource.</summary>
    public Jid Bare => Resource is null ? this : this with { Resource = null };

    public override string ToString() => string.Concat(Local is null ? "" : Local + "@", Domain, Resource is null ? "" : "/" + Resource);

    /// <summary>Reads an address.</summary>
    /// <param name="fault">Why it is none, in words for a user; null when it is one.</param>
    /// <returns>Null when it is none.</returns>
    public static Jid? Parse(string text, out string? fault)
    {
        // The first slash begins the resource, which may hold further ones and @; only then does the first @ count.
        var slash = text.IndexOf('/', StringComparison.Ordinal);
        var bare = slash < 0 ? text : text[..slash];
        var at = bare.IndexOf('@', StringComparison.Ordinal);
        var local = at < 0 ? null : Lower(bare[..at]);
        var domain = Lower(bare[(at + 1)..]).TrimEnd('.');
        var resource = slash < 0 ? null : Composed(text[(slash + 1)..]);
        fault = !IsWellFormed(text) ? "an address holds no lone surrogates and no non-characters"
            : LocalFault(local) ?? DomainFault(domain) ?? ResourceFault(resource);
        return fault is null ? new Jid(local, domain, resource) : null;
    }

    private static string? LocalFault(string? local) => local switch
    {
        null => null,
        "" => "nothing stands before the @",
        _ when local.Any(c => NotInLocal.Contains(c, StringComparison.Ordinal) || char.IsControl(c) || char.IsWhiteSpace(c)) =>
            "the part before the @ holds no space, control character or any of \" & ' / : < >",
        _ => TooLong(local, "the part before the @"),
    };

    private static string? DomainFault(string domain) =>
        domain.Length == 0 ? "it names no domain"
        : domain.Contains('@', StringComparison.Ordinal) ? "only one @ may stand before the domain"
        : Uri.CheckHostName(domain.Trim('[', ']')) == UriHostNameType.Unknown ? "the domain is no host name"
        : TooLong(domain, "the domain");

    private static string? ResourceFault(string? resource) => resource switch
    {
        null => null,
        "" => "nothing stands behind the slash",
        _ when resource.Any(char.IsControl) => "the part behind the slash holds no control character",
        _ => TooLong(resource, "the part behind the slash"),
    };

    private static string? TooLong(string part, string what) => Encoding.UTF8.GetByteCount(part) <= MaxPartBytes ? null
        : string.Create(CultureInfo.InvariantCulture, $"{what} is longer than {MaxPartBytes} bytes");

    // The profiles of RFC 8265 as far as .NET has them: width, case and composition are mapped; what Unicode has not assigned is not refused.
    private static string Lower(string text) => IsWellFormed(text) ? text.Normalize(NormalizationForm.FormKC).ToLowerInvariant().Normalize(NormalizationForm.FormC) : text;

    private static string Composed(string text) => IsWellFormed(text) ? text.Normalize(NormalizationForm.FormC) : text;

    private static bool IsWellFormed(string text)
    {
        var rest = text.AsSpan();
        while (Rune.DecodeFromUtf16(rest, out var rune, out var length) == OperationStatus.Done && (rune.Value & 0xFFFE) != 0xFFFE)
        {
            rest = rest[length..];
        }

        return rest.IsEmpty;
    }
}
