using NotifyGateway.Core.Configuration;
using NotifyGateway.Core.Sessions;
using NotifyGateway.Core.Sessions.Programs;
using NotifyGateway.Core.Sessions.Proxies;
using NotifyGateway.Core.Sessions.Srv;
using NotifyGateway.Fuzz;
using static NotifyGateway.Tests.Fuzzing.Inputs;

namespace NotifyGateway.Tests.Fuzzing;

/// <summary>What stands on the way to a server: name servers and proxies.</summary>
internal static class NetworkTargets
{
    private const string Sessions = "NotifyGateway.Core.Sessions.";
    private static readonly DnsQuery Query = new(0x1234, "_xmpp-client._tcp.example.com", DnsType.Srv);

    public static IReadOnlyList<FuzzTarget> All { get; } =
    [
        new("dns", [Sessions + "Srv.DnsAnswer", Sessions + "Srv.DnsReader", Sessions + "Srv.DnsRecord"], Dns)
        {
            MaxLength = 1232,
            AllocatedPerByte = 32 * 1024,
            Words = ["\u0000\u0021\u0000\u0001", "\u0000\u0005\u0000\u0001"],
            Samples = () =>
            [
                Convert.FromHexString("123481800001000200000000" + "0c5f786d70702d636c69656e74045f746370076578616d706c6503636f6d0000210001" + "c00c0021000100000078" + "0017" + "000500141466" + "036f6e65076578616d706c65036e657400"
                    + "c00c002100010000003c" + "000c" + "000a00001466" + "0374776fc01e"),
                Convert.FromHexString("123481800001000200000000" + "0c5f786d70702d636c69656e74045f746370076578616d706c6503636f6d0000210001" + "c00c0005000100000078" + "0004" + "01620161" + "00" + "c00c0001000100000078" + "0004" + "7f000001"),
                Convert.FromHexString("123483800001000900000000" + "0c5f786d70702d636c69656e74045f746370076578616d706c6503636f6d0000210001" + "c00c"),
                Query.Write(extended: true), [0x12, 0x34, 0x80, 0x01, 0, 0, 0, 0, 0, 0, 0, 0],
            ],
        },
        new("resolv-conf", [Sessions + "Srv.ResolverSettings"], input =>
        {
            var settings = ResolverSettings.Parse(Text(input));
            Holds(settings.Servers.Count is >= 1 and <= 3 && settings.Attempts is >= 1 and <= 5 && settings.Timeout.TotalSeconds is >= 1 and <= 30, "settings that are none");
        })
        { Samples = () => Inputs.All("nameserver 127.0.0.1\nnameserver ::1\noptions timeout:3 attempts:2 rotate\nsearch example.com\n", "nameserver fe80::1%eth0\n# x\noptions timeout:99999999999\n") },
        new("proxy", [Sessions + "Proxies.", "NotifyGateway.Core.Configuration.ProxyAddress"], Proxy)
        {
            Words = ["HTTP/1.1 200 OK\r\n\r\n", "HTTP/1.1 407 ", "\u0005\u0002", "\u0005\u0000\u0000\u0001", "\u0000\u005a", "HTTP/1.0 100\r\n\r\n", Secret, "proxyuser", "cHJveHl1c2VyOmh1bnRlcjJ4eXo="],
            Samples = () =>
            [
                .. Inputs.All("hHTTP/1.1 103 Early Hints\r\nA: b\r\n\r\nHTTP/1.1 200 OK\r\nX: y\r\n\r\n:irc.test NOTICE", "hHTTP/1.0 407 Proxy Authentication Required\r\n\r\n", "hSSH-2.0", $"hHTTP/1.1 403 no {Secret}\n\n"),
                [(byte)'5', 5, 2, 1, 0, 5, 0, 0, 1, 127, 0, 0, 1, 0, 80], [(byte)'5', 5, 0, 5, 0, 0, 3, 2, 97, 98, 0, 80, 65], [(byte)'5', 5, 255], [(byte)'5', 5, 2, 1, 1], [(byte)'5', 5, 0, 5, 4, 0, 4],
                [(byte)'4', 0, 90, 0, 0, 0, 0, 0, 0, 65], [(byte)'4', 4, 91], [(byte)'4', 0, 93],
            ],
        },
        new("moved-server", [Sessions + "ServerSearch"], input =>
        {
            var second = TimeSpan.FromSeconds(1);
            var settings = ServerSearch.At(new LinkSettings("a.test", 5222, null, second, second, second, second), Text(input));
            Holds(settings.Port is > 0 and <= 65535 && Uri.CheckHostName(settings.Host) != UriHostNameType.Unknown, "a server that is none");
        })
        { MaxLength = 100, Words = ["[", "]", ":", "::1", "5222", "b.test"], Samples = () => Inputs.All("b.test:5222", "[::1]:5223", "b.test", "::1", "[b.test]:0", "b.test:65536") },
        new("program-output", [Sessions + "Programs.SecretMask", "NotifyGateway.Core.Formatting.OneLine"], Output)
        {
            MaxLength = 6000,
            Words = [Secret, Secret[..5], "abc", " abc ", "*", "***", "\n", "\u202e"],
            Samples = () => Inputs.All("done: " + Secret + "\nabc and abcd\t\u0007", new string('x', 4090) + Secret, "a" + Secret[..6], "\u202e x \ufffd\r\n\u2028y"),
        },
    ];

