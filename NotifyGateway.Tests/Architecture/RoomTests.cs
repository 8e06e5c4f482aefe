using System.Net.Sockets;
using System.Reflection;
using Microsoft.Extensions.Logging;
using NotifyGateway.Tests.Support;
using Xunit;

namespace NotifyGateway.Tests.Architecture;

/// <summary>Keeps the rooms apart: who may use whom (docs/architecture.md).</summary>
public sealed class RoomTests
{
    private const string CoreName = "NotifyGateway.Core";

    /// <summary>Bytes and values in, values out.</summary>
    private static readonly string[] PureRooms = ["Protocols", "Dialects", "Routing", "Formatting", "Templates"];

    /// <summary>Prefixes of what a pure room must not use: I/O, tasks, logs, clocks, chance.</summary>
    private static readonly string[] Impure =
    [
        "System.Net.Sockets.", "System.Net.Security.", "System.Net.Http.", "System.IO.Stream", "System.IO.File", "System.IO.Directory", "System.IO.Pipelines.",
        "System.Threading.Tasks.", "System.Threading.Thread", "System.Threading.Timer", "System.Threading.PeriodicTimer", "System.Threading.Channels.",
        "System.Runtime.CompilerServices.AsyncTaskMethodBuilder", "Microsoft.Extensions.Logging.", "System.TimeProvider", "System.Diagnostics.Stopwatch", "System.Console",
        "System.DateTime.get_Now", "System.DateTime.get_UtcNow", "System.DateTime.get_Today", "System.DateTimeOffset.get_Now", "System.DateTimeOffset.get_UtcNow",
        "System.Environment.get_TickCount", "System.Environment.GetEnvironmentVariable", "System.Random.get_Shared", "System.Guid.NewGuid", "System.Guid.CreateVersion7",
    ];

    /// <summary>Reads what is compiled into the program, as a stream: no file.</summary>
    private const string EmbeddedTemplates = CoreName + ".Templates.BuiltInTemplates";

    private static Assembly Core { get; } = Assembly.Load(CoreName);

    private static Assembly Api { get; } = Assembly.Load("NotifyGateway.Api");

    public static TheoryData<string> ExistingPureRooms => [.. PureRooms.Where(room => Directory.Exists(Path.Combine(RepositoryFiles.Root, CoreName, room)))];

    [Theory]
    [MemberData(nameof(ExistingPureRooms))]
    public void PureRoom_KnowsNoSocketTaskLogClockOrFile(string room) => AssertUsesNone(room, Impure);

    [Theory]
    [MemberData(nameof(ExistingPureRooms))]
    public void PureRoom_KnowsNeitherSessionsNorOutbox(string room) => AssertUsesNone(room, [CoreName + ".Sessions.", CoreName + ".Outbox."]);

    [Fact]
    public void Outbox_DoesNotKnowSessions() => AssertUsesNone("Outbox", [CoreName + ".Sessions."]);

    [Fact]
    public void Core_KnowsNeitherAspNetNorTheApi() => AssertUsesNone("", ["Microsoft.AspNetCore.", "NotifyGateway.Api."]);

    /// <summary>A comparison that ends at the first difference tells by its time how much of a guess is right.</summary>
    [Theory]
    [InlineData("Configuration.ClientDirectory")]
    [InlineData("Configuration.HookDirectory")]
    [InlineData("Dialects.Hooks.HookSignature")]
    [InlineData("Protocols.Sasl.SaslScram")]
    public void Secrets_AreComparedInConstantTime(string type)
    {
        var used = Uses.Of(Core.GetType($"{CoreName}.{type}", throwOnError: true)!);

        Assert.Contains("System.Security.Cryptography.CryptographicOperations.FixedTimeEquals", used);
        Assert.DoesNotContain(used, name => name.EndsWith(".SequenceEqual", StringComparison.Ordinal) || name.EndsWith(".SequenceCompareTo", StringComparison.Ordinal));
    }

