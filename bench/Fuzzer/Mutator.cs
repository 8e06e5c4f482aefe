using System.Globalization;
using System.Text;

namespace NotifyGateway.Fuzz;

/// <summary>Makes new inputs of those that are known: by bits and bytes, by pieces, by lines, and by the words and brackets that formats are made of.</summary>
/// <param name="words">What stands in the format, or in the code that reads it.</param>
/// <param name="maxLength">In bytes.</param>
internal sealed class Mutator(Random random, IReadOnlyList<byte[]> words, int maxLength)
{
    private const int MostSteps = 6;
    private const string Marks = " \t\r\n,;:=&<>{}[]()\"'/?@#|\\";

    private static readonly string[] Numbers =
        ["0", "-1", "1", "00", "127", "128", "255", "256", "512", "65535", "65536", "2147483647", "2147483648", "-2147483648", "4294967296", "9223372036854775807", "1e9", "1e999", "0.5", "NaN"];

    private static readonly byte[] Bytes = [0, 1, 7, 9, 10, 13, 31, 32, 34, 39, 60, 92, 127, 128, 0xC0, 0xED, 0xFE, 0xFF];

    private static readonly byte[][] Brackets = [.. new[] { "{}", "[]", "<>", "()", "\"\"", "''", "``", "**", "{{}}", "__" }.Select(Encoding.ASCII.GetBytes)];

    private static readonly byte[][] Oddities =
        [.. new[] { "\u0000", "\ufeff", "\ud83d\ude00", "\u00a0", "\u2028", "\u0130", "\u00df", "\ufffd", "\uffff", "e\u0301", "\u202e", "\r\n", "\\u0000", "\\ud83d", "%00", "%", "=?UTF-8?B?" }.Select(Encoding.UTF8.GetBytes), [0xED, 0xA0, 0x80], [0xC3], [0xF0, 0x9F]];

    /// <param name="input">What is changed.</param>
    /// <param name="other">Another one, for pieces.</param>
    public byte[] Mutate(byte[] input, byte[] other)
    {
        var changed = new List<byte>(input);
        for (var steps = 1 + random.Next(MostSteps); steps > 0; steps--)
        {
            Step(changed, other);
            if (changed.Count > maxLength)
            {
                changed.RemoveRange(maxLength, changed.Count - maxLength);
            }
        }

        return [.. changed];
    }

    private void Step(List<byte> input, byte[] other)
    {
        switch (random.Next(16))
        {
            case 0 when input.Count > 0:
                input[random.Next(input.Count)] ^= (byte)(1 << random.Next(8));
                break;
            case 1 when input.Count > 0:
                input[random.Next(input.Count)] = Bytes[random.Next(Bytes.Length)];
                break;
            case 2 when input.Count > 0:
                input[random.Next(input.Count)] = (byte)random.Next(256);
                break;
            case 3 when input.Count > 0:
                Remove(input, Range(input.Count));
                break;
            case 4 when input.Count > 0:
                Repeat(input, Range(input.Count));
                break;
            case 5 when other.Length > 0:
                var (at, length) = Range(other.Length);
                Put(input, other.AsSpan(at, length).ToArray());
                break;
            case 6 when other.Length > 0 && input.Count > 0:
                var cut = random.Next(input.Count);
                input.RemoveRange(cut, input.Count - cut);
                input.AddRange(other[random.Next(other.Length)..]);
                break;
            case 7 or 8 or 9 when words.Count > 0:
                Put(input, words[random.Next(words.Count)]);
                break;
            case 10:
                Number(input);
                break;
            case 11:
                Put(input, Oddities[random.Next(Oddities.Length)]);
                break;
            case 12:
                Wrap(input);
                break;
            case 13:
                Token(input, other);
                break;
            case 14:
                Line(input, other);
                break;
            default:
                Put(input, [(byte)Marks[random.Next(Marks.Length)]]);
                break;
        }
    }

    /// <summary>Short pieces more often than long ones.</summary>
    private (int At, int Length) Range(int count)
    {
        var at = random.Next(count);
        return (at, 1 + random.Next(Math.Min(count - at, 1 << random.Next(1, 10))));
    }

