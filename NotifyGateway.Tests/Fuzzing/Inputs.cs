using System.Buffers;
using System.Text;
using NotifyGateway.Fuzz;

namespace NotifyGateway.Tests.Fuzzing;

/// <summary>What targets have in common: inputs as bytes, cut, and what is said where something does not hold.</summary>
internal static class Inputs
{
    /// <summary>A secret that no text may repeat.</summary>
    public const string Secret = "hunter2xyz";

    public static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);

    public static IEnumerable<byte[]> All(params string[] texts) => texts.Select(Bytes);

    public static string Text(byte[] input) => Encoding.UTF8.GetString(input);

    /// <exception cref="FuzzException">It does not.</exception>
    public static void Holds(bool holds, string what)
    {
        if (!holds)
        {
            throw new FuzzException(what);
        }
    }

    public static void Same(string left, string right, string what)
    {
        if (!string.Equals(left, right, StringComparison.Ordinal))
        {
            throw new FuzzException($"{what}:\n{left}\n--- and ---\n{right}");
        }
    }

    /// <summary>The input in pieces whose lengths follow from the input itself, so that a finding comes again.</summary>
    public static List<byte[]> Cut(byte[] input)
    {
        var random = new Random(input.Length + (input.Length > 0 ? (input[0] * 31) + input[^1] : 0));
        var pieces = new List<byte[]>();
        for (var at = 0; at < input.Length;)
        {
            var length = Math.Min(input.Length - at, 1 + random.Next(1 << random.Next(6)));
            pieces.Add(input[at..(at + length)]);
            at += length;
        }

        return pieces;
    }

    /// <summary>The first line, and what is behind it.</summary>
    public static (string Head, byte[] Body) Headed(byte[] input)
    {
        var end = input.AsSpan().IndexOf((byte)'\n');
        return end < 0 ? (Text(input), []) : (Text(input[..end]), input[(end + 1)..]);
    }
}

/// <summary>Pieces as one sequence of several segments.</summary>
internal sealed class InputSegment : ReadOnlySequenceSegment<byte>
{
    public static ReadOnlySequence<byte> Join(IEnumerable<byte[]> pieces)
    {
        InputSegment first = new();
        var last = first;
        foreach (var piece in pieces)
        {
            var next = new InputSegment { Memory = piece, RunningIndex = last.RunningIndex + last.Memory.Length };
            last.Next = next;
            last = next;
        }

        return new ReadOnlySequence<byte>(first, 0, last, last.Memory.Length);
    }
}
