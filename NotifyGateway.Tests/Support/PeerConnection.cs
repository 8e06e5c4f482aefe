using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using Xunit;

namespace NotifyGateway.Tests.Support;

/// <summary>One connection to a <see cref="ScriptedPeer"/>: what came, what to answer, and how to behave badly. Lines are Latin-1, one char a byte.</summary>
internal sealed class PeerConnection(int number, Socket socket, Journal<PeerLine> all) : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private Stream _stream = new NetworkStream(socket, ownsSocket: true);
    private Task _reading = Task.CompletedTask;
    private TaskCompletionSource _mayRead = Open();
    private int _expected;

    /// <summary>Which one it is, from 0.</summary>
    public int Number => number;

    /// <summary>Where the other side connects from.</summary>
    public IPEndPoint Remote { get; } = (IPEndPoint)socket.RemoteEndPoint!;

    /// <summary>SHA-256 of the certificate that the other side has shown, in hex; null: none.</summary>
    public string? ClientFingerprint => (_stream as SslStream is { IsAuthenticated: true } tls ? tls.RemoteCertificate : null)?.GetCertHashString(HashAlgorithmName.SHA256);

    /// <summary>Every line, without its end.</summary>
    public Journal<string> Received { get; } = new($"connection {number}");

    /// <summary>Completes when the other side has closed or reset the connection.</summary>
    public Task Closed => _reading;

    /// <summary>The next line must be this one.</summary>
    public async Task ExpectAsync(string line)
    {
        var received = await Received.AtAsync(_expected++, $"the line '{line}'");
        Assert.Equal(line, received);
    }

    /// <summary>The next line must satisfy the condition; returns it.</summary>
    public async Task<string> ExpectAsync(Func<string, bool> condition, string what)
    {
        var received = await Received.AtAsync(_expected++, what);
        Assert.True(condition(received), $"expected {what}, received '{received}'. All lines:\n{Received}");
        return received;
    }

    /// <summary>Skips lines until one satisfies the condition; returns it.</summary>
    public async Task<string> ExpectEventuallyAsync(Func<string, bool> condition, string what, TimeSpan? limit = null)
    {
        while (true)
        {
            var received = await Received.AtAsync(_expected++, what, limit);
            if (condition(received))
            {
                return received;
            }
        }
    }

    /// <summary>Waits for a line, and answers each PING on the way, as every server does.</summary>
    public async Task<string> ServeUntilAsync(Func<string, bool> condition, string what)
    {
        while (true)
        {
            var line = await ExpectEventuallyAsync(l => condition(l) || l.StartsWith("PING ", StringComparison.Ordinal), what);
            if (condition(line))
            {
                return line;
            }

            await SendAsync($":srv PONG srv :{line[5..]}");
        }
    }

    /// <summary>Sends lines, each with CR LF, in one write.</summary>
    public Task SendAsync(params string[] lines) => SendAsync(Encode(lines));

    public async Task SendAsync(ReadOnlyMemory<byte> bytes)
    {
        await _stream.WriteAsync(bytes, _stop.Token).AsTask().Within(what: "the other side takes our bytes");
        await _stream.FlushAsync(_stop.Token);
    }

    /// <summary>Sends lines one byte at a time, each in a segment of its own.</summary>
    public async Task SendByteWiseAsync(params string[] lines)
    {
        socket.NoDelay = true;
        var bytes = Encode(lines);
        for (var i = 0; i < bytes.Length; i++)
        {
            await SendAsync(bytes.AsMemory(i, 1));
        }
    }

    /// <summary>From now on nothing is read, but for the at most 4 KiB of the read that waits already: what the other side sends piles up in its own buffers.</summary>
    public void StopReading() => _mayRead = New();

    public void ResumeReading() => _mayRead.TrySetResult();

    /// <summary>Says that nothing more comes, and goes on reading.</summary>
    public void ShutdownSend() => socket.Shutdown(SocketShutdown.Send);

    /// <summary>Closes in order (FIN).</summary>
    public async Task CloseAsync()
    {
        if (_stream is SslStream tls)
        {
            await tls.ShutdownAsync();
        }

        try
        {
            socket.Shutdown(SocketShutdown.Both);
        }
        catch (SocketException)
        {
            // The other side was quicker: the connection is gone already.
        }

        await DisposeAsync();
    }

    /// <summary>Throws the connection away (RST), with all that is on its way.</summary>
    public async Task ResetAsync()
    {
        await _stop.CancelAsync();
        _mayRead.TrySetResult();
        await _reading;
        // Not through the stream: its disposal would say goodbye first.
        socket.Close(timeout: 0);
    }

    /// <summary>Turns to TLS in the middle of the stream, as after STARTTLS, or before the first line.</summary>
    public async Task SecureAsync(TestCertificate certificate, CancellationToken cancellationToken)
    {
        var tls = new SslStream(_stream);
        _stream = tls;
        await tls.AuthenticateAsServerAsync(
            new SslServerAuthenticationOptions
            {
                // The certificate alone, not what this machine would build above it; one of the client's is asked for, as IRC servers do.
                ServerCertificateContext = certificate.Context,
                ClientCertificateRequired = true,
#pragma warning disable CA5359 // A test looks at the client's certificate itself.
                RemoteCertificateValidationCallback = (_, _, _, _) => true,
#pragma warning restore CA5359
            },
            cancellationToken);
    }

    /// <summary>Begins to read lines.</summary>
    public void Read() => _reading = ReadAsync();

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _stream.DisposeAsync();
        _mayRead.TrySetResult();
        await _reading;
    }

    private async Task ReadAsync()
    {
        var reason = "the other side has closed the connection";
        try
        {
            var line = new List<byte>();
            var buffer = new byte[4096];
            while (await _stream.ReadAsync(buffer, _stop.Token) is var read and > 0)
            {
                foreach (var octet in buffer.AsSpan(0, read))
                {
                    if (octet == '\n')
                    {
                        Add(line);
                    }
                    else
                    {
                        line.Add(octet);
                    }
                }

                await _mayRead.Task;
            }
        }
        catch (Exception over) when (over is IOException or ObjectDisposedException or OperationCanceledException)
        {
            reason = _stop.IsCancellationRequested ? "we have closed the connection" : over.Message;
        }

        Received.End(reason);
    }

    private void Add(List<byte> line)
    {
        var text = Encoding.Latin1.GetString([.. line]).TrimEnd('\r');
        line.Clear();
        Received.Add(text);
        all.Add(new PeerLine(number, text));
    }

    private static byte[] Encode(string[] lines) => Encoding.Latin1.GetBytes(string.Concat(lines.Select(line => line + "\r\n")));

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private static TaskCompletionSource Open()
    {
        var open = New();
        open.SetResult();
        return open;
    }
}
