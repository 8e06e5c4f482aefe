using System.Security.Cryptography;
using System.Text;

namespace NotifyGateway.Fuzz;

/// <summary>Inputs for which something does not hold, each in a file that says how to try it again. What fails at the same place is one finding.</summary>
internal sealed class Findings(string folder, string target)
{
    private const string Own = "NotifyGateway";
    private const string Here = "NotifyGateway.Fuzz";

    private readonly HashSet<string> _known = new(StringComparer.Ordinal);

    public int Count => _known.Count;

    /// <summary>What failures at the same place have in common.</summary>
    public static string Place(Exception failure)
    {
        var frames = (failure.StackTrace ?? "").Split('\n').Select(line => line.Trim()).Where(line => line.StartsWith("at " + Own, StringComparison.Ordinal) && !line.StartsWith("at " + Here, StringComparison.Ordinal));
        return $"{failure.GetType().Name} {string.Join(" < ", frames.Take(2).Select(line => line.Split(" in ")[0]))}";
    }

    public bool IsKnown(Exception failure) => _known.Contains(Place(failure));

    /// <returns>The file.</returns>
    public string Write(byte[] input, Exception failure)
    {
        _known.Add(Place(failure));
        return Write(input, failure.ToString());
    }

    /// <param name="input">As small as was found.</param>
    /// <param name="story">What has happened.</param>
    public string Write(byte[] input, string story)
    {
        Directory.CreateDirectory(folder);
        var path = Path.Combine(folder, $"{target}-{Convert.ToHexStringLower(SHA256.HashData(input))[..10]}.txt");
        var text = new StringBuilder().Append("# target: ").Append(target).Append("\n# try it again: bench/fuzz --repeat ").Append(path).Append('\n').Append(SeedFile.Escape(input)).Append('\n');
        foreach (var line in story.ReplaceLineEndings("\n").Split('\n'))
        {
            text.Append("# ").Append(line).Append('\n');
        }

        File.WriteAllText(path, text.ToString());
        return path;
    }
}
