namespace NotifyGateway.Tests.Support;

/// <summary>A folder of a test's own, gone afterwards.</summary>
internal sealed class TempFolder : IDisposable
{
    public string Path { get; }

    /// <param name="parent">Where, if the kind of file system matters.</param>
    public TempFolder(string? parent = null)
    {
        Path = parent is null
            ? Directory.CreateTempSubdirectory("notify-gateway-").FullName
            : Directory.CreateDirectory(System.IO.Path.Combine(parent, $"notify-gateway-{Guid.NewGuid():N}")).FullName;
        if (!OperatingSystem.IsWindows())
        {
            // Servers that drop their privileges must still read what is in here.
            File.SetUnixFileMode(Path, (UnixFileMode)0b111_101_101);
        }
    }

    public string this[string name] => System.IO.Path.Combine(Path, name);

    /// <summary>Writes a file and returns its path.</summary>
    public string Write(string name, string text)
    {
        File.WriteAllText(this[name], text);
        return this[name];
    }

    /// <summary>Makes a folder in which servers may write that have dropped their privileges; returns its path.</summary>
    public string Writable(string name)
    {
        var path = Directory.CreateDirectory(this[name]).FullName;
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(path, (UnixFileMode)0b111_111_111);
        }

        return path;
    }

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
