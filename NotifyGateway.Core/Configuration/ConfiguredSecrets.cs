using System.Collections;
using System.Reflection;
using System.Text.RegularExpressions;

namespace NotifyGateway.Core.Configuration;

/// <summary>Every secret of a configuration, so that what comes from outside can be shown without them.</summary>
internal static partial class ConfiguredSecrets
{
    private static readonly string[] Kinds = ["Secret", "Password", "Token"];

    /// <summary>
    /// Secrets and passwords wherever they stand, the keys of channels, the headers of OTLP, what proxies are logged in with; and of each program the variables that are named like a
    /// secret, and of its arguments what looks like one. Found by name, so that a new key is not forgotten.
    /// </summary>
    public static IReadOnlyCollection<string> Of(GatewayOptions options)
    {
        var found = new HashSet<string>(StringComparer.Ordinal);
        Walk(options, found);
        found.UnionWith(options.Otlp.Headers.Values);
        foreach (var program in options.Programs.Values)
        {
            found.UnionWith(program.Environment.Where(v => NamedLikeASecret().IsMatch(v.Key)).Select(v => v.Value));
            found.UnionWith(InArguments(program.Command));
        }

        found.RemoveWhere(string.IsNullOrWhiteSpace);
        return found;
    }

    private static void Walk(object? value, HashSet<string> found)
    {
        switch (value)
        {
            case IDictionary named:
                foreach (var item in named.Values)
                {
                    Walk(item, found);
                }

                break;
            case IEnumerable list and not string:
                foreach (var item in list)
                {
                    Walk(item, found);
                }

                break;
            case Uri { UserInfo: { Length: > 0 } user }:
                found.UnionWith(user.Split(':', 2).Skip(1).SelectMany(password => new[] { password, Uri.UnescapeDataString(password) }));
                break;
            case not null when value.GetType() is { IsEnum: false } type && string.Equals(type.Namespace, typeof(GatewayOptions).Namespace, StringComparison.Ordinal):
                foreach (var property in type.GetProperties(BindingFlags.Public | BindingFlags.Instance).Where(p => p.CanWrite))
                {
                    Look(value, property, found);
                }

                break;
        }
    }

    private static void Look(object owner, PropertyInfo property, HashSet<string> found)
    {
        var value = property.GetValue(owner);
        if (value is not string text)
        {
            Walk(value, found);
        }
        else if (Array.Exists(Kinds, k => property.Name.EndsWith(k, StringComparison.Ordinal)) || (owner is IrcChannelOptions && property.Name is nameof(IrcChannelOptions.Key)))
        {
            found.Add(text);
        }
    }

    /// <summary>What follows a name like a secret's, in one argument (<c>--password=X</c>, <c>Authorization: X</c>) or in the next one, and what follows the colon of <c>user:password</c>.</summary>
    private static IEnumerable<string> InArguments(IReadOnlyList<string> command)
    {
        for (var i = 1; i < command.Count; i++)
        {
            // host:25 has the same form.
            if (Login().Match(command[i]) is { Success: true } login && !login.Groups["password"].Value.All(char.IsAsciiDigit))
            {
                yield return login.Groups["password"].Value;
            }

            if (Setting().Match(command[i]) is { Success: true } setting)
            {
                yield return setting.Groups["value"].Value;
                yield return setting.Groups["value"].Value.Split(' ')[^1];
            }

            if (command[i - 1] is ['-', ..] option && NamedLikeASecret().IsMatch(option) && !option.Contains('=', StringComparison.Ordinal) && i > 1)
            {
                yield return command[i];
            }
        }
    }

    [GeneratedRegex("SECRET|TOKEN|KEY|PASS|PWD|AUTH|CREDENTIAL", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex NamedLikeASecret();

    [GeneratedRegex(@"^[^\s:/=@]+:(?<password>[^\s/][^\s]*)$", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Login();

    [GeneratedRegex(@"^[^\s=:]*(SECRET|TOKEN|KEY|PASS|PWD|AUTH|CREDENTIAL)[^\s=:]*[=:]\s*(?<value>.+)$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Setting();
}
