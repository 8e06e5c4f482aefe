using System.Buffers;
using System.Text;
using NotifyGateway.Api.Listeners;
using NotifyGateway.Api.Sandbox;
using NotifyGateway.Core.Configuration;
using NotifyGateway.Core.Dialects;
using NotifyGateway.Fuzz;
using NotifyGateway.Tests.Dialects;
using static NotifyGateway.Tests.Fuzzing.Inputs;

namespace NotifyGateway.Tests.Fuzzing;

/// <summary>What comes to the TCP and UDP doors, and to the sandbox.</summary>
internal static class LineTargets
{
    private const int MaxBytes = 200;
    private const string Dialects = "NotifyGateway.Core.Dialects.";

    private static readonly LineParser[] Parsers = [.. Enum.GetValues<Dialect>().Select(LineDialects.For)];

    public static IReadOnlyList<FuzzTarget> All { get; } =
    [
        new("line-framer", ["NotifyGateway.Api.Listeners.LineFramer", "NotifyGateway.Api.Listeners.ForeignProtocol"], input =>
        {
            var whole = Lines([input]);
            Same(whole, Lines(Cut(input)), "the lines depend on how they are cut");
            Same(whole, Lines(input.Chunk(1)), "the lines depend on how they are cut");
        })
        {
            Words = [new string('x', MaxBytes - 1), new string('y', MaxBytes + 2), "\r\n", "GET / HTTP/1.1", "\u0016\u0003\u0001"],
            Samples = () => Inputs.All("a\r\nb\n\nc", "GET /x HTTP/1.1\r\nHost: x\r\n\r\n", new string('x', MaxBytes) + "\r\n" + new string('y', MaxBytes + 1) + "\nz\n", "\u0016\u0003\u0001\n", "POST /" + new string('x', 500)),
        },
        new("line-dialects", [Dialects + "IrkerDialect", Dialects + "TwistedPrism", Dialects + "KaozDialect", Dialects + "AutoDialect", Dialects + "Irccat", Dialects + "Native", Dialects + "Line", Dialects + "JsonText", Dialects + "Callers", Dialects + "AddressCache"], Line)
        {
            AllocatedPerByte = 16 * 1024,
            Words =
            [
                "s3cret:", "s3cret:#ops:", "a:b:c:", "gone:", "s3cret::channels", Secret, "\"to\":", "\"privmsg\":", "\"message\":", "\"users\":", "\"channels\":", "\"text\":", "\"secret\":\"s3cret\"", "\"client\":\"ci\"", "\"reply\":true",
                "\"irc://h/c\"", "\"severity\":\"error\"", "#ops,@alice ", "\\u0000", "\\ud83d", "null", "[]", "{}",
            ],
            Samples = () => Inputs.All(
                "{\"to\": [\"irc://irc.example.org/#ops\", \"irc://h/nick,isnick\"], \"privmsg\": \"hello\\nthere\"}", "{\"to\":\"irc://h/c\",\"privmsg\":\"\",\"secret\":\"s3cret\",\"client\":\"ci\"}",
                "{\"message\":\"hi\",\"users\":[\"a\",\" b \"],\"channels\":\"#a,#b\"}", "{\"text\":\"x\",\"to\":[\"#a\"],\"severity\":\"error\",\"markup\":\"slack\",\"expiresIn\":60,\"reply\":true,\"repeatKey\":\"k\"}",
                "s3cret:#ops:text", "a:b:c:alice:text", "s3cret::channels", "wrong:#ops:text", $"{Secret}:#ops:x", "#a,@nick text", "plain words", "{ prose in braces }", "{\"to\":1}", "{\"secret\":\"" + Secret + "\"}"),
        },
        new("sandbox-line", ["NotifyGateway.Api.Sandbox.SandboxLine"], input =>
        {
            if (SandboxLine.TryParse(Encoding.Latin1.GetString(input), out var line))
            {
                Holds(line.Command.Length > 0 && line.Parameters.Length <= 15 && line.Parameters[..Math.Max(0, line.Parameters.Length - 1)].All(p => p.Length > 0 && !p.Contains(' ', StringComparison.Ordinal)), "a line that is none");
            }
        })
        { Samples = () => Inputs.All("NICK alice", "USER a 0 * :Real Name", "@tag=1 :src PRIVMSG #a :text  here", " JOIN  #a,#b ", "1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 :18") },
    ];

    private static string Lines(IEnumerable<byte[]> pieces)
    {
        var framer = new LineFramer(MaxBytes);
        var told = new StringBuilder();
        var kept = new List<byte[]>();
        foreach (var piece in pieces.Append([]))
        {
            kept.Add(piece);
            var buffer = InputSegment.Join(kept);
            while (framer.Next(ref buffer, out var line) is not Framed.None and var framed)
            {
                Tell(framed, line);
            }

            kept = [buffer.ToArray()];
            Holds(kept[0].Length <= MaxBytes + 1, "more is kept than a line may have");
        }

        var rest = InputSegment.Join(kept);
        while (framer.Last(ref rest, out var line) is not Framed.None and var framed)
        {
            Tell(framed, line);
        }

        return told.ToString();

        void Tell(Framed framed, ReadOnlySequence<byte> line)
        {
            if (framed == Framed.TooLong)
            {
                told.Append("too long ").Append(ForeignProtocol.RecognizeStart(framer.Start)).Append('\n');
                return;
            }

            var bytes = line.ToArray();
            Holds(bytes.Length <= MaxBytes && !bytes.Contains((byte)'\n'), "a line that is none");
            told.Append(Convert.ToHexString(bytes)).Append(' ').Append(ForeignProtocol.Recognize(bytes)).Append('\n');
        }
    }

    private static void Line(byte[] input)
    {
        foreach (var parse in Parsers)
        {
            foreach (var anybody in new[] { true, false })
            {
                var callers = anybody ? Speakers.Anyone : Speakers.KnownOnly;
                var request = parse(input, callers);
                if (request is LineMessage message)
                {
                    Holds(message.Client is "ci" or "colon" or "short" || (message.Client is ClientDirectory.Anonymous && anybody), "a sender that is nobody");
                    Holds(message.Text is not null, "no text");
                    _ = message.Repeat;
                }
                else if (request is LineRefusal refusal)
                {
                    Holds(!refusal.ToString().Contains(Secret, StringComparison.Ordinal) && !refusal.ToString().Contains("s3cret", StringComparison.Ordinal), "a refusal repeats a secret");
                }

                Same(request.ToString(), parse(input, callers).ToString(), "the same line is read otherwise the second time");
            }
        }
    }
}