    [Fact]
    public void Nothing_IsInARoomThatItsFolderDoesNotSay()
    {
        var strangers = RepositoryFiles.All()
            .Where(path => path.StartsWith("NotifyGateway.", StringComparison.Ordinal) && path.EndsWith(".cs", StringComparison.Ordinal))
            .Select(path => (Path: path, Expected: Path.GetDirectoryName(path)!.Replace('/', '.'), Declared: DeclaredNamespace(path)))
            .Where(file => file.Declared is not null && file.Declared != file.Expected)
            .Select(file => $"{file.Path} declares {file.Declared}");

        Assert.Empty(strangers);
    }

    // Each kind of use in its simplest form: were the reader of compiled code blind to one of them, the tests above would hold for nothing.
    [Theory]
    [InlineData(typeof(SocketInField), "System.Net.Sockets.Socket")]
    [InlineData(typeof(TaskInSignature), "System.Threading.Tasks.Task")]
    [InlineData(typeof(LoggerAsArgument), "Microsoft.Extensions.Logging.ILogger")]
    [InlineData(typeof(ClockInBody), "System.DateTime.get_UtcNow")]
    [InlineData(typeof(FileInBody), "System.IO.File")]
    [InlineData(typeof(StreamInGenericCall), "System.IO.Stream")]
    [InlineData(typeof(StreamAsBase), "System.IO.Stream")]
    public void ReaderOfCode_SeesEveryKindOfUse(Type sample, string used)
    {
        Assert.Contains(used, Uses.Of(sample));
        Assert.Contains(used, Offences([sample], Impure).Select(offence => offence.Used));
    }

    [Fact]
    public void ReaderOfCode_SeesAsyncStateMachinesAndLambdas()
    {
        var types = WithNested(typeof(Hidden)).ToArray();

        Assert.Contains("System.IO.File.Exists", types.SelectMany(Uses.Of));
        Assert.Contains("System.Environment.get_TickCount64", types.SelectMany(Uses.Of));
    }

    private static void AssertUsesNone(string room, string[] forbidden)
    {
        var types = TypesOf(room).ToArray();
        Assert.NotEmpty(types);
        Assert.Empty(Offences(types, forbidden).Select(offence => $"{offence.By} uses {offence.Used}").Distinct());
    }

    private static IEnumerable<(string By, string Used)> Offences(IEnumerable<Type> types, string[] forbidden) =>
        from type in types
        where type.FullName != EmbeddedTemplates
        from used in Uses.Of(type)
        where forbidden.Any(prefix => used.StartsWith(prefix, StringComparison.Ordinal))
        select (type.FullName!, used);

    private static IEnumerable<Type> TypesOf(string room)
    {
        var name = room.Length > 0 ? $"{CoreName}.{room}" : CoreName;
        return Core.GetTypes().Where(type => type.Namespace is { } space && (space == name || space.StartsWith(name + ".", StringComparison.Ordinal)));
    }

    private static IEnumerable<Type> WithNested(Type type) =>
        type.GetNestedTypes(BindingFlags.Public | BindingFlags.NonPublic).SelectMany(WithNested).Prepend(type);

    private static string? DeclaredNamespace(string path) => File.ReadLines(Path.Combine(RepositoryFiles.Root, path))
        .FirstOrDefault(line => line.StartsWith("namespace ", StringComparison.Ordinal))?["namespace ".Length..].TrimEnd(';', ' ');

#pragma warning disable CA1812, CA1823, CA1822, CS0169, IDE0051, MA0051, CA1852, MA0053 // samples to be looked at, not to be used
    private sealed class SocketInField
    {
        private readonly List<Socket[]> _sockets = [];
    }

    private sealed class TaskInSignature
    {
        public static Task Later() => Task.CompletedTask;
    }

    private sealed class LoggerAsArgument
    {
        public static void Write(IEnumerable<ILogger>? _)
        {
        }
    }

    private sealed class ClockInBody
    {
        public static long Now() => DateTime.UtcNow.Ticks;
    }

    private sealed class FileInBody
    {
        public static bool IsThere(string path) => File.Exists(path);
    }

    private sealed class StreamInGenericCall
    {
        public static int Size() => System.Runtime.CompilerServices.Unsafe.SizeOf<Stream>();
    }

    private abstract class StreamAsBase : Stream;

    private sealed class Hidden
    {
        public static async Task<Func<long>> LaterAsync(string path)
        {
            await Task.Yield();
            return File.Exists(path) ? () => Environment.TickCount64 : () => 0;
        }
    }
#pragma warning restore
}
