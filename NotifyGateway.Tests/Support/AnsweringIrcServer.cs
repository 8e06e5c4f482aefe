using System.Globalization;
using System.Text;

namespace NotifyGateway.Tests.Support;

/// <summary>
/// A server that answers each message at random, in any of the ways that there are: with labels, echoes, batches, by name only. It may stop to label, take a capability back, and
/// say what concerns nobody. It knows the truth: which line it let pass.
/// </summary>
internal sealed class AnsweringIrcServer(Random random)
{
    private readonly Queue<(string Line, int Attempt)> _received = new();
    private readonly List<byte> _sent = [];
    private bool _labels = random.Next(4) > 0;
    private bool _echoes = random.Next(3) > 0;
    private int _batches;
    private long _lastLabel;

    public bool Idle => _received.Count == 0 && _sent.Count == 0;

    /// <summary>The lines that were refused, by the delivery's name and attempt.</summary>
    public HashSet<(string Name, int Attempt)> Refused { get; } = [];

    /// <summary>How many lines of a delivery and attempt were processed.</summary>
    public Dictionary<(string Name, int Attempt), int> Processed { get; } = [];

    public void Receive(string line, int attempt) => _received.Enqueue((line, attempt));

    public byte[] Hear(int most)
    {
        var bytes = _sent.Take(most).ToArray();
        _sent.RemoveRange(0, bytes.Length);
        return bytes;
    }

    public void Process(int lines)
    {
        while (lines-- > 0 && _received.TryDequeue(out var next))
        {
            var (line, attempt) = next;
            var label = line.StartsWith("@label=", StringComparison.Ordinal) ? line[7..line.IndexOf(' ', StringComparison.Ordinal)] : null;
            switch ((label is null ? line : line[(line.IndexOf(' ', StringComparison.Ordinal) + 1)..]).Split(' '))
            {
                case ["CAP", "LS", ..]:
                    Say($":irc.test CAP * LS :batch message-tags {(_labels ? "labeled-response " : "")}{(_echoes ? "echo-message" : "")}");
                    break;
                case ["CAP", "REQ", .. var names]:
                    Say($":irc.test CAP * ACK {string.Join(' ', names)}");
                    break;
                case ["CAP", "END"]:
                    Say(":irc.test 001 bot :Welcome");
                    Say(":irc.test 376 bot :End");
                    break;
                case ["PING", var token]:
                    Say($":irc.test PONG irc.test :{token}");
                    break;
                case ["JOIN", var channel] when attempt == 0 && _members.Add(channel):
                    Say($":bot!~bot@host.test JOIN {channel}");
                    break;
                case ["PRIVMSG", var target, var word, ..]:
                    _lastLabel = label is null ? _lastLabel : long.Parse(label, CultureInfo.InvariantCulture);
                    Answer(target, word[1..].Split('.')[0], attempt, label is null || !_labels ? "" : $"label={label}");
                    break;
            }
        }
    }

    private readonly HashSet<string> _members = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Something that answers nothing.</summary>
    public void Happen()
    {
        switch (random.Next(9))
        {
            case 0 when _labels && random.Next(4) == 0:
                _labels = false;
                break;
            case 1 when _labels && random.Next(4) == 0:
                _labels = false;
                Say(":irc.test CAP bot DEL :labeled-response");
                break;
            case 2:
                Say($":bot!~bot@host.test PRIVMSG #{(char)('a' + random.Next(3))} :said by another client of ours");
                break;
            case 3:
                Say($"@label={_lastLabel + 1000} :bot!~bot@host.test PRIVMSG #a :never sent");
                break;
            case 4:
                Say($"@label=1 :irc.test BATCH +never{_batches++} labeled-response");
                break;
            case 5:
                Say($"@batch=unknown :irc.test ACK");
                break;
            case 6:
                Say(":alice!a@b PRIVMSG bot :hello");
                break;
            case 7:
                Say(":irc.test BATCH -unknown");
                break;
            default:
                Say("@label=x :irc.test 482 bot #z :nothing");
                break;
        }
    }

    private void Answer(string target, string name, int attempt, string label)
    {
        Processed[(name, attempt)] = Processed.GetValueOrDefault((name, attempt)) + 1;
        if (random.Next(5) == 0)
        {
            Refused.Add((name, attempt));
            Tell(label, Refusal(target, label.Length > 0));
        }
        else if (_echoes && random.Next(10) > 0)
        {
            Tell(label, $":bot!~bot@host.test PRIVMSG {target} :{(random.Next(2) == 0 ? name : "***")}");
        }
        else if (label.Length > 0)
        {
            Tell(label, random.Next(2) == 0 ? ":irc.test ACK" : $":irc.test 301 bot {target} :away");
        }
    }

    private string Refusal(string target, bool labelled) => random.Next(labelled ? 7 : 5) switch
    {
        0 => $":irc.test 482 bot {target} :no",
        1 => $":irc.test 404 bot {target} :Cannot send to channel",
        2 => $":irc.test 439 bot {target} :Message target change too fast",
        3 => $":irc.test FAIL PRIVMSG CANNOT_SEND {target} :no",
        4 => labelled ? ":irc.test FAIL PRIVMSG CANNOT_SEND :no" : $":irc.test NOTICE bot :*** Message to {target} throttled due to flooding",
        5 => ":irc.test 412 bot :No text to send",
        _ => $":irc.test 417 bot :Input line was too long",
    };

    /// <summary>An answer, alone or in a batch, which may hold another, and may never end.</summary>
    private void Tell(string label, string answer)
    {
        if (label.Length == 0 || random.Next(3) > 0)
        {
            Say(label.Length == 0 ? answer : $"@{label}{(random.Next(2) == 0 ? ";msgid=m" : "")} {answer}");
            return;
        }

        var batch = "b" + _batches++;
        Say($"@{label} :irc.test BATCH +{batch} labeled-response");
        var inner = random.Next(2) == 0 ? batch : $"{batch}i";
        if (!string.Equals(inner, batch, StringComparison.Ordinal))
        {
            Say($"@batch={batch} :irc.test BATCH +{inner} other");
        }

        Say($"@batch={inner} {answer}");
        if (!string.Equals(inner, batch, StringComparison.Ordinal) && random.Next(3) > 0)
        {
            Say($":irc.test BATCH -{inner}");
        }

        if (random.Next(5) > 0)
        {
            Say($":irc.test BATCH -{batch}");
        }
    }

    private void Say(string line) => _sent.AddRange(Encoding.Latin1.GetBytes(line + "\r\n"));
}
