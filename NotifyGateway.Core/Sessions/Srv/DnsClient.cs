using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;

namespace NotifyGateway.Core.Sessions.Srv;

/// <summary>
/// Asks DNS servers: over UDP, over TCP where the answer does not fit, each in turn until one answers. A socket for each question, so
/// that its port is as random as its id, connected, so that only the asked server is heard.
/// </summary>
/// <param name="port">53, but in tests.</param>
internal sealed class DnsClient(ResolverFile file, TimeProvider time, int port = 53)
{
    /// <summary>A server that takes longer is passed over, whatever resolv.conf says: a connection must not wait for it.</summary>
    private static readonly TimeSpan LongestPatience = TimeSpan.FromSeconds(3);

    /// <summary>The answer of the first server that has one (also: that there is no such name); null when none has.</summary>
    /// <exception cref="OperationCanceledException">By <paramref name="cancellationToken"/> alone.</exception>
    public async Task<DnsAnswer?> AskAsync(string name, ushort type, CancellationToken cancellationToken)
    {
        var settings = file.Current();
        var patience = settings.Timeout < LongestPatience ? settings.Timeout : LongestPatience;
        for (var attempt = 0; attempt < settings.Attempts; attempt++)
        {
            foreach (var server in settings.Servers)
            {
                var answer = await AskAsync(new IPEndPoint(server, port), name, type, patience, cancellationToken);
                if (answer is { Code: DnsCode.Done or DnsCode.NoSuchName })
                {
                    return answer;
                }
            }
        }

        return null;
    }

    private async Task<DnsAnswer?> AskAsync(IPEndPoint server, string name, ushort type, TimeSpan patience, CancellationToken cancellationToken)
    {
        using var timeout = new CancellationTokenSource(patience, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, timeout.Token);
        try
        {
            var query = NewQuery(name, type);
            var answer = await AskOverUdpAsync(server, query, extended: true, either.Token);
            if (answer.Code is DnsCode.Malformed or DnsCode.NotImplemented)
            {
                query = NewQuery(name, type);
                answer = await AskOverUdpAsync(server, query, extended: false, either.Token);
            }

            return answer.IsTruncated ? await AskOverTcpAsync(server, query, either.Token) : answer;
        }
        catch (Exception e) when (e is SocketException or IOException or OperationCanceledException)
        {
            cancellationToken.ThrowIfCancellationRequested();
            return null;
        }
    }

    private static DnsQuery NewQuery(string name, ushort type)
    {
        Span<byte> id = stackalloc byte[2];
        RandomNumberGenerator.Fill(id);
        return new DnsQuery(BinaryPrimitives.ReadUInt16BigEndian(id), name, type);
    }

    private static async Task<DnsAnswer> AskOverUdpAsync(IPEndPoint server, DnsQuery query, bool extended, CancellationToken cancellationToken)
    {
        using var socket = new Socket(server.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
        await socket.ConnectAsync(server, cancellationToken);
        await socket.SendAsync(query.Write(extended), SocketFlags.None, cancellationToken);
        var buffer = new byte[ushort.MaxValue];
        while (true)
        {
            var length = await socket.ReceiveAsync(buffer, SocketFlags.None, cancellationToken);

            // What is no answer to this question may be somebody's guess: the right one may still come.
            if (DnsAnswer.Parse(buffer.AsSpan(0, length), query) is { } answer)
            {
                return answer;
            }
        }
    }

    private static async Task<DnsAnswer?> AskOverTcpAsync(IPEndPoint server, DnsQuery query, CancellationToken cancellationToken)
    {
        using var socket = new Socket(server.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(server, cancellationToken);
        await using var stream = new NetworkStream(socket);
        var question = query.Write(extended: false);
        byte[] framed = [(byte)(question.Length >> 8), (byte)question.Length, .. question];
        await stream.WriteAsync(framed, cancellationToken);
        var head = new byte[2];
        await stream.ReadExactlyAsync(head, cancellationToken);
        var answer = new byte[BinaryPrimitives.ReadUInt16BigEndian(head)];
        await stream.ReadExactlyAsync(answer, cancellationToken);
        return DnsAnswer.Parse(answer, query);
    }
}
