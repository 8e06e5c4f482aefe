using System.Globalization;
using System.Text;
using NotifyGateway.Core;
using NotifyGateway.Core.Protocols;
using NotifyGateway.Core.Protocols.Irc;
using Xunit;

namespace NotifyGateway.Tests.Support;

/// <summary>A conversation with an IRC server, played against an <see cref="IrcClient"/>. A step of server or client is a line.</summary>
/// <remarks>
/// Beside the steps of every <see cref="Transcript"/>:
/// <code>
/// enter LANE ADDRESS          send ID LANE TEXT
/// limit ADDRESS N
/// expect WHAT                 delivered ID (by PONG), delivered ID by PROOF
/// </code>
/// </remarks>
internal sealed class IrcTranscript : Transcript
{
    /// <summary>A login without surprises: the nick is <c>bot</c>, barrier 0 is used up.</summary>
    public const string Login = """
        start
        client: CAP LS 302
        client: NICK bot
        client: USER bot 0 * bot
        server: :irc.test 001 bot :Welcome
        server: :irc.test 376 bot :End of /MOTD command.
        client: USERHOST bot
        client: PING 0
        expect ready bot
        server: :irc.test PONG irc.test :0

        """;

    /// <summary><see cref="Login"/>, and <c>#a</c> and <c>#b</c> open.</summary>
    public const string InChannels = Login + """
        enter #a #a
        client: JOIN #a
        enter #b #b
        client: JOIN #b
        server: :bot!~bot@host.test JOIN #a
        server: :bot!~bot@host.test JOIN #b
        expect opened #a
        expect opened #b

        """;

    private readonly IrcClient _client;
    private readonly StringBuilder _unread = new();
    private readonly Queue<string> _lines = new();

    private IrcTranscript(IrcClientOptions options, bool byteByByte)
        : base(byteByByte) => _client = new IrcClient(options);

    /// <summary>The nick is <c>bot</c>, nothing bounds the rate.</summary>
    public static IrcClientOptions Options => new() { Nick = "bot", User = "bot", RealName = "bot", LinesPerSecond = 0 };

    protected override IProtocol Client => _client;

    protected override string Unread => string.Join(" | ", (_unread.Length == 0 ? _lines : _lines.Append(_unread.ToString())).Select(l => l.Length == 0 ? "an empty line" : l));

    public static void Play(string script, IrcClientOptions? options = null) => Play(script, byteByByte => new IrcTranscript(options ?? Options, byteByByte));

    protected override byte[] Said(string words) => [.. Bytes(words), .. "\r\n"u8];

    protected override void Read(string text)
    {
        _unread.Append(text);
        for (int end; (end = _unread.ToString().IndexOf("\r\n", StringComparison.Ordinal)) >= 0; _unread.Remove(0, end + 2))
        {
            _lines.Enqueue(_unread.ToString(0, end));
        }
    }

    protected override bool TryTake(string wanted)
    {
        if (!_lines.TryPeek(out var line) || !string.Equals(Encoding.UTF8.GetString(Bytes(wanted)), line, StringComparison.Ordinal))
        {
            return false;
        }

        _lines.Dequeue();
        return true;
    }

    protected override string How(Proof proof) => proof == Proof.Pong ? "" : $" by {proof}";

    protected override bool TryAct(string[] words)
    {
        switch (words)
        {
            case ["enter", var lane, .. var address]:
                _client.Enter(lane, string.Join(' ', address), Now);
                return true;
            case ["send", var id, var lane, .. var text]:
                Sent[id] = Sent.GetValueOrDefault(id) ?? Deliveries.Create(id, lane, string.Join(' ', text).Replace("\\n", "\n", StringComparison.Ordinal));
                _client.Send(Sent[id], Now);
                return true;
            case ["limit", var address, var limit]:
                Assert.Equal(int.Parse(limit, CultureInfo.InvariantCulture), _client.LaneLimit(address));
                return true;
            default:
                return false;
        }
    }
}
