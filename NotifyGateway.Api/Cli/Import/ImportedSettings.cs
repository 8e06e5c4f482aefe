using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace NotifyGateway.Api.Cli.Import;

/// <summary>What the imports have in common: how another system's values become settings of ours.</summary>
internal static class ImportedSettings
{
    /// <summary>Shorter secrets may be guessed; ours are not configured so, but senders that have one go on.</summary>
    public const int ShortestSecret = 8;

    /// <summary>In seconds. Less between two lines is nothing, and the lines of a second would be no number in the end.</summary>
    private const double LeastPause = 0.001;

    /// <summary>Sets a key, unless there is no value.</summary>
    public static void SetText(this JsonObject settings, string key, string? value)
    {
        if (!string.IsNullOrEmpty(value))
        {
            settings[key] = value;
        }
    }

    /// <summary>Sets a key to a whole number; what is none is noted under <paramref name="name"/>.</summary>
    public static void SetNumber(this JsonObject settings, string key, string? value, string name, ICollection<string> notes)
    {
        if (int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var number))
        {
            settings[key] = number;
        }
        else if (!string.IsNullOrEmpty(value))
        {
            notes.Add($"{name}: is no whole number");
        }
    }

    /// <summary>Sets a key to a time, given in seconds.</summary>
    public static void SetSeconds(this JsonObject settings, string key, string? value, string name, ICollection<string> notes)
    {
        if (Seconds(value) is { } seconds)
        {
            settings[key] = TimeSpan.FromSeconds(seconds).ToString("c", CultureInfo.InvariantCulture);
        }
        else if (!string.IsNullOrEmpty(value))
        {
            notes.Add($"{name}: is no number of seconds");
        }
    }

    /// <summary>Sets the pace of lines from the seconds between them; 0: as fast as the server takes them.</summary>
    public static void SetPace(this JsonObject settings, string? secondsBetween, string name, ICollection<string> notes)
    {
        if (Seconds(secondsBetween) is { } seconds)
        {
            settings["LinesPerSecond"] = seconds < LeastPause ? 0 : Math.Round(1 / seconds, 3);
        }
        else if (!string.IsNullOrEmpty(secondsBetween))
        {
            notes.Add($"{name}: is no number of seconds");
        }
    }

    /// <summary>Sets a secret, or its SHA-256 where ours must not look so; <paramref name="name"/> begins the note about one that is short.</summary>
    public static void SetSecret(this JsonObject settings, string key, string secret, string name, ICollection<string> notes)
    {
        if (secret.Length >= ShortestSecret && !secret.Any(c => char.IsWhiteSpace(c) || char.IsControl(c) || c == '/'))
        {
            settings[key] = secret;
            return;
        }

        settings[$"{key}Sha256"] = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(secret)));
        if (secret.Length < ShortestSecret)
        {
            notes.Add($"{name} is shorter than {ShortestSecret.ToString(CultureInfo.InvariantCulture)} characters and can be guessed. It still works; notify-gateway token prints a better one");
        }
    }

    /// <summary>The host as a name of a network: its second-level label, such as <c>libera</c> for <c>irc.libera.chat</c>; else the whole without what no name may hold.</summary>
    public static string NetworkName(string server)
    {
        var labels = server.Split('.');
        var name = labels.Length > 1 && !server.All(c => char.IsAsciiDigit(c) || c == '.') ? labels[^2] : server;
        return string.Concat(name.Select(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '.' ? c : '-'));
    }

    private static double? Seconds(string? value) =>
        double.TryParse(value, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var seconds) && seconds <= 86400 * 365 ? seconds : null;
}
