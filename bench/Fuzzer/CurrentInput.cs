using System.Buffers.Binary;
using System.IO.MemoryMappedFiles;

namespace NotifyGateway.Fuzz;

/// <summary>The input that is being tried, in a file that is there even when the process is not any more: nothing can catch a stack that overflows.</summary>
internal sealed class CurrentInput : IDisposable
{
    private const int Capacity = 1 << 20;

    private readonly MemoryMappedFile _file;
    private readonly MemoryMappedViewAccessor _view;

    public CurrentInput(string path)
    {
        _file = MemoryMappedFile.CreateFromFile(path, FileMode.Create, null, Capacity);
        _view = _file.CreateViewAccessor();
    }

    public void Set(byte[] input)
    {
        _view.Write(0, input.Length);
        _view.WriteArray(sizeof(int), input, 0, Math.Min(input.Length, Capacity - sizeof(int)));
    }

    /// <summary>What a process was at when it ended.</summary>
    public static byte[] Of(string path)
    {
        var bytes = File.ReadAllBytes(path);
        return bytes[sizeof(int)..(sizeof(int) + BinaryPrimitives.ReadInt32LittleEndian(bytes))];
    }

    public void Dispose()
    {
        _view.Dispose();
        _file.Dispose();
    }
}
