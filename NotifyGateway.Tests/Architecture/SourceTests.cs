using System.Reflection;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Logging;
using NotifyGateway.Tests.Support;
using Xunit;

namespace NotifyGateway.Tests.Architecture;

/// <summary>Keeps what no compiler looks at: sizes of files, ids of log events, and places that only one machine has.</summary>
public sealed partial class SourceTests
{
    private const int MostLines = 400;

    [Fact]
    public void File_IsOneIdea_AndUnder400Lines()
    {
        var files = RepositoryFiles.All().Where(path => path.EndsWith(".cs", StringComparison.Ordinal))
            .Select(path => (Path: path, Lines: RepositoryFiles.Read(path).Count(c => c == '\n'))).ToArray();

        Assert.NotEmpty(files);
        Assert.Empty(files.Where(file => file.Lines >= MostLines).Select(file => $"{file.Path} has {file.Lines} lines"));
    }

    [Fact]
    public void LogEvent_HasAnIdOfItsOwn_InItsArea()
    {
        var events = new[] { "NotifyGateway.Core", "NotifyGateway.Api" }.Select(Assembly.Load).SelectMany(assembly => assembly.GetTypes())
            .SelectMany(type => type.GetMethods(BindingFlags.Static | BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly))
            .Select(method => (Name: $"{method.DeclaringType!.FullName}.{method.Name}", method.GetCustomAttribute<LoggerMessageAttribute>()?.EventId))
            .Where(e => e.EventId is not null).ToArray();

        Assert.NotEmpty(events);
        Assert.Empty(events.GroupBy(e => e.EventId).Where(same => same.Count() > 1).Select(same => $"{same.Key}: {string.Join(", ", same.Select(e => e.Name))}"));
        Assert.All(events, e => Assert.True(e.EventId is >= 1000 and <= 9999, $"{e.Name} has the id {e.EventId}"));
    }

    [Fact]
    public void Repository_NamesNoPlaceOfOneMachine()
    {
        var texts = RepositoryFiles.All().Where(path => TextFile().IsMatch(path) && !path.EndsWith(nameof(SourceTests) + ".cs", StringComparison.Ordinal)).ToArray();
        Assert.Contains("README.md", texts);
        Assert.Contains("test", texts);
        Assert.Empty(from path in texts
                     from found in MachinePath().Matches(RepositoryFiles.Read(path)).Select(match => match.Value)
                     select $"{path}: {found}");
    }

    [Fact]
    public void Build_NamesNoPackageRegistry()
    {
        var files = RepositoryFiles.All().Where(path => BuildFile().IsMatch(path)).ToArray();
        Assert.Contains("Directory.Packages.props", files);
        Assert.Empty(from path in files
                     from found in Registry().Matches(RepositoryFiles.Read(path)).Select(match => match.Value)
                     select $"{path}: {found}");
        Assert.DoesNotContain(RepositoryFiles.All(), path => Path.GetFileName(path).Equals("nuget.config", StringComparison.OrdinalIgnoreCase));
    }

    [Theory]
    [InlineData("see /home/alice/src", true)]
    [InlineData("cd /root/x", true)]
    [InlineData(@"C:\Users\bob", true)]
    [InlineData("https://example.org/home/x", false)]
    [InlineData("the working directory", false)]
    public void MachinePath_IsRecognized(string text, bool found) => Assert.Equal(found, MachinePath().IsMatch(text));

    [Theory]
    [InlineData("https://api.nuget.org/v3/index.json", true)]
    [InlineData("http://artifactory.example.org/x", true)]
    [InlineData("<PackageVersion Include=\"xunit.v3\"", false)]
    public void Registry_IsRecognized(string text, bool found) => Assert.Equal(found, Registry().IsMatch(text));

    [GeneratedRegex(@"(^|/)(run|test|Dockerfile|\.dockerignore)$|\.(cs|csproj|props|targets|json|md|sh|yml|yaml|sln|config|html|js|css|conf|ini|py)$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex TextFile();

    [GeneratedRegex(@"(^|/)(run|test)$|\.(csproj|props|targets|config|json|sln|md)$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex BuildFile();

    [GeneratedRegex(@"(?<![\w.:/-])/(home|root|work|Users|tmp/wt)/|[A-Za-z]:\\Users\\", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex MachinePath();

    [GeneratedRegex(@"https?://[^\s""'<>]*(nuget\.org|artifactory|nexus|pkgs\.dev|registry|packages\.|proxy\.)[^\s""'<>]*", RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Registry();
}
