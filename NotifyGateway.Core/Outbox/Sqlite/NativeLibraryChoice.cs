using System.Reflection;
using System.Runtime.InteropServices;
using SQLitePCL;

namespace NotifyGateway.Core.Outbox.Sqlite;

/// <summary>Decides, once for the process, which SQLite is used: the system's, which its distribution patches, or else the bundled one.</summary>
internal static class NativeLibraryChoice
{
    private const string System = "libsqlite3.so.0";

    private static readonly Lazy<string> Chosen = new(Choose);

    /// <summary>Loads the library. Later calls only return the choice.</summary>
    /// <returns>Which one, and its version, for the log.</returns>
    public static string Use() => Chosen.Value;

    private static string Choose()
    {
        var library = "the bundled SQLite";
        // The resolver must stand before Batteries_V2.Init makes the first call into the library.
        NativeLibrary.SetDllImportResolver(typeof(SQLite3Provider_e_sqlite3).Assembly, (name, assembly, path) =>
        {
            if (OperatingSystem.IsLinux() && NativeLibrary.TryLoad(System, out var handle))
            {
                library = System;
                return handle;
            }

            return NativeLibrary.Load(name, assembly, path);
        });
        Batteries_V2.Init();
        return $"{library} {raw.sqlite3_libversion().utf8_to_string()}";
    }
}
