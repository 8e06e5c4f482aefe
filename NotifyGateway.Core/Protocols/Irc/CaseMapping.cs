namespace NotifyGateway.Core.Protocols.Irc;

/// <summary>How a server folds names (ISUPPORT <c>CASEMAPPING</c>).</summary>
public enum CaseMapping { Rfc1459, Rfc1459Strict, Ascii }

/// <summary>Folds names to compare them as the server does.</summary>
public static class CaseMappings
{
    /// <summary>The mapping of a <c>CASEMAPPING</c> value; rfc1459, the default of RFC 1459 section 2.2, for one that is not known.</summary>
    public static CaseMapping Parse(string? value) => value?.ToLowerInvariant() switch
    {
        "ascii" or "rfc7613" or "precis" => CaseMapping.Ascii,
        "strict-rfc1459" or "rfc1459-strict" => CaseMapping.Rfc1459Strict,
        _ => CaseMapping.Rfc1459,
    };

    /// <summary>The name in the form in which equal names are the same string.</summary>
    public static string Fold(this CaseMapping mapping, string name) => string.Create(name.Length, (mapping, name), static (folded, state) =>
    {
        for (var i = 0; i < folded.Length; i++)
        {
            folded[i] = Fold(state.mapping, state.name[i]);
        }
    });

    /// <summary>Whether the server takes both for the same.</summary>
    public static bool Same(this CaseMapping mapping, string left, string right)
    {
        if (left.Length != right.Length)
        {
            return false;
        }

        for (var i = 0; i < left.Length; i++)
        {
            if (Fold(mapping, left[i]) != Fold(mapping, right[i]))
            {
                return false;
            }
        }

        return true;
    }

    private static char Fold(CaseMapping mapping, char c) => c switch
    {
        >= 'A' and <= 'Z' => (char)(c + 32),
        '[' or ']' or '\\' when mapping != CaseMapping.Ascii => (char)(c + 32),
        '^' when mapping == CaseMapping.Rfc1459 => '~',
        _ => c,
    };
}
