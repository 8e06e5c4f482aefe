using System.Buffers;

namespace NotifyGateway.Core.Sessions.Programs;

/// <summary>Reads an output to its end, so that its writer is never stopped, and keeps the beginning.</summary>
internal sealed class KeptOutput
{
    /// <summary>More than is shown: what is shown may end amid a secret, which has to be seen whole to be masked.</summary>
    private const int Kept = SecretMask.MaxBytes + 4096;

    private const int BufferBytes = 64 * 1024;

    /// <summary>A writer that never stops must not have a thread of the pool for itself.</summary>
    private const int ReadsAtOnce = 16;

    private readonly byte[] _kept = new byte[Kept];
    private int _count;

    private KeptOutput()
    {
    }

    public ReadOnlySpan<byte> Bytes => _kept.AsSpan(0, _count);

    /// <summary>There was more.</summary>
    public bool IsCut { get; private set; }

    /// <summary>Reads until the end or until cancelled; answers with what came.</summary>
    public static async Task<KeptOutput> ReadAsync(Stream stream, CancellationToken enough)
    {
        var output = new KeptOutput();
        var buffer = ArrayPool<byte>.Shared.Rent(BufferBytes);
        try
        {
            for (var reads = 1; await stream.ReadAsync(buffer, enough) is > 0 and var count; reads++)
            {
                output.Keep(buffer.AsSpan(0, count));
                if (reads % ReadsAtOnce == 0)
                {
                    await Task.Yield();
                }
            }
        }
        catch (Exception e) when (e is OperationCanceledException or IOException)
        {
            // Who still has the other end may go on; nobody listens.
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }

        return output;
    }

    private void Keep(ReadOnlySpan<byte> bytes)
    {
        var room = Math.Min(bytes.Length, Kept - _count);
        bytes[..room].CopyTo(_kept.AsSpan(_count));
        _count += room;
        IsCut |= room < bytes.Length;
    }
}
