using System.Globalization;
using System.Text;

namespace NotifyGateway.Fuzz;

/// <summary>
/// Inputs in a text that people can read: one on each line, ASCII as it is, all else as <c>\n</c>, <c>\r</c>, <c>\t</c>, <c>\\</c> or <c>\xHH</c>. Lines with <c>#</c> at their start are
/// comments; an input that begins so begins with <c>\x23</c>.
/// </summary>
public static class SeedFile
{
    /// <summary>What stands below this line is written by the program, what stands above by people.</summary>
    private const string Grown = "# Grown: each reaches something that none before it does.";

    /// <summary>The inputs of a file; none where there is no such file.</summary>
    public static IReadOnlyList<byte[]> Read(string path) => File.Exists(path) ? [.. Inputs(File.ReadAllLines(path))] : [];

    /// <summary>The inputs that people have put there.</summary>
    public static IReadOnlyList<byte[]> ReadKept(string path) => File.Exists(path) ? [.. Inputs(Kept(path))] : [];

    /// <summary>Replaces what the program has written.</summary>
    public static void Write(string path, IEnumerable<byte[]> grown)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, string.Concat(Kept(path).Append(Grown).Concat(grown.Select(g => Escape(g))).Select(line => line + "\n")));
    }

    /// <summary>An input as one line.</summary>
    public static string Escape(ReadOnlySpan<byte> input)
    {
        var line = new StringBuilder();
        foreach (var b in input)
        {
            line.Append(b switch
            {
                (byte)'\n' => @"\n",
                (byte)'\r' => @"\r",
                (byte)'\t' => @"\t",
                (byte)'\\' => @"\\",
                (byte)'#' when line.Length == 0 => @"\x23",
                >= 0x20 and < 0x7F => ((char)b).ToString(),
                _ => string.Create(CultureInfo.InvariantCulture, $@"\x{b:x2}"),
            });
        }

        // What an editor would take away, and an input of nothing at all.
        return line.Length == 0 ? @"\e" : line[^1] == ' ' ? line.ToString(0, line.Length - 1) + @"\x20" : line.ToString();
    }

    /// <summary>Undoes <see cref="Escape"/>.</summary>
    /// <exception cref="FormatException">It is no such line.</exception>
    public static byte[] Unescape(string line)
    {
        var input = new List<byte>(line.Length);
        for (var i = 0; i < line.Length; i++)
        {
            if (line[i] != '\\')
            {
                input.Add((byte)line[i]);
                continue;
            }

            switch (++i < line.Length ? line[i] : '\0')
            {
                case 'e':
                    break;
                case 'n':
                    input.Add((byte)'\n');
                    break;
                case 'r':
                    input.Add((byte)'\r');
                    break;
                case 't':
                    input.Add((byte)'\t');
                    break;
                case '\\':
                    input.Add((byte)'\\');
                    break;
                case 'x' when i + 2 < line.Length && byte.TryParse(line.AsSpan(i + 1, 2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var b):
                    input.Add(b);
                    i += 2;
                    break;
                default:
                    throw new FormatException($"no escape at {i}: {line}");
            }
        }

        return [.. input];
    }

    private static IEnumerable<string> Kept(string path) =>
        File.Exists(path) ? File.ReadAllLines(path).TakeWhile(line => !string.Equals(line, Grown, StringComparison.Ordinal)) : [];

    private static IEnumerable<byte[]> Inputs(IEnumerable<string> lines) => lines.Where(line => line.Length > 0 && line[0] != '#').Select(Unescape);
}