    private static void Remove(List<byte> input, (int At, int Length) range) => input.RemoveRange(range.At, range.Length);

    private void Repeat(List<byte> input, (int At, int Length) range)
    {
        var piece = input.GetRange(range.At, range.Length);
        for (var times = 1 + random.Next(1 << random.Next(1, 8)); times > 0 && input.Count < maxLength; times--)
        {
            input.InsertRange(range.At, piece);
        }
    }

    /// <summary>Between what stands there, or in its place.</summary>
    private void Put(List<byte> input, byte[] piece)
    {
        var at = random.Next(input.Count + 1);
        if (random.Next(2) == 0)
        {
            input.RemoveRange(at, Math.Min(piece.Length, input.Count - at));
        }

        input.InsertRange(at, piece);
    }

    private void Number(List<byte> input)
    {
        var number = random.Next(3) == 0 ? Encoding.ASCII.GetBytes(random.Next(1000).ToString(CultureInfo.InvariantCulture)) : Encoding.ASCII.GetBytes(Numbers[random.Next(Numbers.Length)]);
        var digit = Find(input, b => char.IsAsciiDigit((char)b));
        if (digit < 0)
        {
            Put(input, number);
            return;
        }

        var end = digit;
        while (end < input.Count && char.IsAsciiDigit((char)input[end]))
        {
            end++;
        }

        input.RemoveRange(digit, end - digit);
        input.InsertRange(digit, number);
    }

    private void Wrap(List<byte> input)
    {
        var brackets = Brackets[random.Next(Brackets.Length)];
        var half = brackets.Length / 2;
        var (at, length) = input.Count == 0 ? (0, 0) : Range(input.Count);
        for (var times = 1 + (random.Next(4) == 0 ? random.Next(100) : 0); times > 0; times--)
        {
            input.InsertRange(at + length, brackets[half..]);
            input.InsertRange(at, brackets[..half]);
        }
    }

    /// <summary>Puts one word of an input in the place of another.</summary>
    private void Token(List<byte> input, byte[] other)
    {
        var source = random.Next(2) == 0 ? other : [.. input];
        if (input.Count == 0 || source.Length == 0)
        {
            return;
        }

        var (at, length) = WordAt(input, random.Next(input.Count));
        var (from, count) = WordAt(source, random.Next(source.Length));
        input.RemoveRange(at, length);
        input.InsertRange(at, source[from..(from + count)]);
    }

    private static (int At, int Length) WordAt(IReadOnlyList<byte> input, int at)
    {
        var start = at;
        while (start > 0 && !IsMark(input[start - 1]))
        {
            start--;
        }

        var end = at;
        while (end < input.Count && !IsMark(input[end]))
        {
            end++;
        }

        return (start, end - start);
    }

    /// <summary>Takes a line away, doubles it, or brings one from elsewhere.</summary>
    private void Line(List<byte> input, byte[] other)
    {
        var (at, length) = LineAt(input, random.Next(input.Count + 1));
        switch (random.Next(3))
        {
            case 0:
                input.RemoveRange(at, length);
                break;
            case 1:
                input.InsertRange(at, input.GetRange(at, length));
                break;
            default:
                var (from, count) = LineAt(other, random.Next(other.Length + 1));
                input.InsertRange(at, other[from..(from + count)]);
                break;
        }
    }

    private static (int At, int Length) LineAt(IReadOnlyList<byte> input, int at)
    {
        var start = at;
        while (start > 0 && input[start - 1] != (byte)'\n')
        {
            start--;
        }

        while (at < input.Count && input[at] != (byte)'\n')
        {
            at++;
        }

        return (start, Math.Min(at + 1, input.Count) - start);
    }

    private int Find(List<byte> input, Predicate<byte> wanted)
    {
        if (input.Count == 0)
        {
            return -1;
        }

        var from = random.Next(input.Count);
        var found = input.FindIndex(from, wanted);
        return found >= 0 ? found : input.FindIndex(wanted);
    }

    private static bool IsMark(byte b) => Marks.Contains((char)b, StringComparison.Ordinal);
}
