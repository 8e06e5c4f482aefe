using System.Text;
using Microsoft.Extensions.Primitives;

namespace NotifyGateway.Api.Http;

/// <summary>A secret that a request carries, and the client's name if it gives one. Never logged, never echoed.</summary>
/// <param name="Client">Null or empty: whoever the secret belongs to.</param>
/// <param name="Secret">Null when only a name was given.</param>
internal readonly record struct Credentials(string? Client, string? Secret)
{
    /// <summary>Whether the request claims to be somebody.</summary>
    public bool AreGiven => Secret is not null || !string.IsNullOrEmpty(Client);

    /// <summary>So that an interpolated string or a log line shows nothing.</summary>
    public override string ToString() => AreGiven ? "credentials" : "no credentials";

    /// <summary>Reads <c>Authorization: Bearer</c>, <c>Authorization: Basic</c> or <c>X-Api-Key</c>.</summary>
    public static Credentials FromHeaders(IHeaderDictionary headers)
    {
        var authorization = headers.Authorization;
        if (authorization.Count > 0)
        {
            return FromAuthorization(authorization.ToString());
        }

        return headers.TryGetValue("X-Api-Key", out var key) ? new Credentials(null, key.ToString()) : default;
    }

    /// <summary>Reads <c>client</c> and <c>secret</c> of the query.</summary>
    public static Credentials FromQuery(IQueryCollection query) =>
        query.Count == 0 ? default : new Credentials(First(query["client"]), First(query["secret"]));

    private static string? First(StringValues values) => values.Count == 0 ? null : values[0] ?? "";

    private static Credentials FromAuthorization(string value)
    {
        var space = value.IndexOf(' ', StringComparison.Ordinal);
        var scheme = space < 0 ? value : value[..space];
        var rest = space < 0 ? "" : value[(space + 1)..].Trim();
        if (scheme.Equals("Bearer", StringComparison.OrdinalIgnoreCase))
        {
            return new Credentials(null, rest);
        }

        // Another scheme is a credential too, only not one of ours: an empty secret is nobody's.
        return scheme.Equals("Basic", StringComparison.OrdinalIgnoreCase) ? FromBasic(rest) : new Credentials(null, "");
    }

    private static Credentials FromBasic(string encoded)
    {
        var bytes = new byte[encoded.Length];
        if (!Convert.TryFromBase64String(encoded, bytes, out var length))
        {
            return new Credentials(null, "");
        }

        // RFC 7617: the user-id holds no colon, the password may.
        var pair = Encoding.UTF8.GetString(bytes, 0, length);
        var colon = pair.IndexOf(':', StringComparison.Ordinal);
        return colon < 0 ? new Credentials(pair, "") : new Credentials(pair[..colon], pair[(colon + 1)..]);
    }
}