    private static void Dns(byte[] input)
    {
        // By chance nobody finds the id, nor the question.
        var answer = DnsAnswer.Parse(input, Query);
        foreach (var record in answer?.Records ?? [])
        {
            Holds(record.Owner.Length <= 1020 && record.Ttl >= TimeSpan.Zero && (record.Service is null) != (record.Alias is null), "a record that is none");
            foreach (var name in new[] { record.Owner, record.Service?.Target ?? "", record.Alias ?? "" })
            {
                Holds(name.All(c => c is > ' ' and < '\u007f') && !name.EndsWith('.'), "a name that is none");
            }
        }

        Holds(answer is not { Records.Count: > 256 }, "too many records");
    }

    private static void Output(byte[] input)
    {
        var mask = new SecretMask([Secret, "abc", "xyz9"]);
        foreach (var isCut in new[] { false, true })
        {
            var shown = mask.Show(input, isCut);
            Holds(!shown.Contains(Secret, StringComparison.Ordinal) && !shown.Contains("xyz9", StringComparison.Ordinal) && !$" {shown} ".Contains(" abc ", StringComparison.Ordinal), "an output shows a secret");
            Holds(!isCut || !Text(input).EndsWith(Secret[..4], StringComparison.Ordinal) || !shown.EndsWith(Secret[..4], StringComparison.Ordinal), "an output shows the beginning of a secret");
            Holds(shown.Length <= SecretMask.MaxBytes + 1 && !shown.Any(char.IsControl), "an output that is not one line");
        }
    }

    private static void Proxy(byte[] input)
    {
        if (input.Length == 0)
        {
            return;
        }

        var url = input[0] switch { (byte)'5' => "socks5://proxyuser:hunter2xyz@proxy.test:1080", (byte)'4' => "socks4://proxyuser@proxy.test:1080", _ => "http://proxyuser:hunter2xyz@proxy.test:3128" };
        using var whole = new Answering([input[1..]]);
        using var cut = new Answering(Cut(input[1..]));
        var fault = Open(whole, url);
        var faultInPieces = Open(cut, url);
        Same($"{fault} {whole.Taken}", $"{faultInPieces} {cut.Taken}", "the tunnel depends on how the answer is cut");
        Holds(fault is null || (!fault.Contains(Secret, StringComparison.Ordinal) && !fault.Contains("cHJveHl1c2VyOmh1bnRlcjJ4eXo", StringComparison.Ordinal) && fault.Length < 400 && !fault.Any(char.IsControl)), "a fault that is not for people");
    }

    private static string? Open(Answering stream, string url)
    {
        var opening = ProxyTunnel.OpenAsync(stream, ProxyAddress.Parse(new Uri(url)), "irc.example.org", 6697, CancellationToken.None);
        Holds(opening.IsCompleted, "it waits, though nothing more comes");
        return opening.GetAwaiter().GetResult();
    }

    /// <summary>A connection whose other side has said all that it says.</summary>
    private sealed class Answering(IReadOnlyList<byte[]> pieces) : Stream
    {
        private int _piece;
        private int _at;

        /// <summary>How much was read.</summary>
        public int Taken { get; private set; }

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => true;

        public override long Length => throw new NotSupportedException();

        public override long Position { get => Taken; set => throw new NotSupportedException(); }

        public override void Flush()
        {
        }

        public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

        public override int Read(Span<byte> buffer)
        {
            if (_piece == pieces.Count)
            {
                return 0;
            }

            var left = pieces[_piece].AsSpan(_at);
            var count = Math.Min(left.Length, buffer.Length);
            left[..count].CopyTo(buffer);
            (_piece, _at) = count == left.Length ? (_piece + 1, 0) : (_piece, _at + count);
            Taken += count;
            return count == 0 && buffer.Length > 0 ? Read(buffer) : count;
        }

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) => new(Read(buffer.Span));

        public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) => Task.FromResult(Read(buffer, offset, count));

        public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) => default;

        public override void Write(byte[] buffer, int offset, int count)
        {
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();
    }
}
