using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace NotifyGateway.Bench.Load;

/// <summary>What a run of requests came to.</summary>
/// <param name="PerSecond">Requests answered as expected, per second.</param>
/// <param name="Latencies">From the first byte sent to the last byte read, in milliseconds, sorted.</param>
internal sealed record HttpResult(double PerSecond, double[] Latencies);

/// <summary>
/// Many keep-alive connections, each with one request at a time, all served by one thread over <c>poll(2)</c>: a few microseconds of
/// load a request, so that the server is the limit.
/// </summary>
internal sealed class HttpLoad : IDisposable
{
    private const int NumberWidth = 8;
    private const int Stuck = 10_000;

    private readonly Connection[] _connections;
    private readonly PollEntry[] _entries;
    private readonly byte[] _request;
    private readonly int _numberAt;

    /// <param name="port">Of 127.0.0.1.</param>
    /// <param name="connections">How many at a time.</param>
    /// <param name="path">Where to post.</param>
    /// <param name="json">The body; <c>NUMBER</c> in it stands for the number of the message.</param>
    public HttpLoad(int port, int connections, string path, string json)
    {
        var body = json.Replace("NUMBER", new string('0', NumberWidth), StringComparison.Ordinal);
        var head = string.Create(
            CultureInfo.InvariantCulture,
            $"POST {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nContent-Type: application/json\r\nContent-Length: {Encoding.UTF8.GetByteCount(body)}\r\n\r\n");
        _request = Encoding.UTF8.GetBytes(head + body);
        _numberAt = head.Length + json.IndexOf("NUMBER", StringComparison.Ordinal);
        _connections = [.. Enumerable.Range(0, connections).Select(_ => new Connection(port))];
        _entries = [.. _connections.Select(connection => new PollEntry { Descriptor = connection.Descriptor, Wanted = PollEntry.Readable })];
    }

    /// <summary>Messages posted so far; the next has this number.</summary>
    public int Posted { get; private set; }

    /// <summary>Posts so many messages and waits for every answer.</summary>
    /// <exception cref="InvalidDataException">An answer that is not 202, or none for ten seconds.</exception>
    public HttpResult Post(int count)
    {
        var end = Posted + count;
        var latencies = new List<double>(count);
        var start = Stopwatch.GetTimestamp();
        foreach (var connection in _connections)
        {
            SendNext(connection, end);
        }

        while (latencies.Count < count)
        {
            if (Libc.Poll(_entries, Stuck) == 0)
            {
                throw new InvalidDataException($"no answer for ten seconds after {latencies.Count} of {count} requests");
            }

            Collect(latencies, end);
        }

        var elapsed = Stopwatch.GetElapsedTime(start).TotalSeconds;
        latencies.Sort();
        return new HttpResult(count / elapsed, [.. latencies]);
    }

    public void Dispose() => Array.ForEach(_connections, connection => connection.Dispose());

    private void Collect(List<double> latencies, int end)
    {
        for (var index = 0; index < _entries.Length; index++)
        {
            if (_entries[index].Ready == 0 || !_connections[index].Receive())
            {
                continue;
            }

            latencies.Add(Stopwatch.GetElapsedTime(_connections[index].SentAt).TotalMilliseconds);
            SendNext(_connections[index], end);
        }
    }

    private void SendNext(Connection connection, int end)
    {
        if (Posted >= end)
        {
            return;
        }

        Posted.TryFormat(_request.AsSpan(_numberAt, NumberWidth), out _, "D8", CultureInfo.InvariantCulture);
        Posted++;
        connection.Send(_request);
    }

    private sealed class Connection : IDisposable
    {
        private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        private readonly byte[] _buffer = new byte[16 * 1024];
        private int _filled;

        public Connection(int port) => _socket.Connect(new IPEndPoint(IPAddress.Loopback, port));

        public int Descriptor => (int)_socket.Handle;

        public long SentAt { get; private set; }

        public void Send(ReadOnlySpan<byte> request)
        {
            _filled = 0;
            SentAt = Stopwatch.GetTimestamp();
            _socket.Send(request);
        }

        /// <summary>Reads what is there; answers whether the response is complete.</summary>
        public bool Receive()
        {
            var count = _socket.Receive(_buffer.AsSpan(_filled));
            _filled += count;
            var response = _buffer.AsSpan(0, _filled);
            if (count == 0)
            {
                throw new InvalidDataException("the server closed a connection: " + Encoding.UTF8.GetString(response));
            }

            if (!HttpAnswer.IsComplete(response))
            {
                return false;
            }

            return response.StartsWith("HTTP/1.1 202 "u8)
                ? true
                : throw new InvalidDataException("not accepted: " + Encoding.UTF8.GetString(response));
        }

        public void Dispose() => _socket.Dispose();
    }
}
